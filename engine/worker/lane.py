"""One lane of one worker: claims until there is nothing to claim, then waits for a ring."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from bot.ledger import Leases
from bot.shoots import Lane as LaneName
from bot.shoots import Lease
from engine.contract.errors import StorageError
from engine.worker.device import Device

LOOK_S: Final = 5.0
"""Between two looks without a ring: with Redis away work goes on, a little later."""
AWAY_S: Final = (2.0, 6.0)
"""Pause while a store or the engine is away; random, so that workers do not come back in step."""
log = logging.getLogger(__name__)


class Lane:
    """The ledger says what there is to do; a ring only says that it is worth asking now."""

    def __init__(
        self,
        name: LaneName,
        leases: Leases,
        owner: str,
        device: Device,
        start: Callable[[Lease, Device], Awaitable[bool]],
        stop: asyncio.Event,
        look_s: float = LOOK_S,
        away_s: tuple[float, float] = AWAY_S,
    ) -> None:
        """`start` works on a shoot; False: wait a little before the next."""
        self.name = name
        self._leases, self._owner, self._device, self._start = leases, owner, device, start
        self._stop, self._look_s, self._away_s = stop, look_s, away_s
        self._rung, self._rest = asyncio.Event(), asyncio.Event()

    async def answer(self, shoot_id: str) -> None:
        """A ring. It is kept while there is work, so that a busy worker does not take away the rings of an idle one."""
        del shoot_id  # the ledger knows whose turn it is
        self._rest.clear()
        self._rung.set()
        await _first(self._rest, self._stop)

    async def run(self) -> None:
        """Until told to stop. Begins with a look: work may have waited for us."""
        while not self._stop.is_set():
            self._rung.clear()
            try:
                while not self._stop.is_set() and (patient := await self._one()) is not None:
                    if not patient:
                        await self._pause()
            except StorageError as error:
                log.warning("claim_failed", extra={"lane": self.name, "code": error.code})
                await self._pause()
            self._rest.set()
            await _first(self._rung, self._stop, within_s=self._look_s)

    async def _one(self) -> bool | None:
        """Make one shoot; None when there is none. The device is asked for first: who is claimed is worked on at once."""
        async with self._device.turn:
            if self._stop.is_set() or (lease := await self._leases.claim(self.name, self._owner)) is None:
                return None
            return await self._start(lease, self._device)

    async def _pause(self) -> None:
        await _first(self._stop, within_s=random.uniform(*self._away_s))


async def _first(*events: asyncio.Event, within_s: float | None = None) -> None:
    """Wait for any of them."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
