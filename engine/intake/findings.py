"""From measures to findings: one table of limits, most important first. Every code has a sentence of advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.contract.selfies import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit on one measure. Signed measures (angles, side light) are taken by their size."""

    code: str
    measure: str
    limit: float
    refuses: bool
    above: bool
    """True: more than the limit is wrong; False: less."""

    def broken_by(self, value: float) -> bool:
        """Whether this value is on the wrong side."""
        return abs(value) > self.limit if self.above else value < self.limit


def _refuse(code: str, measure: str, *, below: float | None = None, above: float | None = None) -> Rule:
    return Rule(code, measure, below if below is not None else above or 0.0, True, below is None)


def _warn(code: str, measure: str, *, below: float | None = None, above: float | None = None) -> Rule:
    return Rule(code, measure, below if below is not None else above or 0.0, False, below is None)


RULES: Final[tuple[Rule, ...]] = (
    _refuse("photo_too_small", "min_side_px", below=512),
    _refuse("face_unclear", "face_presence", below=0.5),
    _refuse("face_cut_off", "face_cut", above=0.10),
    _refuse(
        "turned_away", "yaw_deg", above=40
    ),  # the mesh compresses large angles: 40 measured is 45 and more in truth
    _refuse("head_tipped_far", "pitch_deg", above=40),
    _refuse("head_leans_far", "roll_deg", above=40),
    _refuse("eyes_covered", "eyes_visible", below=0.4),
    _refuse("mouth_covered", "mouth_visible", below=0.35),
    _refuse("eyes_closed", "eyes_open", below=0.155),
    _refuse("face_too_small", "face_px", below=96),
    _refuse("blurred", "sharpness", below=0.35),
    _refuse("too_dark", "highlight", below=46),
    _refuse("too_bright", "over_exposure", above=0.5),
    _refuse("too_noisy", "noise", above=18),
    _warn("against_the_light", "backlight", above=28),
    _warn("dark", "highlight", below=62),
    _warn("soft", "sharpness", below=0.7),
    _warn("eyes_nearly_closed", "eyes_open", below=0.185),
    _warn("highlights_lost", "over_exposure", above=0.15),
    _warn("bright", "highlight", above=95.5),
    _warn("turned", "yaw_deg", above=25),
    _warn("head_tipped", "pitch_deg", above=20),
    _warn("head_leans", "roll_deg", above=20),
    _warn("noisy", "noise", above=6),
    _warn("compressed", "compression", above=0.9),
    _warn("side_light", "side_light_ev", above=1.8),
    _warn("face_small", "face_px", below=200),
    _warn("hair_cut_off", "hair_cut", above=0.45),
    _warn("shoulders_missing", "shoulders", below=1.2),
    _warn("black_and_white", "monochrome", above=0.5),
)
_COVERED_BY: Final[Mapping[str, frozenset[str]]] = {
    "dark": frozenset({"against_the_light"}),
    "bright": frozenset({"too_bright", "highlights_lost"}),
}
"""Findings that would only repeat others."""


def findings(measures: Mapping[str, float]) -> tuple[Finding, ...]:
    """Everything that is wrong, refusals first; of two limits on one measure the stricter one speaks."""
    found: dict[str, Finding] = {}
    told: set[str] = set()
    for rule in RULES:
        value = measures[rule.measure]
        said_already = rule.measure in told or _COVERED_BY.get(rule.code, frozenset()) & found.keys()
        if said_already or not rule.broken_by(value):
            continue
        found[rule.code] = Finding(rule.code, rule.refuses, round(value, 3), rule.limit)
        told.add(rule.measure)
    return tuple(found.values())


def quality(measures: Mapping[str, float]) -> float:
    """In [0, 1]: how good a base for headshots this is. Weighted geometric mean, so that one bad thing shows."""
    turn = np.cos(np.radians([measures["yaw_deg"], measures["pitch_deg"]])).prod() ** 2
    exposure = 1.0 - max(0.0, abs(measures["highlight"] - 82) - 8) / 40
    parts = (
        (measures["sharpness"], 2.0),
        ((measures["face_px"] / 350) ** 0.5, 1.5),
        (exposure - measures["over_exposure"], 1.5),
        (float(turn), 1.5),
        (0.4 + 0.6 * measures["illumination_uniformity"], 1.0),
        (1.0 - max(0.0, measures["noise"] - 3) / 20, 0.7),
        (1.0 - max(0.0, measures["compression"] - 0.4) / 2, 0.7),
        (measures["eyes_open"] / 0.25, 0.7),
        (min(measures["eyes_visible"], measures["mouth_visible"]), 1.0),
        (1.0 - measures["hair_cut"] / 2, 0.5),
        (measures["shoulders"] / 1.6, 0.3),
    )
    logs = [weight * float(np.log(np.clip(part, 0.02, 1.0))) for part, weight in parts]
    return round(float(np.exp(sum(logs) / sum(weight for _, weight in parts))), 4)
