# Sourced by every command: where the clone is, which state folder is meant, which Python starts the set-up.
set -euo pipefail
export CARLOAN_BEGAN=${CARLOAN_BEGAN:-$(date +%s.%N)}
# A relative CARLOAN_HOME counts from where the person stands.
if [ -n "${CARLOAN_HOME:-}" ]; then CARLOAN_HOME=$(realpath -m -- "$CARLOAN_HOME"); export CARLOAN_HOME; fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python

# Print the name of a Python 3.11 or newer; Debian's is installed when there is none.
newest_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      echo "$name"
      return
    fi
  done
  local sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  if command -v apt-get >/dev/null && $sudo apt-get -qq update >&2 && $sudo apt-get -qq install -y python3 python3-venv >&2 &&
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo python3
    return
  fi
  echo "Carloan needs Python 3.11 or newer; install it and start again." >&2
  exit 1
}

# Bring the clone up to date for "server" or "test"; quick when nothing changed.
set_up() {
  local found
  found=$(newest_python)
  "$found" carloan/supervisor/setup.py "$1"
}
