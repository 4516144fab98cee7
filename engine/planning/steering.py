"""What one selfie says about the plan: how often it is used, and which crops, lights and grades suit it."""

from collections.abc import Mapping
from dataclasses import replace

from engine.contract.selfies import Selfie
from engine.contract.styles import CropName, Style
from engine.planning.choices import Choices
from engine.planning.edits import black_and_white

_NARROW: Mapping[str, tuple[CropName, ...]] = {
    "hair_cut_off": ("tight", "square-tight"),
    "shoulders_missing": ("tight", "square-tight", "square"),
}
"""Finding → crops that hide it, the best first. A cut head looks meant only in a close crop; a cut shoulder needs one too."""


def weight(selfie: Selfie, style: Style) -> float:
    """Share of the plan before normalising: better selfies more often, but none above a good one's threefold."""
    share = 0.15 + selfie.quality**2
    if "side_light" in _codes(selfie) and not style.side_light:
        share *= 0.5
    return share * (0.4 if selfie.appearance.monochrome else 1.0)


def steered(choices: Choices, selfie: Selfie) -> Choices:
    """The choices in the order that suits this selfie."""
    lights, grades = choices.lights, choices.grades
    if "side_light" in _codes(selfie):  # light that goes along with the shadow instead of denying it
        lights = tuple(sorted(lights, key=lambda light: -light.ratio))
    if selfie.appearance.monochrome:
        grades = tuple(black_and_white(grade) for grade in grades)
    return replace(choices, crops=_crops(choices, selfie), lights=lights, grades=grades)


def _crops(choices: Choices, selfie: Selfie) -> tuple[CropName, ...]:
    if choices.crops_are_asked_for:
        return choices.crops
    for code, narrow in _NARROW.items():
        if code in _codes(selfie):
            return tuple(crop for crop in narrow if crop in choices.crops) or narrow
    return choices.crops


def _codes(selfie: Selfie) -> frozenset[str]:
    return frozenset(finding.code for finding in selfie.findings)
