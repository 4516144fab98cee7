"""Words, understood: what the studio's catalogue makes of `/headshot legal 8 white background`, and of "warmer" below a gallery."""

from dataclasses import dataclass

from engine.contract.styles import Style

FEWEST, MOST = 1, 24
"""Headshots that one gallery can be asked for in words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for."""

    style: Style
    count: int | None
    """From FEWEST to MOST; None = not said."""
    wish: str
    """What else was said, checked; "" = nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of a headshot."""

    kind: str
    """A key of `variations`, or "#rrggbb background": a variation changes one thing."""
    left: tuple[str, ...] = ()
    """Kinds that were asked for in the same breath."""
    unmet: tuple[str, ...] = ()
    """Codes of what was asked for as well and no variation changes."""
