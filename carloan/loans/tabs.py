"""The tabs of a loan's page: this app's own, and those that apps above register from AppConfig.ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carloan.core.actors import Actor

from .models import Loan
from .selectors.loans import may


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab. `context(actor, loan, query)` gives what `template` needs; `count` a small number beside the label.

    `scripts` names a template for the page's script block.
    """

    key: str
    label: Any
    capability: str
    template: str
    context: Callable[[Actor, Loan, Mapping[str, str]], dict[str, Any]]
    count: Callable[[Actor, Loan], int | None] | None = None
    scripts: str = ""
    order: int = 100


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    if _tabs.setdefault(tab.key, tab) is not tab:
        raise ValueError(f"tab {tab.key} is registered twice")


def tabs_for(actor: Actor, loan: Loan) -> list[Tab]:
    """The tabs this actor may open on this loan. A capability of another app counts wherever the actor has it."""
    allowed = [
        tab
        for tab in _tabs.values()
        if (may(actor, tab.capability, loan) if tab.capability.startswith("loans.") else actor.can(tab.capability))
    ]
    return sorted(allowed, key=lambda tab: tab.order)
