"""What the tests of the ledger tell stories with: a clock that is set by hand, persons and orders."""

from dataclasses import dataclass, field
from itertools import count

from adapters.records.ledger import Ledger
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


def to_order(
    person: Person = ANNA, kind: Kind = "shoot", key: str = "", parent: str | None = None, shoot_id: str = ""
) -> ShootOrder:
    """An order whose dedupe key is new unless it is given."""
    payload = {"style": "corporate", "count": 12}
    return ShootOrder(
        shoot_id or new_shoot_id(), person, key or f"event-{next(_keys)}", kind, payload, "C1/1.2", parent
    )
