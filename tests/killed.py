"""Work in a process of its own that dies by kill -9 at a step of it, as power cuts and the kernel do it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

from django.utils import timezone

from carloan.core import jobs
from carloan.core.models import Job
from tests.cast import Lender

# What a dying program begins with. `die` ends it at once; `dies` lets the call number `at` of a function do so, before
# the function does its work or, with `behind`, after it.
_DYING = """
import os, signal, sys
import django; django.setup()
from uuid import UUID
from carloan.core.tenancy import tenant_scope

def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def dies(module, name, at=1, behind=False):
    whole, calls = getattr(module, name), []
    def call(*given, **named):
        calls.append(1)
        if len(calls) == at and not behind:
            die()
        found = whole(*given, **named)
        if len(calls) == at:
            die()
        return found
    setattr(module, name, call)
"""


def killed(program: str, *given: object, environment: dict[str, str] | None = None) -> None:
    """Run a program to its death; `given` are its sys.argv from 1 on. It fails with what it said if it lives."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "carloan.settings", **(environment or {})}
    command = [sys.executable, "-c", _DYING + program, *map(str, given)]
    ended = subprocess.run(command, env=environment, check=False, timeout=120, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, (ended.returncode, ended.stderr)


def job_left(lender: Lender, job: Job) -> None:
    """A dead worker's job is still told as running; then its lease ends, as some minutes would make it."""
    with lender.open():
        assert Job.objects.get(id=job.id).state == "running"
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() - jobs.LEASE - timedelta(seconds=1))
