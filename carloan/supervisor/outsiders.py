"""Who stands outside, beside a copy on one machine: a witness, and sandboxes of time stamps and of an SMS gateway.

They guard against a database that was replaced, not against whoever owns the machine: whoever wants that names others
(docs/operate.md). What the environment names as an authority takes the sandbox's place; witnesses come to ours.
"""

import random
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from carloan import env
from carloan.compliance.adapters.tsa import sandbox
from carloan.compliance.proofs import carloan_witness
from carloan.messaging.adapters.sms import sandbox as sms_sandbox
from carloan.supervisor.children import Part
from carloan.supervisor.embedded import PORTS, port_is_free, write_private
from carloan.supervisor.home import Home

NAME = "witness.carloan"


@dataclass(frozen=True)
class Outsiders:
    """The processes that are to be started, and what the site's own must be told of them."""

    parts: tuple[Part, ...]
    environment: Mapping[str, str]

    @classmethod
    def of(cls, home: Home, *, demonstration: bool = False) -> "Outsiders":
        """With `demonstration` text messages go to a sandbox, which sends nothing to anybody."""
        folder = home.path / "witness"
        place = f"127.0.0.1:{_port(folder)}"
        ledger = env.text("CARLOAN_LEDGER", "ledger.carloan")
        command = (str(Path(carloan_witness.__file__)), "--name", NAME, "--ledger", ledger)
        parts = [_part("witness", command, folder, place)]
        told = {"CARLOAN_WITNESSES": ",".join([f"http://{place}", *env.words("CARLOAN_WITNESSES")])}
        if not env.text("CARLOAN_TSA", ""):
            folder = home.path / "time-stamps"
            place = f"127.0.0.1:{_port(folder)}"
            # The roots must be there before anybody is told of them.
            sandbox.Authority(folder)
            parts.append(_part("time-stamps", ("-m", sandbox.__name__), folder, place))
            told |= {"CARLOAN_TSA": f"http://{place}/", "CARLOAN_TSA_ROOTS_FILE": str(folder / "root.pem")}
        if demonstration:
            folder = home.path / "sms-sandbox"
            place = f"127.0.0.1:{_port(folder)}"
            parts.append(_part("sms-sandbox", ("-m", sms_sandbox.__name__), folder, place))
            told |= {
                "CARLOAN_SMS_SANDBOX": f"http://{place}",
                "CARLOAN_SMS_SANDBOX_SECRET": sms_sandbox.secret_of(folder),
            }
        return cls(tuple(parts), told)


def _part(name: str, command: tuple[str, ...], folder: Path, place: str) -> Part:
    options = ("--state", str(folder), "--listen", place)
    return Part(name, "outsider", (*command, *options), signal.SIGTERM, signal.SIGTERM, signal.SIGKILL)


def _port(folder: Path) -> int:
    """The port of last time: whoever was told it finds the same one there again; or a free one, which is remembered."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "port"
    remembered = [int(path.read_text())] if path.exists() else []
    port = next(port for port in (*remembered, *random.sample(PORTS, len(PORTS))) if port_is_free(port))
    write_private(path, str(port))
    return port
