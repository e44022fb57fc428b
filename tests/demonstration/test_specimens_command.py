"""The papers to try the intake with."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.cast import as_platform

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def test_it_writes_nothing_where_there_is_no_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bank: object
) -> None:
    monkeypatch.setattr("carloan.demonstration.management.commands.specimens.seeded", lambda: None)
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("specimens", tmp_path / "papers")
    assert not (tmp_path / "papers").exists()


def test_it_writes_pictures_of_the_demonstrations_loans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bank: object
) -> None:
    from PIL import Image

    from carloan.core.models import Tenant

    with as_platform():
        Tenant.objects.get_or_create(slug="huaxin", defaults={"name": "x", "is_demonstration": True})
    monkeypatch.setattr("carloan.demonstration.management.commands.specimens.seeded", lambda: 40)
    call_command("specimens", tmp_path, count=4)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 4
    for file in files:
        with Image.open(file) as picture:
            assert picture.size[0] > 500
