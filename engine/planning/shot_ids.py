"""Seeds and ids of shots: both follow from what a shot is, on every machine and in every Python."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from engine.contract.shots import Shot

ID_LENGTH = 12


def seed_of(seed: int, index: int, style: str) -> int:
    """Seed of the shot at `index` of a shoot, in [0, 2**32)."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{index}/{style}".encode()).digest()[:4], "big")


def with_id(shot: Shot) -> Shot:
    """The same shot with the id that its other fields give: 12 hex digits of their SHA-256."""
    return replace(shot, id=shot_id(shot))


def shot_id(shot: Shot) -> str:
    """Id that belongs to the fields of a shot; differs from `shot.id` where somebody changed a recipe by hand."""
    fields = asdict(shot)
    del fields["id"]
    text = json.dumps(_canonical(fields), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def _canonical(value: Any) -> Any:
    """Numbers as floats (2 and 2.0 are the same light), tuples as lists."""
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            return float(value) + 0.0  # -0.0 becomes 0.0
        case dict():
            return {key: _canonical(entry) for key, entry in value.items()}
        case _:
            return [_canonical(entry) for entry in value]
