"""What one look of `headroom doctor` found."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from engine.contract.errors import HeadroomError
from engine.contract.sentences import sentence

if TYPE_CHECKING:
    from bot.settings import Settings

Outcome: TypeAlias = Literal["good", "note", "bad"]
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Seen:
    """`good`: all is well. `note`: it works, and somebody should know. `bad`: it keeps Headroom from working."""

    outcome: Outcome
    told: str
    """What is the case, in a few words."""
    advice: str = ""
    """What to do, in a sentence; "" for what is good."""


Look: TypeAlias = "Callable[[Settings], Awaitable[Seen]]"


async def look_at(looks: Mapping[str, Look], settings: "Settings") -> dict[str, Seen]:
    """All of them side by side, in their order."""
    found = await asyncio.gather(*(_patiently(look, settings) for look in looks.values()))
    return dict(zip(looks, found, strict=True))


async def _patiently(look: Look, settings: "Settings") -> Seen:
    """What goes wrong in a way that we know is seen, too."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await look(settings)
    except HeadroomError as error:
        return from_error(error)
    except TimeoutError:
        return Seen(
            "bad",
            "no answer",
            f"It did not answer in {PATIENCE_S:.0f} seconds. Is the address right, and is it reachable?",
        )


def from_error(error: HeadroomError) -> Seen:
    """An error as a finding: its code, and its sentence as advice."""
    return Seen("bad", error.code.replace("_", " "), sentence(error.code, **error.facts))
