"""Forgetting somebody: key, pictures, doorbell, messages and rows, in an order in which every step may be repeated.

The key goes first, because without it no copy of a picture can be read again, wherever it lies. The rows go near the end,
because they say what there is to destroy elsewhere. Whoever repeats a call that broke off destroys the rest.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.artifacts import ArtifactStore, Removed
from bot.chat import ChatPlatform
from bot.doorbell import ShootQueue
from bot.ledger import People
from bot.people import Person
from bot.shoots import ShootState
from engine.contract.errors import PlatformError, QueueError, RateLimited, Undeliverable

PATIENCE_S = 20.0
"""For all pauses that a platform asks for during one call; an event is handed to somebody else after a minute."""
TRIES = 3
"""Of one message, while the platform does not answer clearly."""
ROUNDS = 3
"""Looks for what was written while we forgot."""
_SHARED = "consent_texts"
"""The words that everybody agrees to belong to nobody."""


@dataclass(frozen=True, slots=True)
class ForgottenCounts:
    """What one call destroyed, and what it left."""

    pictures: int
    keys: int
    leftovers: int
    """Half-written files."""
    size_bytes: int
    """Room that became free in the picture store."""
    rows: Mapping[str, int]
    """Of the ledger, by table."""
    messages: int
    """In the chat."""
    queue_entries: int
    queue_reached: bool
    """False: Redis was away. What it holds of shoots are ids and counts, and they go by themselves within a day."""
    remaining: int
    """Rows and pictures that a last look found: 0, or somebody was writing at that moment and has to be forgotten again."""

    @property
    def records(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


@dataclass(slots=True)
class _Tally:
    """Running counts of one call."""

    removed: Removed = field(default_factory=Removed)
    rows: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    queue_entries: int = 0
    queue_reached: bool = True

    def add_pictures(self, more: Removed) -> None:
        self.removed = Removed(
            self.removed.artifacts + more.artifacts,
            self.removed.keys + more.keys,
            self.removed.leftovers + more.leftovers,
            self.removed.size_bytes + more.size_bytes,
        )

    def add_rows(self, more: Mapping[str, int]) -> None:
        for table, count in more.items():
            self.rows[table] = self.rows.get(table, 0) + count


class Forgetting:
    """Forgets people. One for the whole process: it remembers which messages it has deleted, so that a call which broke off
    in a chat that allows few calls a minute goes on where it was.
    """

    def __init__(
        self,
        people: People,
        pictures: ArtifactStore,
        queue: ShootQueue,
        platforms: Mapping[str, ChatPlatform],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._people = people
        self._pictures = pictures
        self._queue = queue
        self._platforms = platforms
        self._sleep = sleep
        self._gone: dict[str, set[str]] = {}

    async def forget(self, person: Person) -> ForgottenCounts:
        """Destroy everything, and look whether anything is left.

        Raises StorageError and PlatformError, `RateLimited` among them: call again, the rest is still to be destroyed.
        """
        tally = _Tally()
        tally.add_pictures(await self._pictures.delete_owner(person.key))
        export = await self._people.export(person)
        shoots = {str(row["id"]): ShootState(row["state"]) for row in export["shoots"]}
        await self._quiet(shoots, tally)
        await self._delete_messages(person, _references(export), tally)
        forgotten = await self._people.forget(person)
        tally.add_rows(forgotten.counts)
        for shoot_id in (each for each, state in shoots.items() if state.is_open):
            await self._queue.cancel(shoot_id)  # whoever makes it stops now and not with the next beat of its lease
        await self._delete_messages(person, (ref for _, ref in forgotten.messages), tally)
        remaining = await self._sweep_up(person, tally)
        await self._quiet(shoots, tally)
        self._gone.pop(person.key, None)
        return ForgottenCounts(
            pictures=tally.removed.artifacts,
            keys=tally.removed.keys,
            leftovers=tally.removed.leftovers,
            size_bytes=tally.removed.size_bytes,
            rows=tally.rows,
            messages=tally.messages,
            queue_entries=tally.queue_entries,
            queue_reached=tally.queue_reached,
            remaining=remaining,
        )

    async def _quiet(self, shoot_ids: Collection[str], tally: _Tally) -> None:
        """Take away what the doorbell knows."""
        try:
            tally.queue_entries += await self._queue.forget(shoot_ids)
        except QueueError:
            tally.queue_reached = False
        else:
            tally.queue_reached = True

    async def _delete_messages(self, person: Person, references: Iterable[str], tally: _Tally) -> None:
        """The newest first, since that is what stands before everybody's eyes."""
        platform = self._platforms.get(person.platform)
        gone = self._gone.setdefault(person.key, set())
        patience_s = PATIENCE_S
        for ref in reversed(tuple(dict.fromkeys(references))):
            if platform is None or ref in gone:
                continue
            deleted, patience_s = await self._delete(platform, ref, patience_s)
            gone.add(ref)
            tally.messages += deleted

    async def _delete(self, platform: ChatPlatform, ref: str, patience_s: float) -> tuple[bool, float]:
        """Whether it still stood there, and the patience that is left."""
        tries = 0
        while True:
            try:
                return await platform.delete(ref), patience_s
            except Undeliverable:
                return False, patience_s
            except RateLimited as error:
                patience_s -= max(error.retry_after_s, 0.1)
                if patience_s < 0:
                    raise
                await self._sleep(max(error.retry_after_s, 0.1))
            except PlatformError:
                tries += 1
                if tries == TRIES:
                    raise
                await self._sleep(0.2 * tries)

    async def _sweep_up(self, person: Person, tally: _Tally) -> int:
        """Destroy what crossed us until nothing is found; how much the last look found."""
        for last in range(1, ROUNDS + 1):
            late = await self._pictures.delete_owner(person.key)
            tally.add_pictures(late)
            rows = await self._rows_left(person)
            if not (found := rows + late.artifacts + late.keys + late.leftovers) or last == ROUNDS:
                return found
            if rows:
                tally.add_rows((await self._people.forget(person)).counts)
        raise AssertionError("there is a last round")

    async def _rows_left(self, person: Person) -> int:
        export = await self._people.export(person)
        return sum(len(rows) for name, rows in export.items() if isinstance(rows, list) and name != _SHARED)


def _references(export: Mapping[str, Any]) -> list[str]:
    """Of all messages that stand in the chat, the oldest first."""
    placeholders = [row["placeholder"] for row in export["shoots"]]
    posted = [row["posted"] for row in export["messages"]]
    return [str(ref) for ref in (*placeholders, *posted) if ref]
