"""What goes wrong, when: told by a seed, as far as two processors and a clock allow."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from tests.chaos.studio import CHILD_PLACES
from tests.chaos.town import PROGRAMS, WORKERS, Town
from tests.chaos.tripwires import WORKER_PLACES

DECKS: Sequence[tuple[Sequence[str], Sequence[str]]] = (
    ((*WORKER_PLACES, *(f"{place}-worker" for place in CHILD_PLACES)), WORKERS),
    (CHILD_PLACES, []),
)
"""Places at which a process dies, each in turn, and who must have recovered before. Right before a commit comes last: to others
it looks the same as before the write.
"""
PAUSE_S = (0.2, 1.5)
"""Between two blows of a kind, after everybody has recovered and got something done."""
PATIENCE_S = 5.0
"""Until somebody comes to the place where a death was ordered; at some of them nobody passes by any more."""
RUSH = 0.2
"""Share of blows that do not wait for that."""


class Storm:
    """Blows anywhere, and deaths at every place between two steps."""

    def __init__(
        self, town: Town, rng: random.Random, bot_places: Sequence[str], pause_s: tuple[float, float] = PAUSE_S
    ) -> None:
        """`bot_places`: where a bot dies, each in turn; `pause_s`: see `PAUSE_S`."""
        self._town = town
        self._rng = rng
        self._decks = ((bot_places, ["bot"]), *DECKS)
        self._pause_s = pause_s
        self._asleep = 0
        """Process id of a worker that is to wake up again."""

    async def rages(self) -> None:
        """Until cancelled; then whoever sleeps is woken."""
        async with asyncio.TaskGroup() as blows:
            blows.create_task(self._anywhere())
            blows.create_task(self._sleeps())
            for places, well in self._decks:
                blows.create_task(self._deck(list(places), well))

    async def _deck(self, places: list[str], well: Sequence[str]) -> None:
        while True:
            self._rng.shuffle(places)
            for place in sorted(places, key=lambda place: place.endswith("-commit")):
                await self._breathe(well)
                await self._town.death_at(place, PATIENCE_S)

    async def _anywhere(self) -> None:
        blows: Mapping[Callable[[], Coroutine[Any, Any, None]], int] = {
            self._kill_worker: 2,
            self._kill_engine: 1,
            self._kill_bot: 1,
            self._kill_server: 2,
            self._flush: 1,
        }
        while True:
            await self._breathe([*PROGRAMS])
            (blow,) = self._rng.choices(list(blows), list(blows.values()))
            await blow()

    async def _breathe(self, well: Sequence[str]) -> None:
        """A slow machine would otherwise see nothing but starts."""
        patient = self._rng.random() > RUSH
        while patient and not all(map(self._town.thriving, well)):
            await asyncio.sleep(0.05)
        await asyncio.sleep(self._rng.uniform(*self._pause_s))

    async def _kill_worker(self) -> None:
        self._town.kill(self._awake())

    async def _kill_engine(self) -> None:
        self._town.kill_engine(self._awake())

    def _awake(self) -> str:
        """One that may die: whoever sleeps is to wake up."""
        return self._rng.choice([name for name in WORKERS if self._town.pid(name) != self._asleep])

    async def _kill_bot(self) -> None:
        self._town.kill("bot")

    async def _kill_server(self) -> None:
        self._town.kill_server(self._rng.uniform(0, 3), wipe=self._rng.random() < 0.5)

    async def _flush(self) -> None:
        await self._town.flush()

    async def _sleeps(self) -> None:
        """As when a host is suspended: past its lease, until somebody else has begun with its shoot, and then it goes on as if
        nothing had been.
        """
        while True:
            await self._breathe([])
            if self._rng.random() < 0.2:
                pids = self._town.freeze(self._rng.choice(WORKERS))
            else:
                pids = await self._town.freeze_at(f"{self._rng.choice(CHILD_PLACES)}-freeze", PATIENCE_S)
            try:
                if pids:
                    self._asleep = pids[0]
                    await self._town.lets_others_write(pids[0])
                    await self._town.robbed(pids[0], self._town.lease_s * 3)
                    await asyncio.sleep(self._rng.uniform(0, 0.1))
            finally:
                self._asleep = 0
                self._town.thaw(pids)
