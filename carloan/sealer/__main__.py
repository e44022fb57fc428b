import logging
import signal
import threading

import django
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from carloan import env, lifeline  # noqa: F401
from carloan.heartbeat import Pulse, on_this_host

logger = logging.getLogger(__name__)


def main() -> None:
    django.setup()
    from carloan.compliance.services.sealing import Signer  # noqa: PLC0415 - after settings
    from carloan.sealer.seals import Sealing  # noqa: PLC0415
    from carloan.sealer.stamps import stamping  # noqa: PLC0415
    from carloan.sealer.witnesses import witnessings  # noqa: PLC0415

    ended = threading.Event()
    secret = env.secret("ledger_key", settings.SECRETS)
    signer = Signer(settings.LEDGER_NAME, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    sealing, witnesses = Sealing(signer, ended), witnessings(settings.WITNESSES, signer, ended)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    logger.info("sealing as %s", signer.host_key().text())
    url = settings.CELERY_BROKER_URL
    Pulse(url=url, names=["sealer", on_this_host("sealer")], well=lambda _broker: sealing.well()).start()
    if witnesses:
        all_answer = lambda _broker: all(each.well() for each in witnesses)  # noqa: E731
        Pulse(url=url, names=["witness"], well=all_answer).start()
    for each in (*witnesses, *stamping(settings.TSA_URL, settings.TSA_ROOTS, settings.LEDGER_NAME, ended)):
        each.start()
    sealing.run()


if __name__ == "__main__":
    main()
