"""The port `Catalogue`: what the studio offers, so that the conversation can answer at once and without the engine."""

from collections.abc import Mapping
from typing import Protocol

from engine.contract.requests import Asked, Change
from engine.contract.styles import Style

__all__ = ["Asked", "Catalogue", "Change"]


class Catalogue(Protocol):
    """Styles, wishes and variations. Raises PersonError with the codes of the engine's sentences."""

    def styles(self) -> tuple[Style, ...]:
        """All that can be asked for, in the order in which they are shown."""
        ...

    def style(self, name: str) -> Style:
        """By name, alias or title, however it is spelled. "style_unknown" names the nearest."""
        ...

    def asked(self, words: str) -> Asked | None:
        """Reads `[style] [count] [wish]`; None when there are no words. "style_unknown", "wish_…", "count_out_of_range"."""
        ...

    def variation(self, words: str) -> Change | None:
        """The variation that words such as "warmer please" or "on a white background" ask for; None = none of ours.
        Refused wishes raise PersonError.
        """
        ...

    def variations(self) -> Mapping[str, str]:
        """Kind → what it changes."""
        ...

    def example(self, style: str) -> bytes | None:
        """A small picture of a style by its name, as JPEG; None where there is none."""
        ...
