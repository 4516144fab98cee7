"""Plain names for measured colours: what a photographer would call a head of hair or a jacket."""

import numpy as np

Lab = tuple[float, float, float]


def hair_name(lab: Lab) -> str:
    """black, brown, blond, red, grey or white; "" for a colour that hair does not have by itself."""
    lightness, red_green, yellow_blue = lab
    strength = float(np.hypot(red_green, yellow_blue))
    hue_deg = float(np.degrees(np.arctan2(yellow_blue, red_green))) % 360
    if lightness < 17 or (lightness < 24 and strength < 9):
        return "black"
    if strength < (7 if lightness < 50 else 11):
        return "grey" if lightness < 68 else "white"
    if not 20 <= hue_deg <= 100:
        return ""
    if strength > 24 and hue_deg < 58 and lightness < 55:
        return "red"
    return "blond" if lightness > 52 else "brown"


_HUES = (
    (20, "pink"),
    (48, "red"),
    (68, "orange"),
    (100, "yellow"),
    (165, "green"),
    (215, "teal"),
    (300, "blue"),
    (330, "purple"),
    (345, "pink"),
    (360, "red"),
)


def colour_name(lab: Lab) -> str:
    """One or two words: "black", "dark blue", "light grey", "red"."""
    lightness, red_green, yellow_blue = lab
    strength = float(np.hypot(red_green, yellow_blue))
    if lightness < 12 or (lightness < 20 and strength < 10):
        return "black"
    if strength < 8:
        return (
            "white" if lightness > 85 else "light grey" if lightness > 68 else "grey" if lightness > 40 else "dark grey"
        )
    hue_deg = float(np.degrees(np.arctan2(yellow_blue, red_green))) % 360
    name = next(name for end, name in _HUES if hue_deg <= end)
    if name in ("orange", "yellow") and strength < 35:
        return "beige" if lightness > 60 else "brown"
    shade = "dark " if lightness < 32 else "light " if lightness > 72 and name != "yellow" else ""
    return shade + name
