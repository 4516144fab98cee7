"""Studio backdrops by colour and place, for wishes, variations and brand colours."""

import colorsys
import re
from collections.abc import Mapping

from engine.contract.styles import Backdrop

COLOURS: Mapping[str, tuple[str, str]] = {
    "white": ("#fbfbfb", "#dde1e5"),
    "light-grey": ("#c9cdd1", "#8b9197"),
    "grey": ("#8f969e", "#43484f"),
    "charcoal": ("#4a4f57", "#16181c"),
    "black": ("#2b2c2f", "#070708"),
    "navy": ("#3f567a", "#131c2c"),
    "blue": ("#6f8fb5", "#2b405c"),
    "light-blue": ("#cddce8", "#93abbf"),
    "teal": ("#5f9292", "#1f3a3c"),
    "green": ("#748a70", "#2a3629"),
    "olive": ("#8b8c6b", "#34372a"),
    "cream": ("#f3ede2", "#cdc1ae"),
    "beige": ("#d6c7b1", "#99866d"),
    "brown": ("#8d6f58", "#37281f"),
    "burgundy": ("#6e3b43", "#241216"),
    "red": ("#a1564f", "#421d1c"),
    "orange": ("#cc9063", "#6d4127"),
    "yellow": ("#e0c67e", "#957534"),
    "pink": ("#d9b3b0", "#977371"),
    "purple": ("#7f6c93", "#2f2540"),
}
"""Colour → centre and edge, toned down as a studio would paint them."""

PLACES: Mapping[str, tuple[Backdrop, ...]] = {
    "office": (
        Backdrop("day-office", "office", scene="day", light_side="key"),
        Backdrop("day-office-far", "office", scene="day", blur=0.046, light_side="key"),
        Backdrop("warm-office", "office", scene="warm", light_side="key"),
    ),
    "outdoors": (
        Backdrop("green-park", "bokeh", scene="green", blur=0.024),
        Backdrop("deep-garden", "bokeh", ("#56684a", "#233022", "#c3d39a", "#a3b981", "#eee6c4"), "green", blur=0.029),
        Backdrop("green-park-far", "bokeh", scene="green", blur=0.036),
    ),
    "city": (
        Backdrop("city-lights", "bokeh", scene="city", blur=0.024),
        Backdrop("evening-blue", "bokeh", scene="evening", blur=0.026),
        Backdrop("warm-street", "bokeh", scene="warm", blur=0.029),
    ),
    "brick": (
        Backdrop("grey-brick", "brick", ("#9c9a97",), blur=0.010, light_side="key"),
        Backdrop("white-brick", "brick", ("#d8d5cf",), blur=0.012, light_side="key"),
        Backdrop("red-brick", "brick", ("#94685a",), blur=0.014, light_side="key"),
    ),
    "library": (
        Backdrop("bookshelves", "shelves", blur=0.035),
        Backdrop("bookshelves-far", "shelves", blur=0.055),
    ),
    "original": (
        Backdrop("own-soft", "original", blur=0.035),
        Backdrop("own-far", "original", blur=0.055),
        Backdrop("own-near", "original", blur=0.018),
    ),
}
"""Place → backdrops in order of preference."""


def colour_backdrops(colour: str) -> tuple[Backdrop, ...]:
    """Gradient, flatter gradient and canvas in a colour of COLOURS or an own one as #rrggbb; raises ValueError for others."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        name, (centre, edge) = "brand-colour", _own_colour(colour)
    elif colour in COLOURS:
        name, (centre, edge) = colour, COLOURS[colour]
    else:
        raise ValueError(f"no such colour: {colour!r}")
    return (
        Backdrop(name, "gradient", (centre, edge), radius=0.9),
        Backdrop(f"flat-{name}", "gradient", (centre, _between(centre, edge)), radius=1.2),
        Backdrop(f"{name}-canvas", "canvas", (centre, edge), radius=0.85),
    )


def nearest_colour(colour: str) -> str:
    """Key of COLOURS whose centre is nearest to #rrggbb: how we call it in a prompt."""
    wanted = _rgb(colour)
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(wanted, _rgb(COLOURS[name][0]), strict=True)))


def _own_colour(colour: str) -> tuple[str, str]:
    """The centre is the colour itself; the edge is 45 % darker, as light falls off on a paper roll."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    return colour.lower(), _hex(colorsys.hls_to_rgb(hue, lightness * 0.55, saturation * 0.9))


def _between(centre: str, edge: str) -> str:
    return _hex(tuple(0.65 * a + 0.35 * b for a, b in zip(_rgb(centre), _rgb(edge), strict=True)))


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)
