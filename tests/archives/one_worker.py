"""A worker process that reads one paper, for tests that kill it: `python -m tests.archives.one_worker TENANT PAPER`."""

import os
import sys
from uuid import UUID

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
    django.setup()
    from carloan.archives.services import holding
    from carloan.archives.services.reading import paper_recognise
    from carloan.core.tenancy import tenant_scope

    # Signs of life come while even a fast machine still reads.
    holding.PAUSE = 0.3
    with tenant_scope(UUID(sys.argv[1])):
        paper_recognise(paper_id=sys.argv[2])


if __name__ == "__main__":
    main()
