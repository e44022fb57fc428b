#!/usr/bin/env python
"""Check that the four app folders are linked into the package, then run Django."""

import os
import sys

APPS = ("archives", "collections", "release", "compliance")


def check_layout(root: str) -> None:
    """Stop with a sentence that says what to mend: a clone without symbolic links fails in confusing ways otherwise."""
    for app in APPS:
        link = os.path.join(root, "carloan", app)
        if not os.path.islink(link) or not os.path.isdir(link):
            sys.exit(
                f"carloan/{app} must be a symbolic link to ../{app}. Mend it with: ln -sfn ../{app} carloan/{app}\n"
                "(on Windows clone with: git clone -c core.symlinks=true)"
            )
        if os.path.exists(os.path.join(root, app, "__init__.py")):
            sys.exit(f"{app}/__init__.py must not exist: it would shadow modules of that name. Delete it.")


def main() -> None:
    check_layout(os.path.dirname(os.path.abspath(__file__)))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
