"""Which angles, lights and expressions the selfies hold, and the one photo that would help most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from engine.contract.selfies import Coverage, Selfie

ANGLES: Final = ("front", "left", "right", "up", "down")
LIGHTS: Final = ("even", "side", "back")
EXPRESSIONS: Final = ("mouth_closed", "mouth_open")

_TURNED_DEG: Final = 12.0
_TIPPED_DEG: Final = 14.0
_SIDE_LIGHT_EV: Final = 1.1
_BACKLIGHT: Final = 28.0
_MOUTH_OPEN: Final = 0.08
_LARGE_FACE_PX: Final = 300.0
"""Carries a headshot near 2048 px."""


def angle(measures: Mapping[str, float]) -> str:
    """front, left, right (as the sitter turns), up or down."""
    if abs(measures["yaw_deg"]) > _TURNED_DEG:
        return "left" if measures["yaw_deg"] > 0 else "right"
    if abs(measures["pitch_deg"]) > _TIPPED_DEG:
        return "up" if measures["pitch_deg"] > 0 else "down"
    return "front"


def light(measures: Mapping[str, float]) -> str:
    """even, side or back."""
    if measures["backlight"] > _BACKLIGHT:
        return "back"
    return "side" if abs(measures["side_light_ev"]) > _SIDE_LIGHT_EV else "even"


def expression(measures: Mapping[str, float]) -> str:
    """mouth_closed or mouth_open: geometry, no emotion."""
    return "mouth_open" if measures["mouth_open"] > _MOUTH_OPEN else "mouth_closed"


def coverage(selfies: Sequence[Selfie]) -> Coverage:
    """The map and the advice."""
    seen = [selfie.measures for selfie in selfies]
    angles, lights = Counter(map(angle, seen)), Counter(map(light, seen))
    expressions = Counter(map(expression, seen))
    return Coverage(
        angles={name: angles[name] for name in ANGLES},
        light={name: lights[name] for name in LIGHTS},
        expression={name: expressions[name] for name in EXPRESSIONS},
        next_photo=_next_photo(selfies, angles, lights, expressions),
    )


def _next_photo(
    selfies: Sequence[Selfie], angles: Counter[str], lights: Counter[str], expressions: Counter[str]
) -> str | None:
    """What is missing, most helpful first."""
    missing = (
        ("next_first_photo", not selfies),
        ("next_front", not angles["front"]),
        ("next_closer", all(selfie.measures["face_px"] < _LARGE_FACE_PX for selfie in selfies)),
        ("next_even_light", not lights["even"]),
        ("next_sharper", all(selfie.measures["sharpness"] < 0.7 for selfie in selfies)),
        ("next_mouth_closed", not expressions["mouth_closed"]),
        ("next_turned_left", not angles["left"]),
        ("next_turned_right", not angles["right"]),
        ("next_smile", not expressions["mouth_open"]),
    )
    return next((code for code, wanted in missing if wanted), None)
