"""Sealed fields: identifying values stand encrypted in their column and are read only through this module.

A model with sealed columns says whose key seals them: `def key_subject(self) -> Subject`. The ciphertext is bound to
tenant, table, column and row, so that a value pasted into another row does not open.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import models

from .keys import Subject, open_bytes, seal_bytes, secrets_of, warm_keys
from .reach import load_together


class HasKey(Protocol):
    id: Any
    _meta: ClassVar[Any]

    def key_subject(self) -> Subject: ...


class SealedText(models.BinaryField):  # type: ignore[type-arg]
    """A text column that holds ciphertext. Its attribute is bytes; `seal` and `clear` give it meaning."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "null": self.null}


def sealed_fields(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, SealedText)]


def seal(instance: HasKey, **values: str | bytes | None) -> None:
    """Set sealed fields of an instance from clear text or the bytes of a file (None and '' empty them).

    The caller saves it."""
    secrets = secrets_of(instance.key_subject())
    for name, value in values.items():
        plain = value.encode() if isinstance(value, str) else value
        token = seal_bytes(secrets.field, plain, _place(instance, name)) if plain else None
        setattr(instance, name, token)


def seal_value(subject: Subject, table: str, column: str, row_id: UUID, value: str) -> bytes | None:
    """The ciphertext of one value for rows that are written in bulk, without an instance."""
    return seal_bytes(secrets_of(subject).field, value.encode(), f"{table}|{column}|{row_id}") if value else None


def clear(instance: HasKey, name: str) -> str:
    """The clear text of a sealed field, '' when empty. Raises KeyDestroyed after shredding, Tampered after a change."""
    return clear_bytes(instance, name).decode()


def clear_bytes(instance: HasKey, name: str) -> bytes:
    """The same for a file that was sealed as bytes."""
    token = getattr(instance, name)
    if not token:
        return b""
    return open_bytes(secrets_of(instance.key_subject()).field, token, _place(instance, name))


def warm(instances: Iterable[HasKey]) -> None:
    """Load the keys of many rows with one query before their fields are read one by one."""
    rows = list(instances)
    load_together(rows)
    warm_keys({instance.key_subject() for instance in rows})


def _place(instance: HasKey, name: str) -> str:
    field = instance._meta.get_field(name)
    return f"{instance._meta.db_table}|{field.column}|{instance.id}"
