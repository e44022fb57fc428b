"""`python -m carloan.supervisor.alive PART`: exit 0 when that part lives on this host; a container's health check."""

import sys

import redis

from carloan import env
from carloan.heartbeat import alive, on_this_host


def main() -> int:
    part = on_this_host(sys.argv[1])
    try:
        with redis.Redis.from_url(env.address("REDIS_URL"), socket_timeout=5) as broker:
            return 0 if alive(broker, [part]) else 1
    except redis.RedisError as error:
        print(type(error).__name__, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
