"""A provider that says whatever a test wants: what a broken or hostile one would. And a person at a real one."""

import base64
import hashlib
import html
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from carloan.supervisor.setup import node_path

HERE = Path(__file__).resolve().parent


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


class Liar:
    """Claims, head and key of the next token, and what it publishes; tests change what they like."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.head: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.claims: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.published: dict[str, Any] = {}
        self.signature: str | None = None
        self.asked: list[dict[str, Any]] = []
        self.nonce = ""
        self.challenge = ""

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
        } | self.published

    def jwks(self) -> dict[str, Any]:
        public = self.key.public_key().public_numbers()
        return {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "n": number(public.n), "e": number(public.e)}]}

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "carloan", "sub": "s-1", "iat": now, "exp": now + 60, "nonce": self.nonce,
            "email": "officer@bank.example", "email_verified": True,
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = f"{b64(json.dumps(self.head).encode())}.{b64(json.dumps(claims).encode())}"
        if self.signature is not None:
            return f"{signed}.{self.signature}"
        if self.head["alg"] == "HS256":  # signed with the public key as if it were a shared secret
            mac = hmac.HMAC(json.dumps(self.jwks()).encode(), hashes.SHA256())
            mac.update(signed.encode())
            return f"{signed}.{b64(mac.finalize())}"
        return f"{signed}.{b64(self.signs_with.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def answer(self, path: str, form: dict[str, Any]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return self.discovery()
        if path == "/jwks":
            return self.jwks()
        if path == "/me":
            return self.about
        self.asked.append(form)
        return {"id_token": self.token(), "access_token": "x", "token_type": "Bearer"}

    def proves_its_question(self) -> bool:
        """Whether the last exchange brought the verifier of the challenge that was sent at the beginning."""
        verifier = self.asked[-1]["code_verifier"][0]
        return b64(hashlib.sha256(verifier.encode()).digest()) == self.challenge


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def lying() -> Iterator[Liar]:
    port = free_port()
    liar = Liar(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.dumps(liar.answer(self.path, parse_qs(self.rfile.read(length).decode()))).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def real_provider(redirect: str) -> Iterator[str]:
    """The address of a running oidc-provider that knows us and this way back."""
    port = free_port()
    command = [shutil.which("node", path=node_path()) or "node", str(HERE / "oidc_provider.mjs"), str(port), redirect]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            while (line := process.stdout.readline()).strip() != "ready":
                assert line, "the provider did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Person:
    """Somebody with a browser at the real provider."""

    def __init__(self) -> None:
        policy = DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainLiberal)
        self._opener = build_opener(HTTPCookieProcessor(CookieJar(policy)), _Stay)

    def signs_in(self, url: str, name: str) -> str:
        """Go where we sent the person, sign in and consent there; the address to which the provider sends them."""
        for _step in range(20):
            if urlsplit(url).netloc == "testserver":
                return url
            page, location = self._ask(url)
            while not location:
                action = html.unescape(re.search(r'<form[^>]*action="([^"]+)"', page)[1])  # type: ignore[index]
                prompt = re.search(r'name="prompt" value="(\w+)"', page)[1]  # type: ignore[index]
                form = {"prompt": prompt, "login": name, "password": "any"}
                page, location = self._ask(urljoin(url, action), urlencode(form).encode())
            url = urljoin(url, location)
        raise AssertionError("the provider sends the person round and round")

    def _ask(self, url: str, data: bytes | None = None) -> tuple[str, str]:
        try:
            with self._opener.open(Request(url, data=data), timeout=20) as answer:  # noqa: S310 - our own process
                return answer.read().decode(), ""
        except HTTPError as answer:
            with answer:
                if answer.code not in (302, 303):
                    raise AssertionError(f"{answer.code} {answer.read().decode()[:500]}") from None
                return "", answer.headers["Location"]
