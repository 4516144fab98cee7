"""What the studio offers, for whoever answers people: styles, and requests in words. Loads no model and no array."""

from collections.abc import Mapping
from pathlib import Path

from engine.catalogue.changes import read_change
from engine.catalogue.requests import read_request
from engine.contract.requests import Asked, Change
from engine.contract.styles import Style
from engine.planning.variation_kinds import VARIATIONS
from engine.stages.style import FIRST_CHOICES, example, find_style, packaged_styles, styles

__all__ = ["StudioCatalogue"]


class StudioCatalogue:
    """The packaged styles, and those of a company."""

    def __init__(self, own_styles: Path | None = None) -> None:
        """`own_styles`: a style file or a folder of them; read again when it changes."""
        self._own = own_styles

    def styles(self) -> tuple[Style, ...]:
        """The first choices, then the company's own, then the rest by name."""
        packaged = {style.name: style for style in packaged_styles()}
        first = tuple(packaged.pop(name) for name in FIRST_CHOICES)
        own = tuple(style for style in styles(self._own) if style.name not in {*FIRST_CHOICES, *packaged})
        return first + own + tuple(packaged.values())

    def style(self, name: str) -> Style:
        """By name, alias or title, however it is spelled. PersonError "style_unknown" names the nearest."""
        return find_style(name, self._own)

    def asked(self, words: str) -> Asked | None:
        """Reads `[style] [count] [wish]`; None when there are no words.

        Raises PersonError "style_unknown", "count_out_of_range" and those of `engine.wishes.read_wish`.
        """
        return read_request(words, self._own)

    def variation(self, words: str) -> Change | None:
        """What `engine.planning.variations.vary` has to do for these words; None when they ask for nothing that it does.

        Raises PersonError for what no headshot may show, and for what no variation can change ("wish_unmet_…").
        """
        return read_change(words)

    def variations(self) -> Mapping[str, str]:
        """Kind → what it changes."""
        return VARIATIONS

    def example(self, style: str) -> bytes | None:
        """Of the sample sitter, for packaged styles."""
        return example(style)
