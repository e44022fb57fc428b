"""Which database a model lives in: keys in `keystore`, everything else in `default`."""

from typing import Any


class KeystoreRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "keystore" if model._meta.app_label == "keystore" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return bool((one._meta.app_label == "keystore") == (other._meta.app_label == "keystore"))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == "keystore") == (db == "keystore")
