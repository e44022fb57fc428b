"""What can be opened by two people together: the app that owns it registers how it is counted, called and opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import Actor
from carloan.core.errors import NotFound

Asked = Mapping[str, Any]
HINT: Final = _("It opens once. Keep the file where nobody else reads it, and destroy it when it is no longer needed.")
VERB: Final = _("Open now")


@dataclass(frozen=True)
class Openable:
    """`capability` is the right without which nobody asks; `count(actor, asked)` how many things it would open and
    `words(asked)` what they are, as lines; `open(actor, asked, opening_id)` gives them in clear: it is called once,
    after the step is written, and tells its own act in the trail. `hint` is what whoever opens it reads before, `verb`
    what the button says."""

    label: Any
    capability: str
    count: Callable[[Actor, Asked], int]
    words: Callable[[Asked], list[str]]
    open: Callable[[Actor, Asked, UUID], HttpResponseBase]
    hint: Any = HINT
    verb: Any = VERB


_registry: dict[str, Openable] = {}


def register_openable(kind: str, openable: Openable) -> None:
    _registry[kind] = openable


def openable(kind: str) -> Openable:
    """Raises NotFound for a kind that nobody registered."""
    try:
        return _registry[kind]
    except KeyError as error:
        raise NotFound from error
