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

_VISIBLE = 0.012
"""Difference to the median that is worth a word."""
_RARE = 1.4
"""How strong it is to be the only picture with a backdrop, light or crop."""
_WORN = 0.55
"""How much weaker a merit gets each time a sentence has named it."""


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
        ranked = sorted(merits, key=lambda merit: (-merit.strength * _WORN ** used[merit.code], merit.code))
        told = ranked[:2]
        used.update(merit.code for merit in told)
        sentences.append(_sentence(told, shots[index]))
    return sentences


def _sentence(told: Sequence[Merit], shot: Shot) -> str:
    phrases = [phrase(merit.code, **merit.facts) for merit in told]
    if len(phrases) == 2:
        return sentence("why_two", first=phrases[0], second=phrases[1])
    if len(phrases) == 1:
        return sentence("why_one", first=phrases[0])
    return sentence("why_even", **_facts(shot))


def _measured(parts: Sequence[Mapping[str, float]], index: int) -> list[Merit]:
    merits = []
    for name, value in parts[index].items():
        column = np.array([row.get(name, value) for row in parts])
        above = value - float(np.median(column))
        if len(parts) < 2 or above < _VISIBLE:
            continue
        spread = max(1.4826 * float(np.median(np.abs(column - np.median(column)))), _VISIBLE)
        first = value == column.max() and int((column > value - _VISIBLE / 4).sum()) == 1
        strength = min(above / spread, 4.0)
        merits.append(Merit(f"{name}_best" if first else f"{name}_good", strength + (0.6 if first else 0.0), {}))
    return merits


def _planned(shots: Sequence[Shot], index: int) -> list[Merit]:
    facts = _facts(shots[index])
    merits = []
    for name in ("backdrop", "light", "crop"):
        same = sum(_facts(other)[name] == facts[name] for other in shots)
        if len(shots) > 1 and same == 1:
            merits.append(Merit(f"only_{name}", _RARE, facts))
    return merits


def _facts(shot: Shot) -> dict[str, str]:
    names = {"backdrop": shot.backdrop.name, "light": shot.light.name, "crop": shot.crop}
    return {key: name.replace("-", " ") for key, name in names.items()}
