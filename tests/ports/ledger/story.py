"""What the tests of the ledger tell stories with: a clock that is set by hand, persons and orders."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from adapters.records.ledger import Ledger
from bot.events import Event, Said
from bot.ledger import Received, Reply
from bot.payloads import ScreeningPayload, SelfieRef, SelfieVerdict, VerdictEnding, to_json
from bot.people import Person
from bot.shoots import Checkpoint, Ending, Kind, Lane, Lease, ShootOrder, ShootState, new_shoot_id

ANNA = Person("slack", "T1", "anna")
BEN = Person("slack", "T1", "ben")
CARLA = Person("discord", "G7", "carla")
GALLERY = Ending(ShootState.FINISHED, {"headshots": ["h1", "h2"]})
PLATFORMS = ("discord", "playground", "slack")
START = 1_790_000_000.0
_keys = count()


@dataclass
class HandClock:
    """Unix seconds that pass only when somebody says so."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass
class Studio:
    """A ledger, its clock, and short words for what people and workers do with it."""

    ledger: Ledger
    clock: HandClock
    url: str
    spare: list[Ledger] = field(default_factory=list)

    async def asks(self, person: Person = ANNA, kind: Kind = "shoot", key: str = "", parent: str | None = None) -> str:
        """The person asks for a shoot; its id."""
        order = to_order(person, kind, key, parent)
        return (await self.ledger.acceptance.accept(order, {"style": "corporate"})).shoot_id

    async def claims(self, owner: str = "w1", lane: Lane = "shoots") -> Lease:
        """A worker gets something to do."""
        lease = await self.ledger.leases.claim(lane, owner)
        assert lease is not None
        return lease

    async def makes(self, lease: Lease, index: int) -> bool:
        """The worker finishes a candidate."""
        return await self.ledger.leases.checkpoint(lease, Checkpoint(index, f"sha256-{index}", {"rank": index + 1}))

    async def sends(self, person: Person, *artifacts: str) -> str:
        """The person sends selfies, whose verdict is still to come; id of the screening."""
        order = to_order(person, "screening")
        new = tuple(SelfieRef(artifact, f"Photo {number}") for number, artifact in enumerate(artifacts, 1))
        order = replace(order, payload=to_json(ScreeningPayload(new)))
        return (await self.ledger.acceptance.accept(order)).shoot_id

    async def judges(self, *artifacts: str, outcome: Literal["accepted", "refused"] = "accepted") -> None:
        """A worker gives its verdict on the selfies that are next in line."""
        lease = await self.claims(lane="screenings")
        verdicts = tuple(
            SelfieVerdict(each, "Photo", each[:8], outcome, "accepted_front", "Good.") for each in artifacts
        )
        ending = Ending(ShootState.FINISHED, to_json(VerdictEnding(verdicts, None)))
        assert await self.ledger.leases.finish(lease, ending)

    async def says(self, person: Person = ANNA, text: str = "help", event_id: str = "") -> bool:
        """The person writes something."""
        return await self.ledger.inbox.receive(to_event(person, text, event_id))

    async def hears(self, limit: int = 10) -> tuple[Received, ...]:
        """What is to be handled now."""
        return await self.ledger.inbox.due(PLATFORMS, limit)

    async def answers(self, *replies: Reply, person: Person = ANNA) -> None:
        """The person writes something and gets these replies."""
        await self.says(person)
        (received,) = await self.hears()
        assert await self.ledger.inbox.done(received, replies)

    async def state(self, shoot_id: str, person: Person = ANNA) -> ShootState:
        """Where the shoot stands."""
        found = await self.ledger.acceptance.find(shoot_id, person)
        assert found is not None
        return found.state

    async def said(self) -> list[tuple[str, str | None]]:
        """All that is due now, as (kind, shoot), delivered at once."""
        told = []
        while messages := await self.ledger.outbox.due(PLATFORMS):
            for message in messages:
                told.append((message.kind, message.shoot_id))
                assert await self.ledger.outbox.delivered(message, f"ts-{message.id}")
        return told


def to_event(person: Person = ANNA, text: str = "help", event_id: str = "") -> Event:
    """Words in a conversation; its id is new unless it is given."""
    return Event(event_id or f"event-{next(_keys)}", person, f"D-{person.user}", f"D-{person.user}", Said(text))


def to_reply(
    text: str = "Hello.", conversation: str = "D-anna", shoot_id: str | None = None, edits: bool = False
) -> Reply:
    """A reply of one sentence."""
    return Reply(conversation, {"summary": text}, shoot_id, edits)


def to_order(
    person: Person = ANNA, kind: Kind = "shoot", key: str = "", parent: str | None = None, shoot_id: str = ""
) -> ShootOrder:
    """An order whose dedupe key is new unless it is given."""
    payload = {"style": "corporate", "count": 12}
    return ShootOrder(
        shoot_id or new_shoot_id(), person, key or f"event-{next(_keys)}", kind, payload, "C1/1.2", parent
    )
