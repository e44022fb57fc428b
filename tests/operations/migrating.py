"""Django's migrations step by step, in a process of its own that acts as the owner of the tables.

python -m tests.operations.migrating leaves                       print the newest migration of each app
python -m tests.operations.migrating to DATABASE '{"app": "0001_name", …}'
python -m tests.operations.migrating steps DATABASE '{…}'         from there: each step forward, back, forward
"""

import json
import os
import sys
from collections.abc import Iterator

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

    The models as they were before a migration are kept at hand: asking Django for each step by its name would build
    them anew from the first migration on, three times a migration.
    """
    executor = MigrationExecutor(connections[database])
    executor.recorder.ensure_schema()
    plan = executor.loader.graph
    done = set(executor.loader.applied_migrations)
    state = executor.loader.project_state(list(done))
    known = {node for leaf in since.items() for node in plan.forwards_plan(leaf)}
    for leaf in plan.leaf_nodes():
        for app, name in plan.forwards_plan(leaf):
            if (app, name) in known:
                continue
            known.add((app, name))
            migration = plan.nodes[app, name]
            after = executor.apply_migration(state.clone(), migration)
            told = "forward"
            if app in OURS and all(operation.reversible for operation in migration.operations):
                executor.unapply_migration(state.clone(), migration)
                after = executor.apply_migration(state.clone(), migration)
                told = "forward, back, forward"
            state = after
            if app in OURS:
                yield f"{app}.{name}: {told}"


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
