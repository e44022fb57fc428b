"""How long what was destroyed may still lie in backups, where the installation itself decides it (docs/operate.md)."""

from typing import Final

# Dumps of the key store: until the last one from before a destruction is gone, the destroyed key lies in it.
KEY_STORE_DAYS: Final = 30
