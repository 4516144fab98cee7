"""The styles that ship with Headroom."""

import colorsys
import re
from importlib.resources import files

import pytest

from engine.contract.styles import Backdrop, Style
from engine.stages.style import packaged_styles

STYLES = pytest.mark.parametrize("style", packaged_styles(), ids=lambda style: style.name)


def hls(colour: str) -> tuple[float, float, float]:
    """Hue, lightness and saturation of #rrggbb, each in [0, 1]."""
    return colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))


def painted(style: Style) -> list[Backdrop]:
    """Backdrops of plain colour."""
    return [backdrop for backdrop in style.backdrops if backdrop.kind in {"gradient", "canvas"}]


def test_there_is_a_style_for_every_common_occasion() -> None:
    """The four of the trade and many more."""
    names = {style.name for style in packaged_styles()}

    assert len(names) >= 18
    assert {
        "corporate",
        "creative",
        "healthcare",
        "legal",
        "linkedin-white",
        "executive-dark",
        "modern-office",
        "warm-office",
    } <= names
    assert {
        "outdoor",
        "city-evening",
        "brick-loft",
        "academic",
        "real-estate",
        "tech",
        "actor",
        "classic-bw",
        "natural",
        "navy",
    } <= names


@STYLES
def test_a_file_is_named_like_its_style_and_says_why(style: Style) -> None:
    """Whoever edits a style finds its file, and the reason for its choices on the first line."""
    text = files("engine").joinpath("styles", f"{style.name}.toml").read_text(encoding="utf-8")

    assert re.match(r"# [A-Z].*\.\n", text)


@STYLES
def test_a_style_offers_enough_to_vary_and_not_so_much_that_it_falls_apart(style: Style) -> None:
    """A gallery of twelve looks varied, and still like one shoot."""
    assert 2 <= len(style.lights) <= 4
    assert 3 <= len(style.backdrops) <= 6
    assert 2 <= len(style.grades) <= 3
    assert 4 <= len(style.crops) <= 5
    assert style.crops[0] in {"classic", "square", "tight", "three-four"}


@STYLES
def test_lights_stay_below_what_looks_spot_lit(style: Style) -> None:
    """Measured on real faces: a ratio above 2.8 reads as a stage lamp, and skin colour must stay the person's own."""
    for light in style.lights:
        assert light.ratio <= 2.8
        assert 4800 <= light.temperature_k <= 6200
        assert 1 <= len(light.rims) <= 3
        assert all(abs(rim.azimuth_deg) >= 110 for rim in light.rims)


@STYLES
def test_lights_of_a_style_differ_to_the_eye(style: Style) -> None:
    """Two lights of one style are never the same light twice."""
    for one, other in ((a, b) for n, a in enumerate(style.lights) for b in style.lights[n + 1 :]):
        assert abs(one.key_azimuth_deg - other.key_azimuth_deg) >= 5 or abs(one.ratio - other.ratio) >= 0.3


@STYLES
def test_backdrops_are_neither_neon_nor_mud(style: Style) -> None:
    """Colours are those of painted canvas and paper: never glaring, brighter in the middle, each different from the others."""
    for backdrop in painted(style):
        centre, edge = (hls(colour) for colour in backdrop.colours)
        assert edge[1] < centre[1], backdrop.name
        chroma = [(1 - abs(2 * lightness - 1)) * saturation for _, lightness, saturation in (centre, edge)]
        assert max(chroma) <= 0.42, f"{backdrop.name} glares"
    centres = [backdrop.colours[0] for backdrop in painted(style)]
    assert len(set(centres)) == len(centres)


@STYLES
def test_prints_flatter_skin(style: Style) -> None:
    """No print is so strong that a face suffers: moderate contrast and exposure, warmth within what skin carries."""
    for grade in style.grades:
        assert grade.contrast <= (0.42 if grade.monochrome else 0.30)
        assert -0.2 <= grade.exposure_ev <= 0.1
        assert abs(grade.warmth) <= 2.5
        assert 0.88 <= grade.saturation <= 1.08


def test_side_light_belongs_to_the_dark_styles() -> None:
    """A selfie lit hard from one side is steered to where such light is at home."""
    assert {style.name for style in packaged_styles() if style.side_light} == {
        "executive-dark",
        "classic-bw",
        "city-evening",
        "actor",
    }


def test_black_and_white_is_where_it_is_promised() -> None:
    """The silver style has no colour print; the actor and the executive get one silver print beside the colours."""
    silver = {style.name: [grade.monochrome for grade in style.grades] for style in packaged_styles()}

    assert all(silver["classic-bw"])
    assert [name for name, prints in silver.items() if any(prints)] == ["actor", "classic-bw", "executive-dark"]


@STYLES
def test_words_leave_backdrop_and_print_to_the_plan(style: Style) -> None:
    """The planned backdrop, light and print put their own words in; the style's must not contradict them."""
    words = " ".join((*style.prompt.subject, *style.prompt.photography))

    assert not re.search(r"backdrop|background|black and white|bokeh|wall\b|monochrome", words)


@STYLES
def test_words_have_no_gender_age_or_brand(style: Style) -> None:
    """A style is for everybody."""
    words = " ".join(
        (*style.prompt.subject, *style.prompt.photography, *style.prompt.negative, style.summary, style.expression)
    )

    assert not re.search(
        r"\b(?:man|woman|men|women|he|she|his|her|young|old|male|female|hasselblad|canon|nikon|vogue|forbes)\b",
        words,
        re.IGNORECASE,
    )
