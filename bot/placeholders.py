"""What relay and progress board share about the first message of a shoot, the placeholder: one hand on it at a time, and
which workspaces asked for patience.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any
from weakref import WeakValueDictionary

from bot.ledger import Clock
from bot.people import Person


class Placeholders:
    """One for all that edits in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._quiet: dict[tuple[str, str], tuple[float, float]] = {}
        """From when until when."""

    def alone(self, shoot_id: str | None) -> AbstractAsyncContextManager[Any]:
        """Nobody else in this process changes the messages of the shoot meanwhile. None: a message of no shoot."""
        if shoot_id is None:
            return nullcontext()
        return self._locks.setdefault(shoot_id, asyncio.Lock())

    def in_use(self, shoot_id: str) -> bool:
        """Somebody is changing them right now."""
        lock = self._locks.get(shoot_id)
        return lock is not None and lock.locked()

    def refused(self, person: Person, retry_after_s: float) -> None:
        """The person's workspace asked us to wait; galleries try again when they may, progress stays away until then."""
        now = self._clock()
        self._quiet = {each: (since, until) for each, (since, until) in self._quiet.items() if since <= now < until}
        workspace = (person.platform, person.workspace)
        since, until = self._quiet.get(workspace, (now, now))
        self._quiet[workspace] = (since, max(until, now + retry_after_s))

    def quiet(self, person: Person) -> bool:
        """True while progress in the person's workspace has to wait."""
        since, until = self._quiet.get((person.platform, person.workspace), (0.0, 0.0))
        return since <= self._clock() < until
