"""Papers that need no reading, because this program drew them and knows what stands on them."""

from carloan.archives.models import Paper
from carloan.archives.recognition.guard import Examined
from carloan.archives.recognition.recognise import Recognition
from carloan.archives.services.reading import reading_keep
from carloan.archives.services.receiving import Received, check_may_upload, paper_keep
from carloan.core.actors import Actor
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan


def paper_transcribe(
    *, actor: Actor, data: bytes, media: str, name: str, loan: Loan | None, reading: Recognition
) -> Received:
    """Take a specimen with the truth of its renderer; its fields say that source. Nothing is read, nothing is guessed.

    Only for bytes made here: whatever comes from outside goes through the guard and the worker. Needs `papers.upload`.
    """
    check_may_upload(actor, loan)
    with tenant_atomic():
        examined = Examined(media, len(data), len(reading.sheets))
        received = paper_keep(
            actor=actor, data=data, name=name, loan=loan, examined=examined, source=Paper.Source.SEED, to_read=False
        )
        if received.created:
            reading_keep(actor=actor, paper=received.paper, result=reading)
    return received
