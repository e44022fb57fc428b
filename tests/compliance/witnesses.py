"""A real witness in a process of its own, on a folder and a port of the test."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carloan.compliance.adapters.witness import Witness
from carloan.compliance.proofs import carloan_witness
from carloan.lib import signed_note
from carloan.lib.http import Away
from carloan.supervisor.process import wait_until
from tests.compliance.test_sealing import SIGNER
from tests.supervisor.copies import free_port

NAME = "witness.example"
HOST_KEY = SIGNER.host_key().text()


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    witness: Witness
    key: signed_note.Key
    folder: Path


@contextmanager
def witness_at(folder: Path, *ledgers: str, port: int = 0) -> Iterator[Running]:
    port = port or free_port()
    options = [word for ledger in ledgers or (HOST_KEY,) for word in ("--ledger", ledger)]
    command = [sys.executable, carloan_witness.__file__, "--state", str(folder), "--name", NAME, *options]
    process = subprocess.Popen([*command, "--listen", f"127.0.0.1:{port}"])
    witness = Witness(f"http://127.0.0.1:{port}")
    keys: list[signed_note.Key] = []

    def answers() -> bool:
        try:
            keys.append(witness.ask_key())
        except Away:
            return False
        return True

    try:
        assert wait_until(answers, seconds=30)
        yield Running(process, witness, keys[-1], folder)
    finally:
        process.terminate()
        process.wait(30)
