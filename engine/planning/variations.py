"""Variations: edits of one shot's recipe. Each keeps the selfie and all that its kind does not name, and knows its parent."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from engine.contract.crops import CROPS
from engine.contract.errors import PersonError
from engine.contract.shots import Shot
from engine.contract.styles import Backdrop, CropName, Light, Rim, Style
from engine.planning.backdrops import COLOURS, PLACES, colour_backdrops
from engine.planning.choices import Look
from engine.planning.edits import BACKDROP_EDITS, GRADE_EDITS, LIGHT_EDITS, within
from engine.planning.shot_ids import seed_of, with_id
from engine.planning.variation_kinds import TONES, VARIATIONS
from engine.prompting.prompts import photography
from engine.stages.style import find_style

__all__ = ["VARIATIONS", "vary"]

_STEPS = (1.3, 2.4)
"""Warmer, softer and so on come clear and strong: whoever presses for a change wants to see one."""

_STUDIO_LIGHTS = (
    Light("loop", 40, 32, 1.9),
    Light("butterfly", 8, 42, 1.7, 0.6, 0.38),
    Light("rembrandt", 54, 42, 2.4, 0.45, 0.22),
    Light("window", 62, 20, 2.0, 0.7, 0.3, rims=(Rim(-140, 18, 0.5),)),
    Light("open-shade", 20, 48, 1.4, 1.0, 0.45, rims=(Rim(150, 30, 0.4), Rim(-150, 30, 0.3))),
)
"""Lights that every style may borrow, where its own are used up."""

_FRAMES: tuple[CropName, ...] = tuple(crop for crop in CROPS if crop != "banner")

_FLAT = {"gradient", "canvas"}
"""Backdrops that show nothing which could be in focus or out of it."""
_STUDIO_BACKDROPS = tuple(colour_backdrops(colour)[0] for colour in ("grey", "white", "navy", "charcoal", "beige"))


def vary(shot: Shot, kind: str, count: int = 4, seed: int = 0, style: Style | None = None) -> tuple[Shot, ...]:
    """At most `count` shots that vary `shot`; the same arguments give the same shots.

    `kind` is a key of VARIATIONS however it is spelled ("White background"), or "#rrggbb background". `style` is needed where the
    shot's style is not a packaged one. Raises PersonError "variation_unknown", "variation_at_limit" (nothing left to change).
    """
    style = style or find_style(shot.style)
    before = Look(shot.crop, shot.light, shot.backdrop, shot.grade, shot.wardrobe)
    name = re.sub(r"[^a-z0-9#]+", "-", kind.casefold()).strip("-")
    looks = list(dict.fromkeys(look for look in _looks(name, before, style, count) if look != before))[:count]
    if not looks:
        raise PersonError("variation_at_limit")
    return tuple(_varied(shot, look, index, name, seed, style) for index, look in enumerate(looks))


def _varied(shot: Shot, look: Look, index: int, name: str, seed: int, style: Style) -> Shot:
    prompt = replace(shot.prompt, photography=photography(style, look))
    return with_id(
        replace(
            shot,
            seed=seed_of(seed, index, f"{shot.id}/{name}"),
            crop=look.crop,
            light=look.light,
            backdrop=look.backdrop,
            grade=look.grade,
            wardrobe=look.wardrobe,
            prompt=prompt,
            preference=round(max(0.0, 1 - 0.05 * index), 4),
            parent=shot.id,
        )
    )


def _looks(name: str, before: Look, style: Style, count: int) -> Iterable[Look]:
    if make := _KINDS.get(name):
        return make(before, style, count)
    if name in LIGHT_EDITS or name in GRADE_EDITS:
        return _edited(name, before)
    if change := BACKDROP_EDITS.get(name):
        return () if before.backdrop.kind in _FLAT else _before([change(before.backdrop, s) for s in _STEPS], before)
    ground = re.sub(r"-(?:back)?(?:ground|drop)$", "", name)
    if ground != name and (ground in COLOURS or re.fullmatch(r"#[0-9a-f]{6}", ground)):
        return _before(colour_backdrops(ground), before)
    if ground != name and ground in PLACES:
        return _before(PLACES[ground], before)
    tone = name.removesuffix("-clothes")
    if tone != name and (found := next((known for known in (*TONES, "own") if known == tone), None)):
        return (replace(before, wardrobe=found),)
    raise PersonError("variation_unknown", kinds=", ".join(VARIATIONS))


def _edited(name: str, before: Look) -> Iterable[Look]:
    steps = (1.0,) if name in {"black-and-white", "colour"} else _STEPS
    for step in steps:
        light, grade = before.light, before.grade
        if change_light := LIGHT_EDITS.get(name):
            light = change_light(light, step)
        if change_grade := GRADE_EDITS.get(name):
            grade = change_grade(grade, step)
        yield replace(before, light=light, grade=grade)


def _before(backdrops: Iterable[Backdrop], look: Look) -> Iterable[Look]:
    return (replace(look, backdrop=backdrop) for backdrop in backdrops)


def _new_backdrop(before: Look, style: Style, _count: int) -> Iterable[Look]:
    """The style's other backdrops, then plain ones of the studio."""
    others = [backdrop for backdrop in (*style.backdrops, *_STUDIO_BACKDROPS) if backdrop.name != before.backdrop.name]
    return _before(others, before)


def _new_light(before: Look, style: Style, _count: int) -> Iterable[Look]:
    """The style's other lights, then those of the studio."""
    others = {light.name: light for light in (*_STUDIO_LIGHTS, *style.lights)}  # the style's own wins over its namesake
    order = dict.fromkeys(light.name for light in (*style.lights, *_STUDIO_LIGHTS))
    return (replace(before, light=others[name]) for name in order if name != before.light.name)


def _new_crop(before: Look, style: Style, _count: int) -> Iterable[Look]:
    """The style's other crops, then all that there are."""
    return (replace(before, crop=crop) for crop in dict.fromkeys((*style.crops, *CROPS)) if crop != before.crop)


def _tighter(before: Look, _style: Style, _count: int) -> Iterable[Look]:
    """Frames with a larger head: those of the same shape, then the others; a banner is no closer headshot."""
    now = CROPS[before.crop]
    return _crops(before, (c for c in _FRAMES if CROPS[c].head > now.head), lambda c: CROPS[c].head)


def _wider(before: Look, _style: Style, _count: int) -> Iterable[Look]:
    """Frames with a smaller head."""
    now = CROPS[before.crop]
    return _crops(before, (c for c in _FRAMES if CROPS[c].head < now.head), lambda c: -CROPS[c].head)


def _crops(before: Look, crops: Iterable[CropName], step: Callable[[CropName], float]) -> Iterable[Look]:
    """The smallest step comes first among frames of the same shape."""
    shape = CROPS[before.crop].aspect
    order = sorted(crops, key=lambda crop: (CROPS[crop].aspect != shape, step(crop)))
    return (replace(before, crop=crop) for crop in order)


def _square(before: Look, _style: Style, _count: int) -> Iterable[Look]:
    return (replace(before, crop=crop) for crop in CROPS if CROPS[crop].aspect == 1)


def _banner(before: Look, _style: Style, _count: int) -> Iterable[Look]:
    return (replace(before, crop="banner"),)


def _more_like_this(before: Look, _style: Style, count: int) -> Iterable[Look]:
    """Neighbours on a golden-angle spiral: each a little different from all others, none far from the first."""
    for number in range(1, count + 1):
        turn, reach = 2.399963 * number, 0.45 + 0.55 * number / count
        across, along = reach * math.cos(turn), reach * math.sin(turn)
        light, grade, backdrop = before.light, before.grade, before.backdrop
        yield replace(
            before,
            light=replace(
                light,
                key_azimuth_deg=within(-80, light.key_azimuth_deg + 26 * across, 80),
                key_elevation_deg=within(10, light.key_elevation_deg + 14 * along, 60),
                ratio=within(1.2, light.ratio + 0.6 * along, max(2.9, light.ratio)),
            ),
            grade=replace(
                grade,
                exposure_ev=within(-0.5, grade.exposure_ev + 0.2 * across, 0.5),
                contrast=within(0, grade.contrast - 0.08 * along, 0.5),
                warmth=grade.warmth if grade.monochrome else within(-8, grade.warmth + 3.2 * along, 8),
            ),
            backdrop=replace(backdrop, blur=within(0.004, backdrop.blur * (1 + 0.2 * across), 0.08)),
        )


_KINDS: Mapping[str, Callable[[Look, Style, int], Iterable[Look]]] = {
    "more-like-this": _more_like_this,
    "new-light": _new_light,
    "new-backdrop": _new_backdrop,
    "new-crop": _new_crop,
    "tighter": _tighter,
    "wider": _wider,
    "square": _square,
    "banner": _banner,
}
