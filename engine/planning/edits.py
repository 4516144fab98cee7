"""Edits of light, grade and backdrop by name: what "warmer" or "dramatic" means in numbers. Wishes and variations share them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.contract.styles import Backdrop, Grade, Light, Rim


def within(low: float, value: float, high: float) -> float:
    """Clamped, and rounded as recipes hold it."""
    return round(min(high, max(low, float(value))), 4)


def _rims(light: Light, gain: float) -> tuple[Rim, ...]:
    return tuple(replace(rim, strength=within(0, rim.strength * gain, 1)) for rim in light.rims)


def softer(light: Light, step: float = 1.0) -> Light:
    """A larger source and more fill; `step` 1 is a clear change, 0.5 a slight one."""
    return replace(
        light,
        ratio=within(1.3, 1 + (light.ratio - 1) * max(0.0, 1 - 0.45 * step), max(1.3, light.ratio)),
        softness=within(0.1, light.softness + 0.2 * step, 1),
        fill=within(0, light.fill + 0.16 * step, 0.6),
        rims=_rims(light, max(0.0, 1 - 0.35 * step)),
    )


def dramatic(light: Light, step: float = 1.0) -> Light:
    """A smaller source further to the side, deeper shadows, stronger rims; stays below what looks spot-lit (ratio 3)."""
    return replace(
        light,
        key_azimuth_deg=within(-65, light.key_azimuth_deg + (12 if light.key_azimuth_deg >= 0 else -12) * step, 65),
        ratio=within(1, light.ratio + 0.7 * step, max(2.9, light.ratio)),
        softness=within(0.35, light.softness - 0.1 * step, 1),
        fill=within(0.12, light.fill - 0.1 * step, 0.6),
        falloff=within(0, light.falloff + 0.04 * step, 0.3),
        rims=_rims(light, 1 + 0.3 * step),
    )


def moodier(grade: Grade, step: float = 1.0) -> Grade:
    """What dramatic light wants from the print: more contrast, a deeper vignette."""
    return replace(
        grade,
        contrast=within(0, grade.contrast + 0.08 * step, 0.45),
        vignette=within(0, grade.vignette + 0.11 * step, 0.4),
        exposure_ev=within(-0.5, grade.exposure_ev - 0.1 * step, 0.5),
    )


def gentler(grade: Grade, step: float = 1.0) -> Grade:
    """What soft light wants from the print: less contrast."""
    return replace(
        grade,
        contrast=within(0.04, grade.contrast - 0.08 * step, 0.5),
        vignette=within(0, grade.vignette - 0.03 * step, 0.4),
    )


def warmer(grade: Grade, step: float = 1.0) -> Grade:
    """Amber, at most as much as skin carries; a black-and-white print stays neutral."""
    return grade if grade.monochrome else replace(grade, warmth=within(-8, grade.warmth + 3.4 * step, 7.5))


def cooler(grade: Grade, step: float = 1.0) -> Grade:
    """Blue, at most as much as skin carries."""
    return grade if grade.monochrome else replace(grade, warmth=within(-6.5, grade.warmth - 3 * step, 8))


def brighter(grade: Grade, step: float = 1.0) -> Grade:
    """A third of a stop less than it sounds: highlights on skin must not clip."""
    return replace(
        grade,
        exposure_ev=within(-0.5, grade.exposure_ev + 0.15 * step, 0.4),
        vignette=within(0, grade.vignette - 0.03 * step, 0.4),
    )


def darker(grade: Grade, step: float = 1.0) -> Grade:
    """Printed down, with a little more vignette."""
    return replace(
        grade,
        exposure_ev=within(-0.4, grade.exposure_ev - 0.15 * step, 0.5),
        vignette=within(0, grade.vignette + 0.03 * step, 0.35),
    )


def black_and_white(grade: Grade, step: float = 1.0) -> Grade:
    """Silver print with the contrast and grain that it needs."""
    if grade.monochrome:
        return grade
    return replace(
        grade,
        monochrome=True,
        warmth=0.0,
        shadow_tint=(0.0, 0.0),
        highlight_tint=(0.0, 0.0),
        spill=0.0,
        contrast=within(0, grade.contrast + 0.1 * step, 0.4),
        grain=within(0, grade.grain + 0.006, 0.04),
    )


def in_colour(grade: Grade, step: float = 1.0) -> Grade:
    """Colour print of a black-and-white one."""
    return (
        replace(grade, monochrome=False, saturation=0.95, contrast=within(0.1, grade.contrast - 0.1 * step, 0.28))
        if grade.monochrome
        else grade
    )


def blurred(backdrop: Backdrop, step: float = 1.0) -> Backdrop:
    """A wider lens opening."""
    return replace(backdrop, blur=within(0, backdrop.blur + 0.018 * step, 0.08))


def sharper(backdrop: Backdrop, step: float = 1.0) -> Backdrop:
    """A smaller lens opening."""
    return replace(backdrop, blur=within(0.004, backdrop.blur - 0.015 * step, 0.08))


LIGHT_EDITS: Mapping[str, Callable[[Light, float], Light]] = {"softer": softer, "dramatic": dramatic}
GRADE_EDITS: Mapping[str, Callable[[Grade, float], Grade]] = {
    "softer": gentler,
    "dramatic": moodier,
    "warmer": warmer,
    "cooler": cooler,
    "brighter": brighter,
    "darker": darker,
    "black-and-white": black_and_white,
    "colour": in_colour,
}
BACKDROP_EDITS: Mapping[str, Callable[[Backdrop, float], Backdrop]] = {"blurred": blurred, "sharper": sharper}
