"""A ledger, a picture store and a doorbell, all real; a person who asks; and workers with quick studios."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from adapters.queue.bell import RedisShootQueue
from adapters.queue.feedback import RedisShootFeedback
from adapters.records.ledger import Ledger, open_ledger
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.observe.metrics import Metrics
from bot.payloads import HeadshotFacts, ScreeningPayload, SelfieRef, ShootPayload, VariationPayload, from_json, to_json
from bot.people import Person
from bot.retention import Retention
from bot.shoots import Kind, Lane, Shoot, ShootOrder, new_shoot_id
from engine.child.process import ChildLimits, EngineChild
from engine.worker.device import Device
from engine.worker.lane import LOOK_S
from engine.worker.lane import Lane as WorkerLane
from engine.worker.parts import Parts
from engine.worker.start import start
from tests.rules.source import ROOT

ANNA, BEN = Person("slack", "T1", "anna"), Person("slack", "T1", "ben")
STUDIO = "tests.worker.studios:open_recording"
KEY = bytes(range(32))
LEASE_S = 1.2
"""Short, so that tests of what runs out are quick; beats come every 0.3 s."""
PATIENCE_S = 30.0
"""For what takes a moment on a machine that does nothing else."""
_numbers = count(1)


@dataclass
class Clock:
    """The real time, and what was added by hand."""

    ahead_s: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s

    def date(self) -> datetime:
        """The same as a date."""
        return datetime.fromtimestamp(self(), UTC)


@dataclass
class World:
    """Everything outside the workers."""

    folder: Path
    redis_url: str
    ledger: Ledger
    pictures: Pictures
    queue: RedisShootQueue
    feedback: RedisShootFeedback
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)

    async def selfie(self, person: Person = ANNA, data: bytes = b"") -> SelfieRef:
        """A stored selfie; each has bytes of its own unless they are given."""
        number = next(_numbers)
        stored = await self.pictures.put(
            person.key, data or b"selfie %d" % number, kind="selfie", media_type="image/jpeg",
            expires_at=self.clock.date() + timedelta(hours=2),
        )  # fmt: skip
        return SelfieRef(stored.id, f"Photo {number}")

    async def look(self, data: bytes) -> SelfieRef:
        """A stored picture whose look is wanted."""
        until = self.clock.date() + timedelta(hours=2)
        kept = await self.pictures.put(ANNA.key, data, kind="reference", media_type="image/png", expires_at=until)
        return SelfieRef(kept.id, "your reference picture")

    async def asks(
        self,
        wish: str = "",
        count: int = 2,
        person: Person = ANNA,
        seed: int = 7,
        selfies: int = 1,
        look: SelfieRef | None = None,
    ) -> str:
        """A person asks for a shoot; its id. The wish says how it goes wrong."""
        refs = tuple([await self.selfie(person) for _ in range(selfies)])
        payload = ShootPayload("corporate", count, refs, wish, seed=seed, reference=look)
        return await self.accepts("shoot", to_json(payload), person)

    async def varies(self, parent: str, count: int = 2) -> str:
        """A person asks for more of one headshot."""
        (selfie,) = from_json(ShootPayload, (await self.shoot(parent)).order.payload).selfies
        payload = VariationPayload("warmer", count, 1, {"schema": 1}, (selfie,))
        return await self.accepts("variation", to_json(payload), parent=parent)

    async def shows(self, new: tuple[SelfieRef, ...], earlier: tuple[SelfieRef, ...] = ()) -> str:
        """A person sends selfies."""
        return await self.accepts("screening", to_json(ScreeningPayload(new, earlier)))

    async def accepts(
        self, kind: Kind, payload: dict[str, Any], person: Person = ANNA, parent: str | None = None
    ) -> str:
        """Into the ledger, and a ring."""
        order = ShootOrder(new_shoot_id(), person, f"event-{next(_numbers)}", kind, payload, "C1/1.2", parent)
        shoot_id = (await self.ledger.acceptance.accept(order, {})).shoot_id
        await self.queue.wake(shoot_id, "screenings" if kind == "screening" else "shoots")
        return shoot_id

    async def shoot(self, shoot_id: str, person: Person = ANNA) -> Shoot:
        """As its owner sees it."""
        found = await self.ledger.acceptance.find(shoot_id, person)
        assert found is not None
        return found

    async def over(self, shoot_id: str, person: Person = ANNA, within_s: float = PATIENCE_S) -> Shoot:
        """Its ending."""
        await self.until(lambda: self._is_over(shoot_id, person), within_s)
        return await self.shoot(shoot_id, person)

    async def made(self, shoot_id: str, headshots: int, person: Person = ANNA) -> None:
        """So many are written down."""

        async def enough() -> bool:
            return (await self.shoot(shoot_id, person)).next_index >= headshots

        await self.until(enough)

    async def headshots(self, shoot_id: str, person: Person = ANNA) -> list[tuple[HeadshotFacts, bytes]]:
        """The gallery with its pictures, by rank."""
        kept = await self.ledger.galleries.headshots(shoot_id, person)
        return [
            (from_json(HeadshotFacts, one.facts), (await self.pictures.get(person.key, one.artifact))[1])
            for one in kept
        ]

    async def said(self) -> list[str]:
        """Kinds of the messages that are due, in the order in which a relay would get them."""
        told = []
        while messages := await self.ledger.outbox.due(["slack"]):
            for message in messages:
                told.append(message.kind)
                await self.ledger.outbox.delivered(message, f"ts-{message.id}")
        return told

    async def until(self, holds: Callable[[], Any], within_s: float = PATIENCE_S) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(within_s):
            while not (await held if asyncio.iscoroutine(held := holds()) else held):
                await asyncio.sleep(0.02)

    def history(self) -> list[tuple[int, int, int]]:
        """(process, seed, rank) of all that studios have made."""
        path = self.folder / "history"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(int(pid), int(seed), int(rank)) for pid, seed, rank in map(str.split, lines)]

    def looks(self) -> list[bytes]:
        """Pictures whose look studios were asked for, one for each start."""
        path = self.folder / "looks"
        return path.read_bytes().splitlines() if path.exists() else []

    def figure(self, line: str) -> bool:
        """Whether the metrics hold this line."""
        return line in self.metrics.page().decode().splitlines()

    def parts(self, **changed: Any) -> Parts:
        """What a worker of this world works with."""
        whole = Parts(
            self.ledger.leases, self.ledger.acceptance, self.pictures, self.feedback, Retention(), self.metrics,
            LEASE_S, self.clock,
        )  # fmt: skip
        return replace(whole, **changed)

    def child(self, batch: int, studio: str = STUDIO, **limits: float) -> EngineChild:
        """An engine process that records, unless it is another's studio."""
        return EngineChild(
            studio,
            allowed=(studio,),
            limits=ChildLimits(**{"start_s": 40.0, "step_s": 20.0, **limits}),
            environment={"HEADROOM_BATCH": str(batch), "HISTORY": str(self.folder / "history")},
        )

    @asynccontextmanager
    async def worker(
        self,
        *lanes: Lane,
        parts: Parts | None = None,
        batch: int = 2,
        look_s: float = 0.05,
        studio: str = STUDIO,
        **limits: float,
    ) -> AsyncIterator[Device]:
        """A worker in this process, on these lanes; gives its device. It looks so often that nobody need ring."""
        using, stop = parts or self.parts(), asyncio.Event()

        async def run(lease: Any, device: Device) -> bool:
            return await start(lease, device, using)

        async with Device(lambda size: self.child(size, studio, **limits), batch) as device:
            made = [
                WorkerLane(name, using.leases, "w1", device, run, stop, look_s, (0.1, 0.2))
                for name in lanes or ["shoots"]
            ]
            running = [asyncio.create_task(lane.run()) for lane in made]
            try:
                yield device
            finally:
                stop.set()
                device.wind_up()
                await asyncio.wait_for(asyncio.gather(*running), 15)

    @asynccontextmanager
    async def process(
        self, redis_url: str = "", lease_s: float = LEASE_S, look_s: float = LOOK_S
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """A worker in a process of its own, as `python -m engine.worker` runs it, with the quick studio."""
        given = {
            "HEADROOM_DATA_DIR": str(self.folder),
            "HEADROOM_REDIS_URL": redis_url or self.redis_url,
            "HEADROOM_OBSERVE_PORT": "28766",
            "HISTORY": str(self.folder / "history"),
            "LEASE_S": str(lease_s),
            "LOOK_S": str(look_s),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.worker.process", cwd=ROOT, env={**os.environ, **given}
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _is_over(self, shoot_id: str, person: Person) -> bool:
        return not (await self.shoot(shoot_id, person)).state.is_open


@asynccontextmanager
async def new_world(folder: Path, redis_url: str) -> AsyncIterator[World]:
    """An empty one."""
    clock = Clock()
    ledger = await open_ledger(f"sqlite:///{folder / 'ledger.db'}", clock, LEASE_S)
    (folder / "install.key").write_text(KEY.hex())
    pictures = await open_pictures(folder_shelf(folder / "pictures"), KEY, clock.date)
    queue, feedback = RedisShootQueue(redis_url), RedisShootFeedback(redis_url)
    try:
        yield World(folder, redis_url, ledger, pictures, queue, feedback, clock)
    finally:
        await queue.close()
        await feedback.close()
        await ledger.close()
