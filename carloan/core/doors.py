"""Doors: every page says which capability opens it; a page without a door opens for nobody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase

from .actors import Actor

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Door:
    """`capabilities`: any one of them opens. None: open to everybody, for `reason`.

    `stepwise` methods get the tenant as a scope and no transaction: each step opens its own `tenant_atomic()`, and what
    was done before a later step failed stays. Touching a tenant's table outside of a step raises NoTenant.
    `visitors`: people without an account come in by a one-time link; the page gets the tenant of its address as a
    scope, for every method stepwise, and never an actor, whoever is signed in.
    """

    capabilities: tuple[str, ...] | None
    reason: str = ""
    stepwise: tuple[str, ...] = ()
    visitors: bool = False
    # Of the API, where each method may ask for another capability.
    methods: Mapping[str, str] = field(default_factory=dict)

    def asked_by(self, method: str) -> tuple[str, ...]:
        """The capabilities any one of which opens for this method."""
        return (self.methods[method],) if method in self.methods else self.capabilities or ()


class ActorRequest(HttpRequest):
    """A request behind a door: signed in, in a tenant, allowed."""

    actor: Actor
    htmx: Any
    tenant: Any


def door(*capabilities: str, stepwise: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Open the view to members of the request's tenant who have at least one of the capabilities.

    `stepwise` methods are not one transaction but several, see Door; API views have an attribute of this name.
    """
    if not capabilities:
        raise ValueError("a door needs a capability; open_door(reason) is for pages without a tenant")

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.actor.require(*capabilities)
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        wrapper.door = Door(capabilities, stepwise=stepwise)  # type: ignore[attr-defined]
        return wrapper  # type: ignore[return-value]

    return decorate


def open_door(reason: str, *, stepwise: tuple[str, ...] = ()) -> Callable[[View], View]:
    """A page that needs no tenant (sign-in, health, the chooser). The reason is for the reader of the list of them.

    `stepwise` methods open no transaction either for somebody who is signed in at a lender's address, see Door.
    """

    def decorate(view: View) -> View:
        view.door = Door(None, reason, stepwise=stepwise)  # type: ignore[attr-defined]
        return view

    return decorate


def visitor_door(reason: str) -> Callable[[View], View]:
    """A page for somebody without an account at a lender's address; the view itself looks at what they hold.

    No other door lets a visitor in: what the link gives is no session of a person and no right.
    """

    def decorate(view: View) -> View:
        view.door = Door(None, reason, visitors=True)  # type: ignore[attr-defined]
        return view

    return decorate


def door_of(view: Any) -> Door | None:
    """The door of a view function, of a class behind as_view(), or of a DRF view."""
    for candidate in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if isinstance(found := getattr(candidate, "door", None), Door):
            return found
        if doors := getattr(candidate, "doors", None):
            return Door(tuple(doors.values()), stepwise=getattr(candidate, "stepwise", ()), methods=doors)
    return None
