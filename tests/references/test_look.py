"""Headshots in the look of a picture: nearer to it than without it, and skin stays skin."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.colour import from_lab, hex_linear, lab_of, to_lab
from engine.contract.pixels import Rgb8
from engine.contract.shots import Candidate
from engine.contract.styles import Grade, Style
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.sface import SFaceEmbedder
from engine.planning.recipes import read_recipe, to_recipe
from engine.references.look import NAME, before_print, in_the_look
from engine.references.measures import reading_of
from engine.references.reading import Reading
from engine.renderers.studio.renderer import SIMILARITY, SIMILARITY_MONOCHROME, StudioRenderer
from engine.stages.style import find_style
from tests.references.pictures import ALL, picture
from tests.studio.sitter import OnceMatter, shot, sitting

CORPORATE = find_style("corporate")


def _read(rgb: Rgb8) -> Reading:
    return reading_of(rgb, MeshFaceAnalyzer())


@cache
def _renderer() -> StudioRenderer:
    return StudioRenderer(OnceMatter(), SFaceEmbedder())


def _printed(style: Style, at: int = 0) -> Candidate:
    """The first choices of the style, on the sample sitter."""
    planned = shot(light=style.lights[0], backdrop=style.backdrops[at], grade=style.grades[0])
    return next(_renderer().render(sitting(), [planned], 400, lambda _: None))


@cache
def _without() -> Reading:
    return _read(_printed(CORPORATE).rgb)


def _apart(one: Reading, other: Reading) -> float:
    """ΔE between two grounds, area by area."""
    assert one.ground is not None
    assert other.ground is not None
    pairs = zip(one.ground.layout, other.ground.layout, strict=True)
    return float(np.mean([np.linalg.norm(lab_of(hex_linear(a)) - lab_of(hex_linear(b))) for a, b in pairs]))


def _with_lab(rgb: Rgb8, gain: float, lift: float, warmth: float) -> Rgb8:
    """The same photograph printed otherwise: L* spread by `gain` and lifted, b* moved."""
    lab = to_lab(rgb / np.float32(255))
    lab[..., 0] = np.clip((lab[..., 0] - 50) * gain + 50 + lift, 0, 100)
    lab[..., 2] += warmth
    return np.asarray(np.clip(from_lab(lab) * 255 + 0.5, 0, 255), np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_the_backdrop_comes_nearer_to_the_picture(name: str) -> None:
    """Whoever brings a picture sees its ground behind themselves; the second choice keeps its colours, too."""
    wanted = _read(picture(name))
    style = in_the_look(CORPORATE, wanted)

    with_it, second = (_read(_printed(style, at).rgb) for at in (0, 1))

    assert _apart(with_it, wanted) < 0.7 * _apart(_without(), wanted)
    assert _apart(second, wanted) < _apart(_without(), wanted)
    assert with_it.monochrome == wanted.monochrome


@pytest.mark.parametrize("name", ALL)
def test_there_is_enough_to_choose_from(name: str) -> None:
    """A gallery of eight from one photo must not be the same picture in other crops: walls and lights differ, by name, too."""
    style = in_the_look(CORPORATE, _read(picture(name)))

    assert len({backdrop.name for backdrop in style.backdrops}) == len(style.backdrops) >= 3
    assert len({(backdrop.kind, backdrop.colours) for backdrop in style.backdrops}) >= 2
    assert len({light.name for light in style.lights}) == len(style.lights) >= 3
    assert len(style.grades) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gain", "lift", "warmth", "measure"),
    [
        (1.0, 0, 7, "warmth"),
        (1.0, 0, -6, "warmth"),
        (0.7, 6, 0, "contrast"),
        (0.8, 14, 0, "lightness"),
        (0.8, -14, 0, "lightness"),
    ],
)  # fmt: skip
def test_the_print_comes_nearer_to_the_picture(gain: float, lift: float, warmth: float, measure: str) -> None:
    """The same headshot printed warmer, cooler, softer, brighter or darker is followed in just that."""
    wanted = _read(_with_lab(_printed(CORPORATE).rgb, gain, lift, warmth))

    with_it = _read(_printed(in_the_look(CORPORATE, wanted)).rgb)

    off, off_without = (abs(getattr(r, measure) - getattr(wanted, measure)) for r in (with_it, _without()))
    assert off < off_without


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_the_sitter_stays_the_sitter(name: str) -> None:
    """However far the picture goes, the print is as like its selfie as any other, and skin keeps a colour of skin."""
    style = in_the_look(CORPORATE, _read(picture(name)))

    candidate = _printed(style)

    mono = style.grades[0].monochrome
    assert candidate.source_similarity >= (SIMILARITY_MONOCHROME if mono else SIMILARITY)
    face = MeshFaceAnalyzer().faces(candidate.rgb)[0]
    x, y = (int(value) for value in face.mesh[[50, 280], :2].mean(0))
    cheeks = candidate.rgb[y - 4 : y + 4, x - 30 : x + 30]
    _, a, b = to_lab(cheeks / np.float32(255)).reshape(-1, 3).mean(0)
    assert mono or 36 < np.degrees(np.arctan2(b, a)) < 72


def test_side_light_is_followed() -> None:
    """A face lit from the side gives a key light from further round and deeper shadows than one lit from the front."""
    rgb = picture("navy")
    x = np.linspace(-1, 1, rgb.shape[1], dtype=np.float32)
    ramp = (0.75 + 0.6 * np.tanh(4 * x))[None, :, None]
    lit = in_the_look(CORPORATE, _read(np.clip(rgb * ramp, 0, 255).astype(np.uint8))).lights[0]
    plain = in_the_look(CORPORATE, _read(rgb)).lights[0]

    assert lit.ratio > plain.ratio
    assert lit.key_azimuth_deg > plain.key_azimuth_deg
    assert lit.ratio <= 2.7


def test_what_the_picture_does_not_say_stays_the_styles() -> None:
    """A picture without people says nothing about light on a face; crops, clothes and words are never its own."""
    style = in_the_look(CORPORATE, _read(picture("coffee")))

    assert style.lights == CORPORATE.lights
    assert (style.name, style.crops, style.wardrobe, style.prompt) == (
        CORPORATE.name, CORPORATE.crops, CORPORATE.wardrobe, CORPORATE.prompt,
    )  # fmt: skip


def test_a_face_that_fills_the_picture_leaves_the_styles_backdrops() -> None:
    """Where no ground is seen, none is made up."""
    seen = replace(_read(picture("navy")), ground=None)

    assert in_the_look(CORPORATE, seen).backdrops == CORPORATE.backdrops


@pytest.mark.parametrize("colour", ["#40577b", "#f3f4f5", "#0a0b0e", "#b38161"])
def test_paint_is_mixed_so_that_the_print_shows_the_colour(colour: str) -> None:
    """A warm, contrasty print does not shift the backdrop away from the picture's."""
    grade = Grade(contrast=0.3, warmth=4.5, saturation=1.06, vignette=0, grain=0, spill=0, wrap=0)
    wall = replace(CORPORATE.backdrops[0], kind="gradient", colours=(before_print(colour, grade),) * 2)
    style = replace(CORPORATE, backdrops=(wall,), grades=(grade,))

    corner = _printed(style).rgb[4:24, 4:24] / np.float32(255)

    shown = to_lab(corner).reshape(-1, 3).mean(0)
    assert np.linalg.norm(shown - lab_of(hex_linear(colour))) < 4


def test_a_recipe_keeps_the_look_and_nothing_of_the_picture() -> None:
    """Variations and later sizes follow the picture after it is gone: the recipe holds lights and colours only."""
    style = in_the_look(CORPORATE, _read(picture("warm-office")))
    planned = shot(light=style.lights[0], backdrop=style.backdrops[0], grade=style.grades[0])

    recipe = to_recipe(planned, "1", 400, "jpeg")

    assert read_recipe(recipe) == planned
    assert recipe["shot"]["backdrop"]["name"] == NAME
    assert len(str(recipe)) < 2500
