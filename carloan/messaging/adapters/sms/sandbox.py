"""A sandbox of an SMS gateway: it takes messages, shows them on a page, sends receipts, and misbehaves when it is told.

    python -m carloan.messaging.adapters.sms.sandbox --state FOLDER --listen 127.0.0.1:7311

It sends nothing to anybody. `POST /misbehave` with {"how": …, "times": n} decides about the next n messages:
    slow       takes the message and answers too late
    lost       takes the message and hangs up without an answer
    error      takes nothing and answers 500
    error_after  takes the message and answers 500
    refused    answers that the number cannot be reached
    busy       answers that it is busy
    doubled    sends each receipt twice, the second time in another order
    silent     takes the message and sends no receipt
    fails      takes the message and reports that it was not delivered
What it took stands in a file, so that it forgets nothing when it is started again.
"""

import argparse
import html
import json
import os
import secrets
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from carloan.lib.serving import serve
from carloan.messaging.adapters.sms.protocol import is_signed, signed

LARGEST: Final = 64 * 1024
SLOW_SECONDS: Final = 12
SHOWN: Final = 50
HOWS: Final = frozenset({"slow", "lost", "error", "error_after", "refused", "busy", "doubled", "silent", "fails"})


def secret_of(folder: Path) -> str:
    """What requests to this sandbox are signed with; made once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()


class Book:
    """Every message that was taken, by its key, in memory and in a file."""

    def __init__(self, folder: Path) -> None:
        self.secret = secret_of(folder)
        self.lock = threading.Lock()
        self.orders: list[str] = []
        self._path = folder / "taken.jsonl"
        self.taken: dict[str, dict[str, Any]] = {}
        if self._path.exists():
            for line in self._path.read_text().splitlines():
                row = json.loads(line)
                self.taken[row["key"]] = row

    def take(self, row: dict[str, Any]) -> dict[str, Any]:
        """The message under this key: the first that came with it, however often it comes."""
        with self.lock:
            known = self.taken.get(row["key"])
            if known is None:
                known = {**row, "id": f"SB{len(self.taken) + 1:08d}", "status": "accepted", "at": int(time.time())}
                self._write(known)
            return known

    def settle(self, key: str, status: str, reason: str) -> dict[str, Any]:
        with self.lock:
            row = {**self.taken[key], "status": status, "reason": reason, "at": int(time.time())}
            self._write(row)
            return row

    def next_order(self) -> str:
        with self.lock:
            return self.orders.pop(0) if self.orders else ""

    def order(self, how: str, times: int) -> None:
        with self.lock:
            self.orders += [how] * times

    def _write(self, row: dict[str, Any]) -> None:
        self.taken[row["key"]] = row
        with self._path.open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


class Handler(BaseHTTPRequestHandler):
    timeout = 20
    protocol_version = "HTTP/1.0"
    book: ClassVar[Book]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self._say(200, _page(self.book).encode(), "text/html; charset=utf-8")
        elif path == "/taken":
            self._tell(200, {"messages": list(self.book.taken.values())})
        elif path.startswith("/messages/"):
            self._find(path)
        else:
            self._tell(404, {"code": "NO_SUCH_PATH"})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= LARGEST else b""
        try:
            asked = json.loads(body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            self._tell(400, {"code": "BAD_REQUEST"})
        elif path == "/misbehave":
            self._misbehave(asked)
        elif path == "/messages":
            self._take(path, body, asked)
        else:
            self._tell(404, {"code": "NO_SUCH_PATH"})

    def _misbehave(self, asked: dict[str, Any]) -> None:
        if asked.get("how") not in HOWS:
            self._tell(400, {"code": "BAD_REQUEST"})
            return
        self.book.order(str(asked["how"]), int(asked.get("times", 1)))
        self._tell(200, {"code": "OK"})

    def _is_known(self, method: str, path: str, body: bytes) -> bool:
        if is_signed(dict(self.headers.items()), self.book.secret, method, path, body):
            return True
        self._tell(403, {"code": "SIGNATURE"})
        return False

    def _find(self, path: str) -> None:
        if not self._is_known("GET", path, b""):
            return
        row = self.book.taken.get(path.removeprefix("/messages/"))
        told = {} if row is None else {name: row.get(name, "") for name in ("key", "id", "status", "reason", "at")}
        self._tell(200 if row else 404, {"code": "OK" if row else "NOT_FOUND", **told})

    def _take(self, path: str, body: bytes, asked: dict[str, Any]) -> None:
        if not self._is_known("POST", path, body):
            return
        if not all(isinstance(asked.get(name), str) and asked[name] for name in ("key", "phone", "text", "sign")):
            self._tell(400, {"code": "BAD_REQUEST"})
            return
        how = self.book.next_order()
        if how in {"error", "refused", "busy"}:
            status, code = {"error": (500, ""), "refused": (200, "NUMBER_NOT_IN_SERVICE"), "busy": (429, "BUSY")}[how]
            self._tell(status, {"code": code})
            return
        row = self.book.take(asked)
        if how != "silent":
            threading.Thread(target=_report, args=(self.book, row, how), daemon=True).start()
        if how == "lost":
            return
        if how == "slow":
            time.sleep(SLOW_SECONDS)
        self._tell(500 if how == "error_after" else 200, {"code": "OK", "id": row["id"]})

    def _tell(self, status: int, answer: dict[str, Any]) -> None:
        self._say(status, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        pass


def _report(book: Book, row: dict[str, Any], how: str) -> None:
    """Send the receipts of a message as networks do: a moment later, again when nobody takes them."""
    if row["status"] != "accepted":
        return
    failed = how == "fails"
    done = book.settle(row["key"], "failed" if failed else "delivered", "NO_ANSWER_OF_PHONE" if failed else "")
    reports = [{**done, "status": "accepted", "reason": ""}, done] if how == "doubled" else [done]
    if how == "doubled":
        reports = [done, *reports]
    address = row.get("receipts") or ""
    if not address.startswith(("http://", "https://")):
        return
    for report in reports:
        told = {name: report.get(name, "") for name in ("key", "id", "status", "reason", "at")}
        body = json.dumps({"receipts": [told]}).encode()
        for pause in (0, 1, 2, 4, 8):
            time.sleep(pause)
            headers = signed("sandbox", book.secret, "POST", urlsplit(address).path, body)
            asked = urllib.request.Request(  # noqa: S310 - looked at above
                address, body, {**headers, "Content-Type": "application/json"}, method="POST"
            )
            try:
                with urllib.request.urlopen(asked, timeout=10):  # noqa: S310
                    break
            except OSError:
                continue


def _page(book: Book) -> str:
    rows = sorted(book.taken.values(), key=lambda row: str(row["id"]), reverse=True)[:SHOWN]
    lines = "".join(
        f"<tr><td>{html.escape(str(row['id']))}</td><td>{html.escape(row['phone'])}</td>"
        f"<td>【{html.escape(row['sign'])}】{html.escape(row['text'])}</td><td>{html.escape(row['status'])}</td></tr>"
        for row in rows
    )
    return (
        "<!doctype html><html lang=zh-Hans><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>短信沙箱 · SMS sandbox</title><h1>短信沙箱 · SMS sandbox</h1>"
        "<p>演示用：短信不会真正发出。For trials: nothing is sent to anybody.</p>"
        f"<table border=1 cellpadding=6><tr><th>#<th>手机 Phone<th>内容 Text<th>状态 State</tr>{lines}</table></html>"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="a sandbox of an SMS gateway")
    parser.add_argument("--state", required=True, type=Path, help="a folder for what it took and its secret")
    parser.add_argument("--listen", default="127.0.0.1:7311")
    options = parser.parse_args()
    Handler.book = Book(options.state)
    serve(Handler, options.listen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
