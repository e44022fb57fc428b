"""docs/operate.md names every setting that the program takes from its environment, and no other."""

import re

from carloan.supervisor.roles import LOGINS
from tests.supervisor.places import ROOT

SOURCES = ("carloan", "archives", "collections", "compliance", "release", "script", "docker-compose.yml")
# Between processes of ours, never set by people; CARLOAN_DB_<ROLE> is built from the logins.
OWN = {"CARLOAN_BEGAN", "CARLOAN_DB_ROLE", "CARLOAN_ADMIN_URL", "CARLOAN_DB"}
SECRET = re.compile(r'\benv\.(?:given_)?secret\("(\w+)"')


def taken() -> set[str]:
    names = {f"CARLOAN_DB_{role.upper()}" for role in LOGINS}
    for source in SOURCES:
        place = ROOT / source
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and path.suffix in {"", ".py", ".sh", ".yml"} and "__pycache__" not in path.parts:
                text = path.read_text()
                names |= {name.removesuffix("_FILE") for name in re.findall(r"CARLOAN_[A-Z0-9]+(?:_[A-Z0-9]+)*", text)}
                names |= {f"CARLOAN_{name.upper()}" for name in SECRET.findall(text)}
    return names - OWN


def test_every_setting_is_documented_and_none_that_is_not_there() -> None:
    named = set(re.findall(r"CARLOAN_[A-Z0-9]+(?:_[A-Z0-9]+)*", (ROOT / "docs" / "operate.md").read_text()))
    assert taken() - named == set(), "not in docs/operate.md"
    assert named - taken() == set(), "not read by anything"
