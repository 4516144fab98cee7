"""What goes wrong, when: told by a seed, as far as two processors and a clock allow."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from tests.chaos.studio import CHILD_PLACES
from tests.chaos.town import PROGRAMS, WORKERS, Town
from tests.chaos.tripwires import BOT_PLACES, WORKER_PLACES
from tests.chaos.wire_chat import PLACES as WIRE_PLACES

DECKS: Mapping[str, Sequence[str]] = {
    "bot": (*BOT_PLACES, *WIRE_PLACES),
    "worker": (*WORKER_PLACES, *(f"{place}-worker" for place in CHILD_PLACES)),
    "engine": CHILD_PLACES,
}
"""Places at which a process of this kind dies, each in turn."""
PAUSE_S = (0.2, 1.5)
"""Between two blows of a kind, after everybody has recovered and got something done."""
RUSH = 0.2
"""Share of blows that do not wait for that."""


class Storm:
    """Blows anywhere, and deaths at every place between two steps."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self._town = town
        self._rng = rng

    async def rages(self) -> None:
        """Until cancelled; then whoever sleeps is woken."""
        decks = [self._deck(list(places)) for places in DECKS.values()]
        await asyncio.gather(self._anywhere(), *decks)

    async def _deck(self, places: list[str]) -> None:
        while True:
            self._rng.shuffle(places)
            for place in places:
                await self._breathe()
                self._town.journal.order(place)
                while place in self._town.journal.standing_orders():
                    await asyncio.sleep(0.05)

    async def _anywhere(self) -> None:
        blows: Mapping[Callable[[], Coroutine[Any, Any, None]], int] = {
            self._kill_worker: 3,
            self._kill_engine: 1,
            self._kill_bot: 1,
            self._kill_server: 2,
            self._flush: 1,
            self._freeze: 2,
        }
        while True:
            await self._breathe()
            (blow,) = self._rng.choices(list(blows), list(blows.values()))
            await blow()

    async def _breathe(self) -> None:
        """A slow machine would otherwise see nothing but starts."""
        patient = self._rng.random() > RUSH
        while patient and not all(map(self._town.thriving, PROGRAMS)):
            await asyncio.sleep(0.05)
        await asyncio.sleep(self._rng.uniform(*PAUSE_S))

    async def _kill_worker(self) -> None:
        self._town.kill(self._rng.choice(WORKERS))

    async def _kill_engine(self) -> None:
        self._town.kill_engine(self._rng.choice(WORKERS))

    async def _kill_bot(self) -> None:
        self._town.kill("bot")

    async def _kill_server(self) -> None:
        self._town.kill_server(self._rng.uniform(0, 3), wipe=self._rng.random() < 0.5)

    async def _flush(self) -> None:
        await self._town.flush()

    async def _freeze(self) -> None:
        """As when a host is suspended: past its lease, and then it goes on as if nothing had been."""
        pids = self._town.freeze(self._rng.choice(WORKERS))
        try:
            await asyncio.sleep(self._town.lease_s * self._rng.uniform(1.2, 1.8))
        finally:
            self._town.thaw(pids)
