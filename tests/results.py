"""`--results`: keeps what each test of a whole run said, for the map of controls (compliance/controls/results.py).

A part of the suite is refused: a file counts as passed when all of its tests were asked.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

# What outweighs what, of the phases of a test and of its parameters.
ORDER = ("failed", "passed", "skipped")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--results",
        nargs="?",
        type=Path,
        const=Path(__file__).resolve().parent.parent / "compliance/controls/results.json",
        help="keep what each test said, in this file or beside the map of controls",
    )


def pytest_configure(config: pytest.Config) -> None:
    place = config.getoption("results")
    if place is None or hasattr(config, "workerinput"):
        return
    chosen = config.option.keyword or config.option.markexpr or config.getoption("deselect")
    if chosen or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        raise pytest.UsageError("--results is for the whole suite")
    config.pluginmanager.register(Recorder(place))


class Recorder:
    """Hears every report; in a run of several lanes that of each lane."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.tests: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = "failed" if report.failed else "skipped" if report.skipped else "passed"
        if told == "passed" and report.when != "call":
            return
        node = report.nodeid.partition("[")[0]
        self.tests[node] = min(told, self.tests.get(node, told), key=ORDER.index)

    def pytest_sessionfinish(self) -> None:
        from carloan.compliance.controls.results import written

        content = written(self.tests, ended_at=datetime.now(UTC))
        self.place.write_text(json.dumps(content, ensure_ascii=False, indent=1))
