"""Messages that were said to a person, as their records hold them: for the few presses that are about such a message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.ports import Ports
from bot.delivery import INSTEAD
from bot.people import Person
from bot.shoots import Json


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """One of them."""

    key: str
    notes: Json
    created_at: float
    posted: str
    """The platform's reference; "" = it does not stand in the chat yet, or never will."""

    @property
    def stands(self) -> bool:
        """It was posted, and not something else instead of it."""
        return bool(self.posted) and INSTEAD not in self.notes


async def said_to(ports: Ports, person: Person) -> tuple[SaidMessage, ...]:
    """All of this person's own."""
    rows: Iterable[Mapping[str, Any]] = (await ports.people.export(person))["messages"]
    return tuple(SaidMessage(row["key"], row["notes"], row["created_at"], row["posted"] or "") for row in rows)


SHARED = "shared"
"""Note of a message that shows a headshot to others: which stored picture that is."""


async def find_said(ports: Ports, person: Person, key: str) -> SaidMessage | None:
    """By its key. A message of somebody else is none."""
    return next((said for said in await said_to(ports, person) if said.key == key), None)
