"""What was read out of a person's words."""

from dataclasses import dataclass

from engine.contract.styles import CropName, Wardrobe


@dataclass(frozen=True, slots=True)
class Wish:
    """Slots of one wish; empty where nothing was said."""

    edits: tuple[str, ...] = ()
    """Names of `engine.planning.edits`: warmer, dramatic, blurred."""
    colours: tuple[str, ...] = ()
    """Backdrop colours: keys of `engine.planning.backdrops.COLOURS` or #rrggbb."""
    place: str = ""
    """Key of `engine.planning.backdrops.PLACES`."""
    wardrobe: Wardrobe | None = None
    """Tone of the clothes."""
    crops: tuple[CropName, ...] = ()
    polish: float | None = None
    """Retouch dial in [0, 1]."""
    phrases: tuple[str, ...] = ()
    """Our words for what only a text-guided renderer can change."""
    needs_new_pixels: tuple[str, ...] = ()
    """Codes of what a renderer that keeps the person's own pixels cannot do."""
    unmet: tuple[str, ...] = ()
    """Codes of what no renderer does, or of what was not understood."""
