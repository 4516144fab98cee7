"""A style in the look of a reference picture: its backdrops, lights and prints, as far as skin carries them.

Crops, wardrobe and words stay the style's; so does what the picture does not say. The result is plain lights, backdrops and
prints of a style: shots and recipes hold them as they hold all others, and nothing of the picture itself.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.colour import decode, encode, from_lab, hex_linear, lab_of, luminance, to_hex, to_lab
from engine.contract.styles import Backdrop, Grade, Light, Style
from engine.planning.edits import black_and_white, within
from engine.references.reading import FaceLight, Ground, Reading

NAME = "reference"
_PAPER, _CLOTH = 4.2, 9.0
"""Unrest up to which a ground is smooth paper, and painted cloth; what is beyond is a place."""
_USUAL_HIGHLIGHT, _USUAL_WARMTH = 0.83, 1.7
"""Of faces and of greys in headshots whose print is neutral; measured on the examples of our styles."""
_OTHER_LIGHT = (("dim", -9.0), ("bright", 8.0))
_LEAVES = 0.5
"""Light that the painter of leaves adds to its ground, undone."""
_HIGH_KEY, _LOW_KEY = 66.0, 30.0


def in_the_look(style: Style, reading: Reading) -> Style:
    """The same style with lights, backdrops and prints that follow the picture."""
    grades = _grades(style.grades[0], reading)
    return replace(
        style,
        backdrops=_backdrops(reading.ground, grades[0]) if reading.ground else style.backdrops,
        lights=_lights(style.lights[0], reading.light) if reading.light else style.lights,
        grades=grades,
        side_light=style.side_light or (reading.light is not None and reading.light.ratio > 2.2),
    )


def _lights(usual: Light, seen: FaceLight) -> tuple[Light, ...]:
    """The key as far round and as hard as in the picture, then softer, then further round; lights from behind stay the style's."""
    ratio = within(1.3, 1 + 1.15 * (seen.ratio - 1), 2.7)
    hard = (ratio - 1.3) / 1.4
    light = replace(
        usual,
        name=NAME,
        key_azimuth_deg=within(14, seen.azimuth_deg * (0.5 + 0.5 * hard), 60),
        key_elevation_deg=within(15, 28 + 0.6 * seen.elevation_deg, 48),
        ratio=ratio,
        softness=within(0.4, 0.75 - 0.35 * hard, 0.75),
        fill=within(0.16, 0.42 - 0.24 * hard, 0.42),
        temperature_k=5500.0,
    )
    fill = within(0, light.fill + 0.06, 0.6)
    softer = replace(light, name=f"{NAME}-soft", ratio=within(1.25, 1 + 0.75 * (ratio - 1), 2.7), fill=fill)
    further = within(14, light.key_azimuth_deg + 14, 62)
    return light, softer, replace(light, name=f"{NAME}-side", key_azimuth_deg=further)


def _grades(usual: Grade, reading: Reading) -> tuple[Grade, ...]:
    """The print, then one that is a little more open. Skin sets the bounds: they are narrower than those of a style file."""
    mean = reading.lightness
    key = 0.0
    if reading.light:
        key = 0.45 * float(np.log2(_linear(reading.light.highlight) / _linear(_USUAL_HIGHLIGHT)))
    elif mean > _HIGH_KEY or mean < _LOW_KEY:
        key = (mean - 50) / 250
    grade = replace(
        usual,
        name=NAME,
        exposure_ev=within(-0.22, key, 0.18),
        contrast=within(0.09, 0.18 + 0.003 * (reading.contrast - 80) - 0.006 * max(0.0, reading.blacks - 4), 0.30),
        saturation=within(0.9, 0.86 + 0.008 * reading.chroma, 1.06),
        warmth=within(-3.0, 1.1 * (reading.warmth - _USUAL_WARMTH), 4.5),
        shadow_tint=(0.0, 0.0),
        highlight_tint=(0.0, 0.0),
        vignette=_vignette(reading.ground),
        monochrome=False,
        wrap=within(0.12, 0.12 + 0.004 * max(0.0, mean - 25), 0.36),
    )
    if reading.monochrome:
        grade = replace(black_and_white(grade), name=NAME, warmth=0.0)
    opened = replace(
        grade,
        name=f"{NAME}-open",
        exposure_ev=within(-0.22, grade.exposure_ev + 0.07, 0.22),
        contrast=within(0.06, grade.contrast - 0.05, 0.32),
    )
    return grade, opened


def _vignette(ground: Ground | None) -> float:
    """Deeper where the ground darkens outwards; the ground itself has its fall already."""
    if ground is None:
        return 0.06
    inner, outer = (float(lab_of(hex_linear(colour))[0]) for colour in (ground.centre, ground.edge))
    return within(0.02, 0.02 + 0.004 * (inner - outer), 0.12)


def _backdrops(ground: Ground, grade: Grade) -> tuple[Backdrop, ...]:
    """As in the picture, then otherwise painted in the same colours, then the same with less and with more light on it."""
    first, second = _painted(ground, grade)
    lit = [_lit(first, f"{NAME}-{name}", lightness) for name, lightness in _OTHER_LIGHT]
    return first, second, *(backdrop for backdrop in lit if backdrop.colours != first.colours)


def _painted(ground: Ground, grade: Grade) -> tuple[Backdrop, Backdrop]:
    """Paper or cloth in its colours, lights in the dark, leaves, or nothing but the colours of the place."""
    centre, edge = before_print(ground.centre, grade), before_print(ground.edge, grade)
    paper = Backdrop(NAME, "gradient", (centre, edge), centre=ground.at, radius=ground.radius)
    if ground.lamps:
        lamps = tuple(before_print(colour, grade) for colour in ground.lamps)
        city = Backdrop(NAME, "bokeh", (centre, edge, *lamps), "city", blur=0.02)
        return city, replace(city, name=f"{NAME}-far", blur=0.032)
    if ground.unrest <= _PAPER:
        radius = within(0.2, ground.radius * 1.3, 2)
        return paper, replace(paper, name=f"{NAME}-flat", colours=(centre, _between(centre, edge)), radius=radius)
    if ground.unrest <= _CLOTH:
        return replace(paper, kind="canvas"), replace(paper, name=f"{NAME}-paper")
    colours = tuple(before_print(colour, grade) for colour in ground.layout)
    haze = Backdrop(NAME, "haze", colours, blur=0.03)
    if not _green(ground.layout):
        turned = (*reversed(colours[:4]), *reversed(colours[4:]))
        return haze, replace(haze, name=f"{NAME}-turned", colours=turned)
    grounds = tuple(to_hex(encode(_LEAVES * hex_linear(colour))) for colour in (centre, edge))
    leaves = sorted(colours, key=lambda colour: -float(luminance(hex_linear(colour))))[:5]
    return Backdrop(NAME, "bokeh", (*grounds, *leaves), "green", blur=0.028), replace(haze, name=f"{NAME}-far")


def _lit(backdrop: Backdrop, name: str, lightness: float) -> Backdrop:
    """The same with this much L* more on it; as it was where that would leave black or white."""
    labs = [lab_of(hex_linear(colour)) for colour in backdrop.colours]
    if not 4 < max(float(lab[0]) for lab in labs) + lightness < 96:
        return backdrop
    moved = [from_lab((lab + np.array([lightness, 0, 0], np.float32))[None, None])[0, 0] for lab in labs]
    return replace(backdrop, name=name, colours=tuple(to_hex(rgb) for rgb in moved))


def _green(layout: tuple[str, ...]) -> bool:
    """Leaves, by colour: more green than blue, and not grey."""
    _, a, b = np.mean([lab_of(hex_linear(colour)) for colour in layout], axis=0)
    return bool(a < -5 and b > 2)


def before_print(colour: str, grade: Grade) -> str:
    """The paint that the print turns into this colour: its shoulder, contrast, saturation and warmth, undone."""
    wanted = to_lab(_encoded(colour)[None, None])[0, 0]
    paint = wanted.copy()
    for _ in range(6):
        paint += wanted - _printed(paint, grade)
        paint[0] = np.clip(paint[0], 0, 100)
    return to_hex(from_lab(paint[None, None])[0, 0])


def _printed(lab: NDArray[np.float32], grade: Grade) -> NDArray[np.float32]:
    """CIELAB of a plain backdrop on paper, as `renderers.studio.printing` prints it, without vignette and grain."""
    linear = decode(from_lab(lab[None, None])[0, 0])
    bright = float(luminance(linear))
    if bright > 0.8:
        linear = linear * np.float32((0.8 + 0.2 * (1 - np.exp(-(bright - 0.8) / 0.2))) / bright)
    tones = encode(linear)
    tones = tones + grade.contrast * (tones * tones * (3 - 2 * tones) - tones)
    out = to_lab(tones[None, None])[0, 0]
    if grade.monochrome:
        return np.array([out[0], *lab[1:]], np.float32)
    yellow = out[2] * grade.saturation + grade.warmth * 0.5 * out[0] / 100
    return np.array([out[0], out[1] * grade.saturation, yellow], np.float32)


def _between(centre: str, edge: str) -> str:
    return to_hex((_encoded(centre) + _encoded(edge)) / 2)


def _encoded(colour: str) -> NDArray[np.float32]:
    return encode(hex_linear(colour))


def _linear(encoded: float) -> float:
    return max(float(decode(np.array(encoded))), 1e-4)
