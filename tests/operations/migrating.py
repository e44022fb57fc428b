"""Django's migrations step by step, in a process of its own that acts as the owner of the tables.

python -m tests.operations.migrating leaves                       print the newest migration of each app
python -m tests.operations.migrating to DATABASE '{"app": "0001_name", …}'
python -m tests.operations.migrating steps DATABASE '{…}'         from there: each step forward, back, forward
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OURS = ("core", "keystore", "loans", "archives", "compliance", "collections", "release")


def leaves() -> dict[str, str]:
    """The newest migration of every app, third parties' included: the schema of a release."""
    return dict(sorted(MigrationLoader(None).graph.leaf_nodes()))


def migrate_to(database: str, schema: dict[str, str]) -> None:
    """Bring an empty database to the schema of a release."""
    executor = MigrationExecutor(connections[database])
    executor.migrate(list(schema.items()))


def migrate_by_steps(database: str, since: dict[str, str]) -> Iterator[str]:
    """Apply each migration of ours that is younger than `since`; take it back and apply it again if it can be.

    Other people's migrations between two of ours are applied in one go.
    """
    connection = connections[database]
    executor = MigrationExecutor(connection)
    plan = executor.loader.graph
    others: list[tuple[str, str]] = []
    known = {node for leaf in since.items() for node in plan.forwards_plan(leaf)}
    for leaf in plan.leaf_nodes():
        for app, name in plan.forwards_plan(leaf):
            if (app, name) in known:
                continue
            known.add((app, name))
            if app not in OURS:
                others.append((app, name))
                continue
            _step(connection, *others, (app, name))
            others.clear()
            migration = plan.nodes[app, name]
            if all(operation.reversible for operation in migration.operations):
                before = max((parent for parent in migration.dependencies if parent[0] == app), default=(app, None))
                _step(connection, before)
                _step(connection, (app, name))
                yield f"{app}.{name}: forward, back, forward"
            else:
                yield f"{app}.{name}: forward"
    _step(connection, *others)


def _step(connection: Any, *targets: tuple[str, str | None]) -> None:
    # A new executor reads anew what stands in the database.
    MigrationExecutor(connection).migrate(list(targets))


def main(verb: str, *words: str) -> None:
    if verb == "leaves":
        print(json.dumps(leaves(), indent=1))
    elif verb == "to":
        migrate_to(words[0], json.loads(words[1]))
    elif verb == "steps":
        for line in migrate_by_steps(words[0], json.loads(words[1])):
            print(line, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
    django.setup()
    main(*sys.argv[1:])
