"""Why a headshot is in the gallery: what it does better than the others, in one sentence.

Merits are relative: each measure is compared with the gallery's median in units of its spread, so a sentence says something
about this picture and not about all of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.contract.sentences import phrase, sentence
from engine.contract.shots import Shot
from engine.contract.styles import CropName

_VISIBLE = 0.012
"""Difference to the median that is worth a word."""
_GOOD = 0.7
"""A merit is called good, not only better than others, from this score on."""
_RARE = 1.4
"""How strong it is to be the only picture with a backdrop, light or crop."""
_WORN = 0.4
"""How much weaker a merit gets each time a sentence has named it."""
_LOOK = 0.45
"""How strong it is to be one of several looks: told when nothing else is left to tell."""
_INTEREST = {
    "likeness": 1.3,
    "eyes": 1.2,
    "light": 1.1,
    "focus": 1.1,
    "edges": 0.8,
    "tones": 0.7,
    "noise": 0.5,
    "compression": 0.3,
}
"""How much a person cares; 1 for the others."""
_CROPS: dict[CropName, str] = {
    "classic": "classic",
    "tight": "tight",
    "wide": "wide",
    "square": "square",
    "square-tight": "tight square",
    "three-four": "3:4",
    "two-three": "2:3",
    "banner": "banner",
}


@dataclass(frozen=True, slots=True)
class Merit:
    """Something that sets a picture apart."""

    code: str
    strength: float
    facts: Mapping[str, str]


def reasons(parts: Sequence[Mapping[str, float]], shots: Sequence[Shot]) -> list[str]:
    """One sentence for each picture, in order of rank."""
    found = [_measured(parts, index) + _planned(shots, index) for index in range(len(parts))]
    used: Counter[str] = Counter()
    sentences = []
    for index, merits in enumerate(found):
        told = _strongest(merits, used)
        used.update(merit.code for merit in told if merit.code != "look")
        sentences.append(_sentence(told, shots[index]))
    return sentences


def _strongest(merits: Sequence[Merit], used: Mapping[str, int]) -> list[Merit]:
    """The two best after wear, no less than the mere look."""
    worn = [(merit.strength * _WORN ** used.get(merit.code, 0), merit) for merit in merits]
    worth = [(strength, merit) for strength, merit in worn if strength >= _LOOK]
    return [merit for _, merit in sorted(worth, key=lambda pair: (-pair[0], pair[1].code))][:2]


def _sentence(told: Sequence[Merit], shot: Shot) -> str:
    phrases = [phrase(merit.code, **merit.facts) for merit in told]
    if len(phrases) == 2:
        return sentence("why_two", first=phrases[0], second=phrases[1])
    if len(phrases) == 1 and told[0].code != "look":
        return sentence("why_one", first=phrases[0])
    return sentence("why_variety", **_facts(shot))


def _measured(parts: Sequence[Mapping[str, float]], index: int) -> list[Merit]:
    merits = []
    for name, value in parts[index].items():
        column = np.array([row.get(name, value) for row in parts])
        above = value - float(np.median(column))
        if len(parts) < 2 or above < _VISIBLE:
            continue
        spread = max(1.4826 * float(np.median(np.abs(column - np.median(column)))), _VISIBLE)
        first = value == column.max() and int((column > value - _VISIBLE / 4).sum()) == 1
        if not first and value < _GOOD:
            continue
        strength = min(above / spread, 4.0)
        merits.append(
            Merit(
                f"{name}_best" if first else f"{name}_good",
                _INTEREST.get(name, 1.0) * (strength + (0.6 if first else 0.0)),
                {},
            )
        )
    return merits


def _planned(shots: Sequence[Shot], index: int) -> list[Merit]:
    facts = _facts(shots[index])
    merits = []
    for name in ("backdrop", "light", "crop"):
        same = sum(_facts(other)[name] == facts[name] for other in shots)
        if len(shots) > 1 and same == 1:
            merits.append(Merit(f"only_{name}", _RARE, facts))
    return merits or [Merit("look", _LOOK, facts)]


def _facts(shot: Shot) -> dict[str, str]:
    names = {"backdrop": shot.backdrop.name, "light": shot.light.name}
    return {key: name.replace("-", " ") for key, name in names.items()} | {"crop": _CROPS[shot.crop]}
