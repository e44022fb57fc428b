"""OpenID Connect as a client: the code flow with PKCE against one provider, and every check of what it answers.

OpenID Connect Core 1.0 (3.1.3.7), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer), RFC 8725 (tokens).
Only algorithms with a public key count: none, and those that sign with the client's secret, are refused. What a
provider says is a stranger's word until here.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings

from carloan.lib.http import Away, ask

PATIENCE: Final = 5  # seconds for one answer of the provider, to its last byte
AT_ONCE: Final = 4  # calls of providers in one process: slow ones leave the other threads to everybody else
AVOIDED: Final = 30  # seconds that a provider which did not answer is not asked again
KEPT: Final = 300  # seconds that what a provider publishes is taken for true
LEEWAY: Final = 60  # seconds that clocks may differ
SCOPE: Final = "openid email"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Distrust(Exception):
    """The provider did not answer, or answered what must not be believed. The code says what, for the trail."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Client:
    """We, as a provider knows us."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Attempt:
    """What is remembered of one try between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str
    at: int

    @classmethod
    def new(cls) -> "Attempt":
        state, nonce, verifier = (secrets.token_urlsafe(48) for _each in range(3))
        return cls(state, nonce, verifier, int(time.time()))


def is_address(url: str) -> bool:
    """Whether requests may go there: https; plain http only to this machine, and only where the site itself has no
    https (tests, trials)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or parts.fragment or not host or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK and not settings.HTTPS)


def provider_of(issuer: str) -> dict[str, Any]:
    """What the provider publishes about itself. Raises Distrust where it is not what it should be."""
    found = _published(issuer, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise Distrust("issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str) or not is_address(found[name]):
            raise Distrust("discovery")
    return found


def way_out(client: Client, attempt: Attempt, *, back: str, again: bool) -> str:
    """Where the person goes to sign in. `again`: the provider asks anew, though it knows the person still."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    } | ({"prompt": "login", "max_age": "0"} if again else {})
    endpoint = provider_of(client.issuer)["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def claims_of(client: Client, attempt: Attempt, answer: Mapping[str, str], *, back: str, about: bool) -> dict[str, Any]:
    """Who came back, as the provider vouches: its claims, checked. `about`: with the e-mail address, to show. Raises
    Distrust."""
    if not _same(answer.get("state", ""), attempt.state):
        raise Distrust("state")
    if "error" in answer:
        raise Distrust("refused_there")
    if answer.get("iss", client.issuer) != client.issuer:
        raise Distrust("issuer")
    if not answer.get("code"):
        raise Distrust("code")
    found = provider_of(client.issuer)
    tokens = _exchanged(client, found, answer["code"], attempt, back)
    claims = _verified(client, found, str(tokens.get("id_token", "")))
    if not _same(str(claims.get("nonce", "")), attempt.nonce):
        raise Distrust("nonce")
    if about and "email" not in claims and isinstance(found.get("userinfo_endpoint"), str):
        claims |= _about(client, found["userinfo_endpoint"], str(tokens.get("access_token", "")), claims["sub"])
    return claims


def _same(said: str, known: str) -> bool:
    """As bytes: the comparison of texts refuses all but ASCII, and a stranger writes what they like, halves of signs
    too."""
    return hmac.compare_digest(said.encode(errors="surrogatepass"), known.encode())


def _exchanged(client: Client, found: Mapping[str, Any], code: str, attempt: Attempt, back: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client.client_id, "client_secret": client.client_secret}
    return _fetched(client.issuer, found["token_endpoint"], data=urlencode(form).encode(), headers=headers)


def _about(client: Client, endpoint: str, token: str, subject: str) -> dict[str, Any]:
    said = _fetched(client.issuer, endpoint, headers={"Authorization": f"Bearer {token}"})
    if said.get("sub") != subject:
        raise Distrust("subject")
    return {"email": said["email"]} if "email" in said else {}


def _verified(client: Client, found: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The claims of an id token whose signature, issuer, audience and times are right."""
    try:
        head_part, body_part, signature_part = token.split(".")
        head, claims = json.loads(_bytes(head_part)), json.loads(_bytes(body_part))
        signature = _bytes(signature_part)
    except (ValueError, RecursionError) as error:
        raise Distrust("token") from error
    if not isinstance(head, dict) or not isinstance(claims, dict):
        raise Distrust("token")
    if not isinstance(head.get("alg"), str) or head["alg"] not in _CHECKS or "crit" in head:
        raise Distrust("algorithm")
    key = _key(client.issuer, found["jwks_uri"], head)
    try:
        _CHECKS[head["alg"]](key, signature, f"{head_part}.{body_part}".encode())
    except (InvalidSignature, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Distrust("signature") from error
    _check_claims(client, claims)
    return claims


def _check_claims(client: Client, claims: Mapping[str, Any]) -> None:
    now = time.time()
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != client.issuer:
        raise Distrust("issuer")
    if client.client_id not in several or (len(several) > 1 and "azp" not in claims):
        raise Distrust("audience")
    if claims.get("azp", client.client_id) != client.client_id:
        raise Distrust("audience")
    times = {name: claims.get(name) for name in ("exp", "iat")} | ({"nbf": claims["nbf"]} if "nbf" in claims else {})
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in times.values()):
        raise Distrust("times")
    if claims["exp"] <= now - LEEWAY or claims["iat"] > now + LEEWAY or claims.get("nbf", 0) > now + LEEWAY:
        raise Distrust("times")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise Distrust("subject")


# Keys and signatures --------------------------------------------------------------------------------------------------


def _key(issuer: str, uri: str, head: Mapping[str, Any]) -> Mapping[str, Any]:
    """The provider's key for a token: by its number, else the only one of its kind; asked for anew once."""
    family = "EC" if head["alg"].startswith("ES") else "RSA"
    for fresh in (False, True):
        keys = _published(issuer, uri, fresh=fresh).get("keys")
        fit = [
            key for key in (keys if isinstance(keys, list) else [])
            if isinstance(key, dict) and key.get("kty") == family and key.get("use", "sig") == "sig"
            and key.get("alg", head["alg"]) == head["alg"] and ("kid" not in head or key.get("kid") == head["kid"])
        ]  # fmt: skip
        if len(fit) == 1:
            return fit[0]
    raise Distrust("key")


def _rsa(key: Mapping[str, Any]) -> rsa.RSAPublicKey:
    numbers = rsa.RSAPublicNumbers(_number(key["e"]), _number(key["n"]))
    found = numbers.public_key()
    if found.key_size < 2048:
        raise ValueError("a key this short is no proof")
    return found


def _check_rs256(key: Mapping[str, Any], signature: bytes, signed: bytes) -> None:
    _rsa(key).verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def _check_ps256(key: Mapping[str, Any], signature: bytes, signed: bytes) -> None:
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
    _rsa(key).verify(signature, signed, pss, hashes.SHA256())


def _check_es256(key: Mapping[str, Any], signature: bytes, signed: bytes) -> None:
    if key["crv"] != "P-256" or len(signature) != 64:
        raise ValueError("not of this curve")
    public = ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), ec.SECP256R1()).public_key()
    both = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    public.verify(both, signed, ec.ECDSA(hashes.SHA256()))


_CHECKS: Final = {"RS256": _check_rs256, "PS256": _check_ps256, "ES256": _check_es256}


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error


def _number(part: str) -> int:
    return int.from_bytes(_bytes(part))


# The wire -------------------------------------------------------------------------------------------------------------

_known: dict[str, tuple[float, dict[str, Any]]] = {}
_away: dict[str, float] = {}
_lock = threading.Lock()
_calls = threading.BoundedSemaphore(AT_ONCE)


def _published(issuer: str, url: str, *, fresh: bool = False) -> dict[str, Any]:
    """What stands at an address, kept for some minutes: public, and the same for everybody."""
    with _lock:
        until, known = _known.get(url, (0.0, {}))
    if until > time.monotonic() and not fresh:
        return known
    found = _fetched(issuer, url)
    with _lock:
        if len(_known) > 500:
            _known.clear()
        _known[url] = (time.monotonic() + KEPT, found)
    return found


def forget() -> None:
    """Ask every provider anew: its settings were changed."""
    with _lock:
        _known.clear()
        _away.clear()


def _fetched(
    issuer: str, url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What a provider answers, called where it says: a redirect would lead a request with a secret elsewhere.

    One that does not answer is not asked again for a while. An answer that refuses counts as none, but is not
    remembered: whoever brings a wrong code would close the way for everybody else.
    """
    if not is_address(url):
        raise Distrust("address")
    with _lock:
        if _away.get(issuer, 0.0) > time.monotonic():
            raise Distrust("no_answer")
    if not _calls.acquire(blocking=False):
        raise Distrust("no_answer")
    try:
        answer = ask(
            "GET" if data is None else "POST", url, data, headers={"Accept": "application/json", **(headers or {})},
            seconds=PATIENCE, public=urlsplit(url).hostname not in settings.SIGN_ON_HOSTS,
        )  # fmt: skip
    except Away as error:
        with _lock:
            if len(_away) > 500:
                _away.clear()
            _away[issuer] = time.monotonic() + AVOIDED
        raise Distrust("no_answer") from error
    finally:
        _calls.release()
    if answer.status != 200:
        raise Distrust("no_answer")
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Distrust("no_json") from error
    if not isinstance(found, dict):
        raise Distrust("no_json")
    return found
