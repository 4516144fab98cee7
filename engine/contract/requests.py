"""A request in words, understood: what the studio's catalogue makes of `/headshot legal 8 white background`."""

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
