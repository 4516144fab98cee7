"""Two hundred shoots, a chat that fails at every fifth call, and a relay that is killed again and again: everybody is told, once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.doorbell import Progress
from bot.ledger import OutboxMessage
from bot.people import Person
from bot.placeholders import Placeholders
from bot.progress import ProgressBoard
from bot.relay import Relay
from bot.shoots import Json, ShootState
from engine.contract.errors import StorageError
from tests.bot.stage import Stage, open_stage
from tests.chat.fake_chat import Fault

pytestmark = pytest.mark.asyncio
SHOOTS = 200
WORKERS = 6
FAULTS: tuple[Fault, ...] = ("refused", "answer_lost", "busy")
HAND_S_PER_S = 20.0
"""Time by hand runs so much faster: a hold of thirty seconds is over in one and a half."""


@dataclass
class Cord:
    """An outbox whose process may be killed: from then on nothing that it says is heard."""

    outbox: Any
    cut: bool = False

    async def due(self, platforms: Any, limit: int = 10) -> tuple[OutboxMessage, ...]:
        self._alive()
        return await self.outbox.due(platforms, limit)

    async def note(self, message: OutboxMessage, notes: Json) -> bool:
        self._alive()
        return await self.outbox.note(message, notes)

    async def delivered(self, message: OutboxMessage, posted: str) -> bool:
        self._alive()
        return await self.outbox.delivered(message, posted)

    async def retry_later(self, message: OutboxMessage, after_s: float, code: str) -> bool:
        self._alive()
        return await self.outbox.retry_later(message, after_s, code)

    async def give_up(self, message: OutboxMessage, code: str) -> bool:
        self._alive()
        return await self.outbox.give_up(message, code)

    def _alive(self) -> None:
        if self.cut:
            raise StorageError("records_unreachable")


class Reports:
    """Workers that report something new whenever they are asked."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self._done: Counter[str] = Counter()

    async def latest(self, shoot_id: str) -> Progress:
        self._done[shoot_id] += 1
        return Progress(shoot_id, "render", self._done[shoot_id], 1000, self._clock.now)


class Hammer:
    """A day in a bad network."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.dice = stage, random.Random(seed)
        self.kills, self.shoots = 0, dict[str, Person]()
        for chat in stage.chats.values():
            chat.weather = lambda _: self.dice.choice(FAULTS) if self.dice.random() < 0.2 else None
            chat.takes_s = lambda: self.dice.random() * 0.004
            chat.busy_s = 3.0

    async def people_ask(self) -> None:
        """Now and then, in two chats; some take it back."""
        for number in range(SHOOTS):
            person = Person(self.dice.choice(["slack", "discord"]), f"T{number % 7}", f"U{number}")
            while person not in self.shoots.values():
                with suppress(StorageError):  # the records are busy
                    self.shoots[await self.stage.asks(person, conversation=f"C{number}")] = person
            if self.dice.random() < 0.05:
                with suppress(StorageError):
                    await self.stage.ledger.acceptance.cancel(next(reversed(self.shoots)), person)
            await asyncio.sleep(self.dice.random() * 0.01)

    async def works(self) -> None:
        """A worker: most shoots become a gallery, some an explanation."""
        while True:
            lease = None
            with suppress(StorageError):
                lease = await self.stage.ledger.leases.claim("shoots", "w")
            if lease is None:
                await asyncio.sleep(0.1)
                continue
            await asyncio.sleep(self.dice.random() * 0.1)
            with suppress(AssertionError, StorageError):  # it was cancelled, its lease ran out, or the records are busy
                if self.dice.random() < 0.1:
                    await self.stage.explains(lease)
                else:
                    await self.stage.finishes(lease)

    async def time_passes(self) -> None:
        """Faster than ours."""
        while True:
            await asyncio.sleep(0.02)
            self.stage.clock.pass_s(0.02 * HAND_S_PER_S)

    async def processes_die(self) -> None:
        """One after the other: some with a moment to give back what they hold, some without."""
        while True:
            cord, placeholders = Cord(self.stage.ledger.outbox), Placeholders(self.stage.clock)
            ledger, clock = self.stage.ledger, self.stage.clock
            relay = Relay(
                cord, ledger.acceptance, ledger.galleries, self.stage.chats, placeholders, clock,
                on_delivered=lambda platform, kind, _: self.stage.delivered.append((platform, kind)), idle_s=0.05,
            )  # fmt: skip
            board = ProgressBoard(
                ledger.reconciler, ledger.acceptance, ledger.galleries, Reports(clock),  # type: ignore[arg-type]
                self.stage.chats, placeholders, clock, period_s=0.3,
            )  # fmt: skip
            tasks = [asyncio.create_task(relay.run()), asyncio.create_task(board.run())]
            try:
                await asyncio.sleep(0.1 + self.dice.random())
                cord.cut = self.dice.random() < 0.5
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
            for task in tasks:
                assert task.cancelled() or task.exception() is None
            self.kills += 1

    async def until_all_is_told(self) -> None:
        """From the first question to the last word."""
        endless = [self.time_passes(), self.processes_die(), *(self.works() for _ in range(WORKERS))]
        tasks = [asyncio.create_task(each) for each in endless]
        await self.people_ask()
        while (counts := await self.stage.ledger.reconciler.counts()).open or counts.oldest_message_s:
            assert not any(task.done() for task in tasks), [task for task in tasks if task.done()]
            await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """An empty one."""
    async with open_stage(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_everybody_is_told_once(stage: Stage) -> None:
    """One placeholder each, which ends as its gallery or explanation; one line below each gallery; nothing lost."""
    hammer = Hammer(stage, seed=7)
    await hammer.until_all_is_told()
    counts = await stage.ledger.reconciler.counts()
    endings: Counter[ShootState] = Counter()
    for shoot_id, person in hammer.shoots.items():
        shoot, chat = await stage.shoot(shoot_id, person), stage.chats[person.platform]
        endings[shoot.state] += 1
        ref = shoot.placeholder
        assert ref is not None
        assert chat.sent(conversation=shoot.order.conversation) == [ref]
        below = [message.summary for message in chat.thread(ref)]
        match shoot.state:
            case ShootState.FINISHED:
                assert chat.messages[ref].summary == "Your corporate headshots: 2 headshots, the best first."
                assert below == ["Your 2 corporate headshots are ready, the best first."]
            case ShootState.EXPLAINED:
                assert "No picture was good enough" in chat.messages[ref].summary
                assert below == []
            case _:
                assert "cancelled" in chat.messages[ref].summary
                assert below == []

    assert (counts.accepted, counts.lost, counts.open) == (SHOOTS, 0, 0)
    assert endings[ShootState.FINISHED] > SHOOTS / 2
    assert min(endings[state] for state in (ShootState.EXPLAINED, ShootState.CANCELLED)) > 0
    assert hammer.kills > 5
    assert sum(len(chat.calls) for chat in stage.chats.values()) > 3 * SHOOTS
