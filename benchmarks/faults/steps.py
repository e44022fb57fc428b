"""Counts what a process does to the world outside of it, and lets something happen just before one of these steps.

A step is a statement or a commit at either database, a file made, written, linked, removed or brought to the disk, a
message sent, taken or acknowledged. Between two steps that change something nothing outside can tell how far the
process came, so "killed before each of them" is every way in which a kill can end it.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery.app.task import Task
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from kombu.transport.redis import QoS

from carloan.core import vault

_STATEMENT = re.compile(r"\s*(\w+)(?:\s+(?:INTO\s+|FROM\s+)?\"?(\w+))?")
_WRITING = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Step:
    """One step of an act, by its number in it; `changes` says that it is more than a question."""

    act: str
    number: int
    name: str = ""
    changes: bool = True

    def __str__(self) -> str:
        return f"{self.act}, step {self.number}: {self.name}"


class Steps:
    """The steps of this process so far. `strike` is called before the step `where`."""

    def __init__(self, where: Step | None, strike: Callable[[], None]) -> None:
        self.taken: list[Step] = []
        self._where, self._strike = where, strike
        self._act, self._number = "", 0

    def begin(self, act: str) -> None:
        self._act, self._number = act, 0

    def __call__(self, name: str, *, changes: bool = True) -> None:
        step = Step(self._act, self._number, name, changes)
        self.taken.append(step)
        self._number += 1
        if step == self._where:
            self._strike()

    def watch(self) -> None:
        """Count from now on, in this process and for as long as it lives."""
        self._databases()
        self._files()
        self._broker()

    def _databases(self) -> None:
        # Not a part of Django's promise: the one place where every statement of every cursor goes through.
        wrapper: Any = CursorWrapper
        plain = wrapper._execute

        def execute(cursor: Any, sql: Any, *arguments: Any) -> Any:
            verb, what = _statement(str(sql))
            self(f"{cursor.db.alias}: {verb} {what}", changes=verb in _WRITING)
            return plain(cursor, sql, *arguments)

        wrapper._execute = execute
        self._before(BaseDatabaseWrapper, "_commit", lambda link: f"{link.alias}: COMMIT")
        self._before(BaseDatabaseWrapper, "_rollback", lambda link: f"{link.alias}: ROLLBACK")

    def _files(self) -> None:
        for name in ("mkdir", "link", "unlink", "remove", "fsync"):
            self._before(os, name, lambda *_, name=name: f"file: {name}")
        sealer_class: Any = vault._Sealer
        produce = sealer_class.chunks

        def chunks(sealer: Any, *arguments: Any) -> Any:
            for chunk in produce(sealer, *arguments):
                self("file: write")
                yield chunk

        sealer_class.chunks = chunks

    def _broker(self) -> None:
        self._before(Task, "apply_async", lambda task, *_: f"broker: send {task.name.rpartition('.')[2]}")
        self._before(QoS, "append", lambda *_: "broker: take")
        self._before(QoS, "ack", lambda *_: "broker: acknowledge")

    def _before(self, owner: Any, method: str, name_of: Callable[..., str]) -> None:
        plain = getattr(owner, method)

        def counted(*arguments: Any, **options: Any) -> Any:
            self(name_of(*arguments))
            return plain(*arguments, **options)

        setattr(owner, method, counted)


def _statement(sql: str) -> tuple[str, str]:
    """The verb of a statement and, where it changes a table, which."""
    found = _STATEMENT.match(sql)
    verb, what = (found[1].upper(), found[2] or "") if found else ("", "")
    return verb, what if verb in _WRITING else ""
