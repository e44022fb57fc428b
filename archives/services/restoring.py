"""Files that the store has lost: stored again by whoever sends the same bytes, or there again by themselves."""

from django.db import transaction
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.services.keeping import WAITING, bytes_keep_again, bytes_stand
from carloan.archives.tasks import recognise_paper
from carloan.core import audit, vault
from carloan.core.actors import Actor
from carloan.core.alarms import FILES_LOST, end_alarm, things_of
from carloan.core.errors import Shredded
from carloan.core.keys import KeyDestroyed, past_the_seal
from carloan.core.tenancy import current_tenant_id, tenant_atomic

# Each is read whole; the next turn takes the next ones.
MOST_LOOKED_AT = 20


def paper_restore(*, actor: Actor, paper: Paper, data: bytes) -> None:
    """Store the bytes of a paper again where they are lost or damaged; the caller knows them to be its bytes.

    One event; a paper that waits to be read is sent to be read. Raises Shredded for a paper whose key was destroyed,
    StoreAway or Unavailable when nobody can tell how its bytes are: then they are not called safe.
    """
    try:
        if bytes_stand(paper):
            return
        with tenant_atomic():
            paper = Paper.objects.select_for_update(of=("self",)).get(id=paper.id)
            if bytes_stand(paper):
                return  # somebody else sent it at this moment
            lost = paper.stored
            event_id = audit.record(
                actor=actor, action="archives.paper.restored", object_type="archives.paper", object_id=paper.id,
                loan_id=paper.loan_id, subject=paper.key_subject(), after={"sha256": paper.sha256, "size": len(data)},
            )  # fmt: skip
            stored = bytes_keep_again(paper, data).name
            Paper.objects.filter(id=paper.id).update(stored=stored, audit_event_id=event_id)
            _go_on(paper)

            def remove_damaged() -> None:
                vault.remove(lost)

            transaction.on_commit(remove_damaged, robust=True)
    except KeyDestroyed as error:
        raise Shredded from error


@past_the_seal()
def lost_files_look() -> int:
    """End the alarms of the tenant at work whose files are there again, or whose papers are gone; returns how many.

    A paper that waits for its file is sent to be read at once.
    """
    ended = 0
    with tenant_atomic():
        tenant_id = current_tenant_id()
        for paper_id in things_of(FILES_LOST, tenant_id)[:MOST_LOOKED_AT]:
            paper = Paper.objects.filter(id=paper_id).first()
            if paper is None:
                end_alarm(FILES_LOST, tenant_id, paper_id)
            elif _stands_or_is_shredded(paper):
                _go_on(paper)
            else:
                continue
            ended += 1
    return ended


def _stands_or_is_shredded(paper: Paper) -> bool:
    try:
        return bytes_stand(paper)
    except KeyDestroyed:
        return True


def _go_on(paper: Paper) -> None:
    # Should this be rolled back, the next look at the file raises it again.
    end_alarm(FILES_LOST, current_tenant_id(), paper.id)
    waiting = Paper.objects.filter(id=paper.id, state=Paper.State.RECOGNISING, reason__in=WAITING)
    if waiting.update(lease_until=timezone.now()) or paper.state == Paper.State.RECEIVED:
        recognise_paper.send(paper_id=str(paper.id))
