"""Records the checkout's migrations, and rows of every kind made by its own services, as a release."""

import sys
from contextlib import ExitStack

from carloan.supervisor.postgres import EmbeddedPostgres
from carloan.supervisor.roles import with_database
from carloan.supervisor.services import MIGRATE
from tests.operations.releases import Release
from tests.operations.schemas import DATABASES, two_databases
from tests.supervisor.places import open_folder


def record(release: Release) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(open_folder())
        servers = {}
        for name in DATABASES.values():
            server = stack.enter_context(EmbeddedPostgres(home / name, fast=True))
            servers[name] = with_database(server.admin_url, "postgres")
        schemas = stack.enter_context(two_databases(servers, "carloan", home / "secrets"))
        for arguments in MIGRATE:
            schemas.run(["manage.py", *arguments, "-v", "0"])
        schemas.run(["manage.py", "maintain"])
        schemas.run(["manage.py", "shell", "-v", "0", "-c", "from tests.operations.book import fill; fill()"], "worker")
        schemas.save(release)
        release.migrations.write_text(schemas.migrating("leaves"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m tests.operations.releases VERSION")
    record(Release(sys.argv[1]))
