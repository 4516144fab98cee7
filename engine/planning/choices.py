"""What a plan may choose from: the style's own lists, changed by what the person asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from engine.contract.shots import ShootRequest
from engine.contract.styles import Backdrop, CropName, Grade, Light, Style, Wardrobe
from engine.planning.backdrops import PLACES, colour_backdrops
from engine.planning.edits import BACKDROP_EDITS, GRADE_EDITS, LIGHT_EDITS
from engine.wishes import Wish


@dataclass(frozen=True, slots=True)
class Look:
    """One choice of each: everything of a picture but the selfie."""

    crop: CropName
    light: Light
    backdrop: Backdrop
    grade: Grade
    wardrobe: Wardrobe


@dataclass(frozen=True, slots=True)
class Choices:
    """Lists in order of preference; each holds one entry at least."""

    crops: tuple[CropName, ...]
    lights: tuple[Light, ...]
    backdrops: tuple[Backdrop, ...]
    grades: tuple[Grade, ...]
    wardrobe: tuple[Wardrobe, ...]
    polish: float
    crops_are_asked_for: bool
    """True: the person named the crops, so no selfie may change them."""

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """Number of crops, lights, backdrops, grades and wardrobe tones."""
        return len(self.crops), len(self.lights), len(self.backdrops), len(self.grades), len(self.wardrobe)

    def look(self, at: Sequence[int]) -> Look:
        """The look at five indices, in the order of `sizes`."""
        crop, light, backdrop, grade, wardrobe = at
        return Look(
            self.crops[crop], self.lights[light], self.backdrops[backdrop], self.grades[grade], self.wardrobe[wardrobe]
        )


def to_choices(style: Style, request: ShootRequest, wish: Wish) -> Choices:
    """Choices of a shoot. Fields of the request win over the wish, the wish over the style."""
    lights, backdrops, grades = style.lights, _backdrops(style, request, wish), style.grades
    for edit in wish.edits:
        if change_light := LIGHT_EDITS.get(edit):
            lights = tuple(change_light(light, 1.0) for light in lights)
        if change_grade := GRADE_EDITS.get(edit):
            grades = tuple(change_grade(grade, 1.0) for grade in grades)
        if (change_backdrop := BACKDROP_EDITS.get(edit)) and request.backdrop is None:
            backdrops = tuple(change_backdrop(backdrop, 1.0) for backdrop in backdrops)
    return Choices(
        crops=_unique(request.crops) or wish.crops or style.crops,
        lights=lights,
        backdrops=backdrops,
        grades=_distinct(grades),
        wardrobe=(request.wardrobe,) if request.wardrobe else (wish.wardrobe,) if wish.wardrobe else style.wardrobe,
        polish=request.polish if wish.polish is None else wish.polish,
        crops_are_asked_for=bool(request.crops or wish.crops),
    )


def _backdrops(style: Style, request: ShootRequest, wish: Wish) -> tuple[Backdrop, ...]:
    if request.backdrop is not None:
        return (request.backdrop,)
    if wish.colours:
        by_colour = [colour_backdrops(colour) for colour in wish.colours]
        return tuple(chain.from_iterable(zip(*by_colour, strict=True)))  # first of each colour, then second of each
    if wish.place:
        own = tuple(backdrop for backdrop in style.backdrops if _shows(backdrop, wish.place))
        names = {backdrop.name for backdrop in own}
        return own + tuple(backdrop for backdrop in PLACES[wish.place] if backdrop.name not in names)
    return style.backdrops


def _shows(backdrop: Backdrop, place: str) -> bool:
    return (backdrop.kind, backdrop.scene) in {(known.kind, known.scene) for known in PLACES[place]}


def _unique(crops: tuple[CropName, ...]) -> tuple[CropName, ...]:
    return tuple(dict.fromkeys(crops))


def _distinct(grades: tuple[Grade, ...]) -> tuple[Grade, ...]:
    """Grades that an edit made equal stand once: two edits at their limit look the same."""
    seen: dict[Grade, Grade] = {}
    for grade in grades:
        seen.setdefault(replace(grade, name="any"), grade)
    return tuple(seen.values())
