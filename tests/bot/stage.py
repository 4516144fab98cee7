"""A stage for what carries messages out: a real ledger on a clock that is set by hand, and chats in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from adapters.records.ledger import Ledger, open_ledger
from bot.delivery import or_else
from bot.events import Event, Said
from bot.ledger import Reply
from bot.messages import Message, Text, to_json
from bot.payloads import (
    GalleryEnding,
    HeadshotFacts,
    ScreeningPayload,
    SelfieRef,
    SelfieVerdict,
    ShootPayload,
    VerdictEnding,
)
from bot.payloads import to_json as to_payload
from bot.people import Person
from bot.placeholders import Placeholders
from bot.relay import Relay
from bot.shoots import Checkpoint, Ending, Kind, Lease, Shoot, ShootOrder, ShootState, lane_of, new_shoot_id
from tests.chat.fake_chat import FakeChat
from tests.ports.ledger.story import HandClock

ANNA = Person("slack", "T1", "anna")
BEN = Person("slack", "T1", "ben")
CARLA = Person("discord", "G7", "carla")
SELFIE = SelfieRef("a" * 32, "Photo 1")
_numbers = count(1)


@dataclass
class Stage:
    """Who asks, who works, and what the chats show."""

    ledger: Ledger
    clock: HandClock
    slack: FakeChat = field(default_factory=FakeChat)
    discord: FakeChat = field(default_factory=FakeChat)
    failures: list[tuple[str, str]] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.placeholders = Placeholders(self.clock)
        self.relay = self.new_relay()

    @property
    def chats(self) -> dict[str, FakeChat]:
        """By platform."""
        return {"slack": self.slack, "discord": self.discord}

    def new_relay(self) -> Relay:
        """A relay as a process starts it."""
        return Relay(
            self.ledger.outbox,
            self.ledger.acceptance,
            self.ledger.galleries,
            self.chats,
            self.placeholders,
            self.clock,
            on_delivered=lambda platform, kind, age_s: self.delivered.append((platform, kind)),
            on_failure=lambda platform, code: self.failures.append((platform, code)),
            idle_s=0.005,
        )

    async def asks(self, person: Person = ANNA, kind: Kind = "shoot", conversation: str = "C1") -> str:
        """The person asks; the id of the shoot."""
        made = ShootPayload("corporate", 2, (SELFIE,)) if kind == "shoot" else ScreeningPayload((SELFIE,))
        payload = to_payload(made)
        order = ShootOrder(new_shoot_id(), person, f"event-{next(_numbers)}", kind, payload, conversation)
        return (await self.ledger.acceptance.accept(order, payload)).shoot_id

    async def claims(self, kind: Kind = "shoot") -> Lease:
        """A worker takes the next."""
        lease = await self.ledger.leases.claim(lane_of(kind), "w1")
        assert lease is not None
        return lease

    async def finishes(self, lease: Lease | None = None, headshots: int = 2) -> None:
        """A worker makes the gallery."""
        lease = lease or await self.claims()
        for index in range(headshots):
            facts = HeadshotFacts(
                index + 1, f"shot-{index}", 800, 1000, "jpeg", {"style": "corporate"}, 0.8, 0.9, "Chosen."
            )
            made = Checkpoint(index, f"{next(_numbers):032x}", to_payload(facts))
            assert await self.ledger.leases.checkpoint(lease, made)
        ending = to_payload(GalleryEnding("corporate", headshots, headshots * 2))
        assert await self.ledger.leases.finish(lease, Ending(ShootState.FINISHED, ending))

    async def judges(self) -> None:
        """A worker looks at the selfies."""
        verdict = SelfieVerdict(SELFIE.artifact, SELFIE.name, "s1", "accepted", "accepted_front", "A good photo.")
        ending = to_payload(VerdictEnding((verdict,), None))
        assert await self.ledger.leases.finish(await self.claims("screening"), Ending(ShootState.FINISHED, ending))

    async def explains(self, lease: Lease | None = None) -> None:
        """A worker finds that it cannot be made."""
        ending = Ending(ShootState.EXPLAINED, {"code": "nothing_passed", "facts": {}})
        assert await self.ledger.leases.finish(lease or await self.claims(), ending)

    async def answers(
        self,
        text: str,
        person: Person = ANNA,
        shoot_id: str | None = None,
        edits: bool = False,
        conversation: str = "C1",
        otherwise: tuple[str, str] | None = None,
    ) -> None:
        """The conversation answers an event of the person. `otherwise`: where, and what, when that cannot be posted."""
        event = Event(f"said-{next(_numbers)}", person, "C1", "D1", Said(text))
        await self.ledger.inbox.receive(event)
        (received,) = await self.ledger.inbox.due([person.platform])
        message = to_json(Message(text, (Text(text),)))
        notes = or_else(otherwise[0], Message(otherwise[1], (Text(otherwise[1]),))) if otherwise else {}
        assert await self.ledger.inbox.done(received, [Reply(conversation, message, shoot_id, edits, notes=notes)])

    async def shoot(self, shoot_id: str, person: Person = ANNA) -> Shoot:
        """As its owner sees it."""
        found = await self.ledger.acceptance.find(shoot_id, person)
        assert found is not None
        return found

    async def placeholder(self, shoot_id: str, person: Person = ANNA) -> str:
        """Reference of its first message."""
        ref = (await self.shoot(shoot_id, person)).placeholder
        assert ref is not None
        return ref

    async def relays(self) -> int:
        """Deliver what is due now, once each; how many messages."""
        total = 0
        while messages := await self.ledger.outbox.due(list(self.chats), 50):
            total += len(messages)
            for message in messages:
                await self.relay.deliver(message)
        return total

    async def relays_for(self, seconds: float, step_s: float = 1.0) -> None:
        """The same for a while."""
        for _ in range(int(seconds / step_s)):
            await self.relays()
            self.clock.pass_s(step_s)

    async def all_told(self) -> bool:
        """Nothing waits in the outbox."""
        return (await self.ledger.reconciler.counts()).oldest_message_s == 0

    def shows(self, ref: str) -> str:
        """Summary of what stands there."""
        return self.slack.messages[ref].summary


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Something that runs for ever, for as long as the block."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def soon(true: Callable[[], object], within_s: float = 10.0) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def open_stage(url: str) -> AsyncIterator[Stage]:
    """An empty one."""
    clock = HandClock()
    ledger = await open_ledger(url, clock)
    yield Stage(ledger, clock)
    await ledger.close()
