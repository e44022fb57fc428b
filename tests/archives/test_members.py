"""Members of an archive are kept one by one: what was taken before a fault is safe. Really committed, so no db mark."""

import pytest

from carloan.archives.models import Paper
from carloan.archives.services.receiving import papers_receive
from carloan.core import vault
from carloan.core.errors import Unavailable
from carloan.core.tenancy import tenant_scope
from tests.archives.test_receiving import archive, picture
from tests.cast import Lender


def test_members_are_kept_one_by_one_and_each_is_committed_alone(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills at the third file: the two before it are safe, because each had a transaction of its own."""
    put, stored = vault.put, iter(range(9))

    def filling(*args: object, **kwargs: object) -> vault.Sealed:
        if next(stored) == 2:
            raise Unavailable
        return put(*args, **kwargs)  # type: ignore[arg-type]

    with committed.open():
        actor = committed.actor("officer")
    monkeypatch.setattr(vault, "put", filling)
    data = archive(**{f"{n}__png": picture(f"alone {n}") for n in range(4)})
    with tenant_scope(committed.tenant.id), pytest.raises(Unavailable):
        papers_receive(actor=actor, data=data, name="all.zip")
    with committed.open():
        assert Paper.objects.count() == 2
