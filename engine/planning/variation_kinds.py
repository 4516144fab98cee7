"""The kinds of variation that there are. A module of its own, so that whoever only names them loads no arithmetic."""

from collections.abc import Mapping

from engine.contract.styles import Wardrobe
from engine.planning.backdrops import COLOURS

TONES: tuple[Wardrobe, ...] = ("navy", "charcoal", "black", "white", "light-blue")
"""Colours that plain clothes can be toned towards."""

VARIATIONS: Mapping[str, str] = {
    "more-like-this": "small changes of light, print and depth of field",
    "new-light": "the same picture under other lights",
    "new-backdrop": "the same picture before other backdrops",
    "new-crop": "the same picture cut in other ways",
    "tighter": "a closer frame",
    "wider": "a frame with more around the head",
    "square": "a square frame, as profiles want it",
    "banner": "a wide strip for the head of a page",
    "warmer": "a warmer print",
    "cooler": "a cooler print",
    "softer": "softer light, less contrast",
    "dramatic": "light from further round, deeper shadows",
    "brighter": "printed up",
    "darker": "printed down",
    "blurred": "a backdrop that is further out of focus, where it shows a place",
    "sharper": "a backdrop that is less out of focus, where it shows a place",
    "black-and-white": "a silver print",
    "colour": "a colour print of a black-and-white headshot",
    **{f"{colour}-background": f"{colour.replace('-', ' ')} behind the sitter" for colour in COLOURS},
    "office-background": "a bright or a warm office behind the sitter",
    "outdoors-background": "a park or garden behind the sitter",
    "city-background": "city lights behind the sitter",
    "brick-background": "a painted brick wall behind the sitter",
    "library-background": "bookshelves behind the sitter",
    "original-background": "the photo's own surroundings, softened",
    **{f"{tone}-clothes": f"plain clothes toned {tone.replace('-', ' ')}" for tone in TONES},
    "own-clothes": "clothes in their own colour",
}
"""Kind → what it changes."""
