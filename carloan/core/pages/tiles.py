"""Tiles of the home page: a number that leads to the list behind it. Apps register theirs from AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carloan.core.actors import Actor


@dataclass(frozen=True)
class TileValue:
    """What a tile says: the number, the address behind it, and a small line below (translated)."""

    value: str
    url: str
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`read(actor)` is asked only if the actor has the capability; it must be cheap, and count what stands behind its
    address. None: it has nothing to tell this actor."""

    key: str
    label: Any
    icon: str
    capability: str
    read: Callable[[Actor], TileValue | None]
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A card below the tiles: a template with the context that `read(actor)` gives."""

    key: str
    label: Any
    capability: str
    template: str
    read: Callable[[Actor], dict[str, Any]]
    url_name: str = ""
    order: int = 100


_tiles: dict[str, Tile] = {}
_panels: dict[str, Panel] = {}


def register_tile(*tiles: Tile) -> None:
    _tiles.update({tile.key: tile for tile in tiles})


def register_panel(*panels: Panel) -> None:
    _panels.update({panel.key: panel for panel in panels})


def tiles_for(actor: Actor) -> list[tuple[Tile, TileValue]]:
    allowed = sorted((tile for tile in _tiles.values() if actor.can(tile.capability)), key=lambda tile: tile.order)
    return [(tile, value) for tile in allowed if (value := tile.read(actor)) is not None]


def panels_for(actor: Actor) -> list[tuple[Panel, dict[str, Any]]]:
    allowed = sorted(
        (panel for panel in _panels.values() if actor.can(panel.capability)), key=lambda panel: panel.order
    )
    return [(panel, panel.read(actor)) for panel in allowed]
