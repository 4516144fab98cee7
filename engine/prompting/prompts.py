"""Prompts: a style, what was measured in a selfie and a wish, in photographic vocabulary, the most important words first.

Three texts: `subject` (first text encoder: who and what), `photography` (second: light, lens, print) and `negative`. Whatever a
person typed is not in them; only words of ours are. Age, gender, ethnicity and emotion are never described.
"""

import re
from collections.abc import Iterator

from engine.contract.crops import CROPS
from engine.contract.ports import RendererCard
from engine.contract.selfies import Appearance
from engine.contract.shots import Prompt
from engine.contract.styles import Backdrop, Grade, Light, Style, Wardrobe
from engine.planning.backdrops import nearest_colour
from engine.planning.choices import Look
from engine.prompting.tokens import TokenCount, fit, token_bound
from engine.wishes import Wish

_SEEN = 0.5
"""Score of an appearance measure above which it is named."""

_ALWAYS_WRONG = (
    "deformed",
    "extra fingers",
    "asymmetric eyes",
    "plastic skin",
    "text",
    "watermark",
    "logo",
    "lowres",
    "cropped head",
)
_GARMENT = re.compile(r"\b(?:attire|clothes|suits?|shirt|knitwear|top)\b|wearing (?!glasses)")
_PLACES = {
    ("office", "day"): "bright modern office far out of focus",
    ("office", "warm"): "warm wood office far out of focus",
    ("bokeh", "city"): "city lights bokeh",
    ("bokeh", "green"): "green park bokeh",
    ("bokeh", "warm"): "warm lamps bokeh",
    ("bokeh", "evening"): "blue evening bokeh",
    ("brick", ""): "painted brick wall",
    ("shelves", ""): "library bookshelves out of focus",
    ("haze", ""): "soft colours of a real place far out of focus",
    ("original", ""): "real surroundings out of focus",
    ("picture", ""): "real place out of focus",
}


def to_prompt(
    style: Style,
    look: Look,
    appearance: Appearance,
    wish: Wish,
    card: RendererCard,
    count: TokenCount = token_bound,
) -> Prompt:
    """Prompt of one planned picture; `count` measures tokens, 75 a part."""
    unmet = (*wish.needs_new_pixels, *wish.unmet) if card.keeps_pixels else wish.unmet
    return Prompt(
        subject=fit(_subject(style, look, appearance, wish), count),
        photography=photography(style, look, count),
        negative=fit(_negative(style, look.grade, appearance, wish), count),
        unmet=tuple(dict.fromkeys(unmet)),
    )


def photography(style: Style, look: Look, count: TokenCount = token_bound) -> str:
    """The second part alone: all that a variation of light, backdrop or grade changes."""
    return fit(_photography(style, look.light, look.backdrop, look.grade), count)


def _subject(style: Style, look: Look, seen: Appearance, wish: Wish) -> Iterator[str]:
    yield style.prompt.subject[0]
    yield "close-up of one person" if CROPS[look.crop].head >= 0.58 else "head and shoulders of one person"
    yield from wish.phrases
    if "wish_unmet_glasses" not in wish.needs_new_pixels and seen.glasses > _SEEN:
        yield "wearing glasses"
    if seen.facial_hair > _SEEN:
        yield "facial hair"
    if seen.hair_colour and not seen.monochrome:
        yield f"{_plain(seen.hair_colour)} hair"
    dressed = any(_GARMENT.search(phrase) for phrase in wish.phrases)
    yield "" if dressed else _clothes(seen, look.wardrobe)
    yield from (phrase for phrase in style.prompt.subject[1:] if not (dressed and _GARMENT.search(phrase)))
    if style.expression and "wish_unmet_expression" not in wish.needs_new_pixels:
        yield f"{style.expression} expression"
    yield "looking at the camera" if "wish_unmet_gaze" not in wish.needs_new_pixels else ""


def _clothes(seen: Appearance, wardrobe: Wardrobe) -> str:
    if wardrobe != "own":
        return f"{wardrobe.replace('-', ' ')} clothes"
    if not seen.clothing_colour or seen.monochrome:
        return ""
    return f"{_plain(seen.clothing_colour)} {'plain' if seen.clothing_plain > _SEEN else 'patterned'} clothes"


def _photography(style: Style, light: Light, backdrop: Backdrop, grade: Grade) -> Iterator[str]:
    if grade.monochrome:
        yield "black and white photograph"
    yield _backdrop(backdrop, colourless=grade.monochrome)
    yield _light(light)
    yield from style.prompt.photography[:2]
    if max((rim.strength for rim in light.rims), default=0) > 0.3:
        yield "rim light on hair and shoulders"
    yield f"{style.lens_mm:.0f}mm lens, f/{style.aperture:g}"
    yield from style.prompt.photography[2:]
    if not grade.monochrome and abs(grade.warmth) >= 1:
        yield "warm tones" if grade.warmth > 0 else "cool tones"
    yield "high resolution photograph"


def _backdrop(backdrop: Backdrop, *, colourless: bool) -> str:
    if backdrop.kind in {"gradient", "canvas"} and backdrop.colours:
        surface = "studio backdrop" if backdrop.kind == "gradient" else "painted canvas backdrop"
        return surface if colourless else f"{nearest_colour(backdrop.colours[0]).replace('-', ' ')} {surface}"
    return _PLACES.get((backdrop.kind, backdrop.scene), "studio backdrop")


def _light(light: Light) -> str:
    side = abs(light.key_azimuth_deg)
    if side < 20:
        shape = "butterfly lighting"
    elif side < 46:
        shape = "loop lighting"
    elif light.key_elevation_deg < 30:
        shape = "window light from the side"
    else:
        shape = "rembrandt lighting"
    mood = "soft even" if light.ratio < 1.65 else "soft" if light.ratio < 2.15 else "dramatic"
    return f"{mood} {shape}"


def _negative(style: Style, grade: Grade, seen: Appearance, wish: Wish) -> Iterator[str]:
    yield from _ALWAYS_WRONG[:4]
    yield from style.prompt.negative
    if seen.glasses < 1 - _SEEN and "wearing glasses" not in wish.phrases:
        yield "glasses"
    if "without glasses" in wish.phrases:
        yield "glasses"
    yield "colour photograph" if grade.monochrome else "black and white"
    yield from _ALWAYS_WRONG[4:]


def _plain(word: str) -> str:
    """A measured colour name as a bare word: nothing else may slip into a prompt."""
    return " ".join(re.findall(r"[a-z]+", word.lower()))[:24]
