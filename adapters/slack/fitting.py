"""How a message is made to fit: what it has least need of goes, and a line says how much that was."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from adapters.slack.escape import Json, plain
from adapters.slack.limits import CONTEXT


class Need(IntEnum):
    """How much a message needs a piece; the first go last."""

    PICTURE = 0
    BUTTONS = 1
    HEADING = 2
    LIST = 3
    PROSE = 4
    SMALL = 5


_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Blocks that stand or go together."""

    blocks: tuple[Json, ...]
    need: Need
    count: int = 1
    """Things that a person would count in it."""


@dataclass(frozen=True, slots=True)
class Room:
    """What fits. `weight`: characters of JSON; None = only the blocks are counted."""

    blocks: int
    weight: int | None = None

    def holds(self, pieces: Iterable[Piece]) -> bool:
        """True when all of them fit."""
        return not any(self._excess(pieces))

    def cut(self, pieces: Sequence[Piece]) -> list[Piece]:
        """As many as fit, in their order; of what is needed least the last goes first, and a line tells."""
        if self.holds(pieces):
            return list(pieces)
        blocks, heavy = self._excess([*pieces, _more(_MANY)])
        gone: set[int] = set()
        for at in sorted(range(len(pieces)), key=lambda at: (-pieces[at].need, -at)):
            if blocks <= 0 and heavy <= 0:
                break
            gone.add(at)
            blocks, heavy = blocks - len(pieces[at].blocks), heavy - weight(pieces[at].blocks) + 1
        more = _more(sum(pieces[at].count for at in gone))
        return [more if at == min(gone) else piece for at, piece in enumerate(pieces) if at not in gone - {min(gone)}]

    def _excess(self, pieces: Iterable[Piece]) -> tuple[int, int]:
        """Blocks and characters too many; 0 = none."""
        blocks = [block for piece in pieces for block in piece.blocks]
        heavy = 0 if self.weight is None else max(weight(blocks) - self.weight, 0)
        return max(len(blocks) - self.blocks, 0), heavy


def weight(blocks: Sequence[Json]) -> int:
    """Characters of the blocks as JSON."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _more(count: int) -> Piece:
    return Piece(({"type": "context", "elements": [plain(f"… and {count} more", CONTEXT)]},), Need.PICTURE, 0)


def numbered(pieces: Iterable[Piece]) -> list[Piece]:
    """With an `action_id` of its own for each thing to press, and one button in the colour of the first choice."""
    seen: Counter[str] = Counter()
    return [replace(piece, blocks=tuple(_numbered(block, seen) for block in piece.blocks)) for piece in pieces]


def _numbered(block: Json, seen: Counter[str]) -> Json:
    if "accessory" in block:
        return {**block, "accessory": _told_apart(block["accessory"], seen)}
    if block["type"] == "actions":
        return {**block, "elements": [_told_apart(element, seen) for element in block["elements"]]}
    return block


def _told_apart(element: Json, seen: Counter[str]) -> Json:
    name = element["action_id"]
    seen[name] += 1
    drawn = {**element, "action_id": f"{name}-{seen[name]}"}
    if element.get("style") == "primary":
        seen[":primary"] += 1
        if seen[":primary"] > 1:
            del drawn["style"]
    return drawn
