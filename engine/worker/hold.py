"""A lease that is kept alive while its shoot is worked on, and every write under it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Self

from bot.ledger import LEASE_S, Leases
from bot.payloads import HeadshotFacts, to_json
from bot.shoots import Checkpoint, Ending, Lease
from engine.contract.errors import HeadroomError, StorageError
from engine.worker.patience import patiently


class Lost(Exception):
    """Somebody else has the shoot, or nobody wants it any more: stop, and throw away what was not written."""


class Hold:
    """Beats until it is over. Beats and writes take turns, so that none crosses the ending.

    Each write is tried again until the lease has run out since the ledger last answered; then its StorageError goes up.
    All raise Lost when the ledger says that the lease is not ours.
    """

    def __init__(self, leases: Leases, lease: Lease, lease_s: float = LEASE_S) -> None:
        self.lease = lease
        self.made: tuple[Checkpoint, ...] = lease.checkpoints
        """What is safe on disk, earlier starts included."""
        self._leases = leases
        self._lease_s = lease_s
        self._answered_at = time.monotonic()
        self._turn = asyncio.Lock()
        self._over = False

    async def __aenter__(self) -> Self:
        self.heart = asyncio.create_task(self._beat())
        """Ends when the shoot is lost."""
        return self

    async def __aexit__(self, *_: object) -> None:
        self.heart.cancel()
        await asyncio.gather(self.heart, return_exceptions=True)

    async def keep(self) -> None:
        """Make sure that the shoot is still ours."""

        async def beat() -> bool:
            return await self._leases.beat(self.lease) is not None

        await self._write(beat)

    async def checkpoint(self, artifact: str, facts: HeadshotFacts) -> None:
        """Write the next headshot down."""
        made = Checkpoint(len(self.made), artifact, to_json(facts))
        await self._write(lambda: self._leases.checkpoint(self.lease, made))
        self.made = (*self.made, made)

    async def finish(self, ending: Ending) -> None:
        """The last word."""
        await self._write(lambda: self._leases.finish(self.lease, ending), last=True)

    async def give_back(self, error: HeadroomError | None = None) -> None:
        """Let it go; without an error this start does not count."""
        await self._write(lambda: self._leases.give_back(self.lease, error), last=True)

    async def _beat(self) -> None:
        while not self._over:
            await asyncio.sleep(self._lease_s / 4)
            try:
                await self.keep()
            except (Lost, StorageError):
                return

    async def _write(self, write: Callable[[], Awaitable[bool]], *, last: bool = False) -> None:
        async with self._turn:
            if self._over:
                return
            if not await patiently(write, lambda: self._answered_at + self._lease_s):
                raise Lost
            self._answered_at = time.monotonic()
            self._over = last
