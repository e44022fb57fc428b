"""`python -m carloan.supervisor.deploy`: brings outside databases and the paper store up to this version, once.

The job that runs before web and workers of a new version start. It can run again at any time, and twice at once: the
roles are made under a lock, and Django's migrations are repeated without effect.
"""

import subprocess
import sys

from carloan import env
from carloan.supervisor.home import ROOT, Home
from carloan.supervisor.process import SupervisorError
from carloan.supervisor.services import MIGRATE, Addresses, Services


def deploy() -> None:
    """Roles and rights, tables of both databases, a look at the fences as they are, the bucket."""
    home = Home.from_environment()
    addresses = Addresses(env.address("DATABASE_URL"), env.address("KEYSTORE_URL"), env.address("REDIS_URL"))
    services = Services(addresses, home.path, home.secrets)
    print("roles and rights", flush=True)
    services.prepare()
    environment = services.environment("owner")
    steps = [
        *MIGRATE,
        *([("make_bucket",)] if env.text("CARLOAN_S3_BUCKET", "") else []),
        ("maintain",),
    ]
    for arguments in steps:
        print(" ".join(arguments), flush=True)
        done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=False)
        if done.returncode != 0:
            raise SupervisorError(f"manage.py {arguments[0]} ended with {done.returncode}; nothing new was started")


if __name__ == "__main__":
    try:
        deploy()
    except SupervisorError as problem:
        sys.exit(str(problem))
