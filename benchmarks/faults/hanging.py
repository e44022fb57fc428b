"""The workers' program, but a file that ends in HANG holds whoever reads it, and no signal but the last gets it loose.

`celery -A benchmarks.faults.hanging worker …`
"""

import signal
import time
from typing import Any, Final

from celery import signals

from carloan import envelope
from carloan.celery import app

__all__ = ["app"]

HANG: Final = b"HANG"


@signals.worker_init.connect
def _welcome_limits(**_: Any) -> None:
    # Messages of the product carry no limit of their own; what is meant to hang must end sooner.
    module: Any = envelope
    module.WELCOME = {**envelope.WELCOME, "timelimit": lambda found: isinstance(found, list)}


@signals.worker_process_init.connect
def _hang_on_request(**_: Any) -> None:
    from carloan.archives.services import reading  # noqa: PLC0415 - the worker has set Django up by now

    module: Any = reading
    plain = module.recognise

    def recognise(data: bytes, *arguments: Any, **options: Any) -> Any:
        if data.endswith(HANG):
            for each in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
                signal.signal(each, signal.SIG_IGN)
            while True:
                time.sleep(3600)
        return plain(data, *arguments, **options)

    module.recognise = recognise
