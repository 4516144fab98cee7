"""Random histories: whatever people, workers and relays do, and wherever they are cut off, nothing is lost or doubled.

Every step may be cut off before any of its statements, or right after its commit with the answer lost. Workers die, sleep
past their lease and wake up as zombies. In the end everything is worked off, and the books must balance.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.records.ledger import Ledger, connect
from adapters.records.rows import to_person
from adapters.records.tables import checkpoints, inbox, outbox, shoots
from bot.ledger import LEASE_S, Received
from bot.people import Person
from bot.shoots import Checkpoint, Lane, Lease, ShootState, lane_of
from engine.contract.errors import PersonError, RenderFailed
from tests.ports.ledger.cuts import Power
from tests.ports.ledger.story import GALLERY, PLATFORMS, HandClock, to_event, to_order, to_reply

PEOPLE = [Person("slack", workspace, user) for workspace, user in ("Aa", "Ab", "Bc")]
LANES: tuple[Lane, ...] = ("shoots", "screenings", "quarantine")
CANDIDATES = 3

worker = st.integers(0, 2)
step = st.one_of(
    st.tuples(st.just("accept"), st.sampled_from(range(3)), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.sampled_from(range(3)), st.integers(0, 5)),
    st.tuples(st.just("claim"), worker, st.sampled_from(LANES)),
    st.tuples(st.just("claim"), worker, st.just("shoots")),
    st.tuples(st.just("late"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("work"), worker, st.booleans()),
    st.tuples(st.just("work"), worker, st.booleans()),
    st.tuples(st.just("beat"), worker, st.none()),
    st.tuples(st.just("stop"), worker, st.booleans()),
    st.tuples(st.just("die"), worker, st.none()),
    st.tuples(st.just("wait"), st.sampled_from([8.0, LEASE_S, 60.0]), st.none()),
    st.tuples(st.just("reconcile"), st.none(), st.none()),
    st.tuples(st.just("relay"), st.booleans(), st.none()),
    st.tuples(st.just("hear"), st.sampled_from(range(3)), st.integers(0, 5)),
    st.tuples(st.just("pick"), st.integers(1, 3), st.none()),
    st.tuples(st.just("handle"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("handle"), st.integers(0, 9), st.booleans()),
)
cut = st.one_of(st.none(), st.none(), st.integers(0, 9))
"""After how many statements the step is cut off; 9: after its commit."""


@dataclass
class World:
    """The ledger, and what its clients remember of it."""

    ledger: Ledger
    clock: HandClock
    accepted: set[str] = field(default_factory=set)
    """Shoots whose acceptance was answered."""
    written: set[tuple[str, int]] = field(default_factory=set)
    """Candidates whose checkpoint was answered."""
    finished: list[str] = field(default_factory=list)
    """Shoots whose finish was answered with True."""
    leases: dict[int, Lease] = field(default_factory=dict)
    late: list[Lease] = field(default_factory=list)
    """Leases of workers that were thought dead and may wake up."""
    power: Power = field(default_factory=Power)
    received: set[tuple[Person, str]] = field(default_factory=set)
    """Events whose receipt was answered."""
    held: list[Received] = field(default_factory=list)
    """Events that dispatchers have in hand, or believe so."""

    async def does(self, what: str, who: Any, how: Any, cut_after: int | None) -> None:
        """One step of the history."""
        ledger, lease = self.ledger, self.leases.get(who) if isinstance(who, int) else None
        match what:
            case "accept":
                order = to_order(PEOPLE[who], "screening" if how == 5 else "shoot", f"Ev{how}")
                if answer := await self.power.survives(ledger.acceptance.accept(order, {}), cut_after):
                    self.accepted.add(answer.shoot_id)
            case "cancel":
                mine = await ledger.acceptance.open_shoots(PEOPLE[who])
                if mine:
                    shoot = mine[how % len(mine)]
                    await self.power.survives(ledger.acceptance.cancel(shoot.order.id, shoot.order.person), cut_after)
            case "claim":
                if claimed := await self.power.survives(ledger.leases.claim(how, f"w{who}"), cut_after):
                    lost = {i for shoot, i in self.written if shoot == claimed.order.id} - set(
                        range(claimed.next_index)
                    )
                    assert not lost, "a checkpoint was lost"
                    assert self._live_elsewhere(claimed, who) == [], "two live leases"
                    self.late += [old] if (old := self.leases.get(who)) else []
                    self.leases[who] = claimed
            case "work" if lease is not None:
                await self._work(who, lease, how, cut_after)
            case "beat" if lease is not None:
                if kept := await self.power.survives(ledger.leases.beat(lease), cut_after):
                    self.leases[who] = kept
            case "stop" if lease is not None:
                error = RenderFailed("engine_failed", reference="r") if how else None
                await self.power.survives(ledger.leases.give_back(lease, error), cut_after)
                del self.leases[who]
            case "die":
                self.late += [old] if (old := self.leases.pop(who, None)) else []
            case "late" if self.late:
                await self._wake(self.late[who % len(self.late)], how)
            case "hear":
                said = to_event(PEOPLE[who], "corporate", f"Ev{how}")
                if await self.power.survives(ledger.inbox.receive(said), cut_after) is not None:
                    self.received.add((said.person, said.id))
            case "pick":
                self.held += await self.power.survives(ledger.inbox.due(PLATFORMS, who), cut_after) or ()
                await self._check_hands()
            case "handle" if self.held:
                held = self.held[who % len(self.held)]
                await self._handle(held, cut_after)
                if how:
                    self.held.remove(held)
            case "wait":
                self.clock.pass_s(who)
            case "reconcile":
                await self.power.survives(ledger.reconciler.reconcile(), cut_after)
            case "relay":
                for message in await self.power.survives(ledger.outbox.due(PLATFORMS, 3), cut_after) or ():
                    if who:
                        await self.power.survives(ledger.outbox.delivered(message, f"ts-{message.id}"), cut_after)

    async def _handle(self, received: Received, cut_after: int | None = None) -> None:
        """Two transactions: what was asked for, and the replies."""
        said = received.event
        order = to_order(said.person, key=said.id)
        with suppress(PersonError):
            self.accepted.add((await self.ledger.acceptance.accept(order, {})).shoot_id)
        replies = [to_reply(f"{said.person.key} {said.id} {number}", said.conversation) for number in range(2)]
        await self.power.survives(self.ledger.inbox.done(received, replies), cut_after)

    async def _check_hands(self) -> None:
        """Nobody has two events of one person at a time."""
        busy = select(inbox.c.person).where(inbox.c.tries > 0, inbox.c.due_at > self.clock.now)
        async with self.ledger.database.engine.connect() as connection:
            people = (await connection.execute(busy)).scalars().all()
        assert len(people) == len(set(people)), "two events of a person side by side"

    async def _wake(self, lease: Lease, finish: bool) -> None:
        async with self.ledger.database.engine.connect() as connection:
            fence = (await connection.execute(select(shoots.c.fence).where(shoots.c.id == lease.order.id))).scalar()
        if fence == lease.fence:
            return  # nobody took over: it may go on, and others do that here
        if finish:
            assert not await self.ledger.leases.finish(lease, GALLERY), "a zombie finished"
        else:
            assert await self.ledger.leases.beat(lease) is None, "a zombie lives"

    async def _work(self, who: int, lease: Lease, quick: bool, cut_after: int | None) -> None:
        if lease.next_index < CANDIDATES:
            made = Checkpoint(lease.next_index, f"{lease.order.id}-{lease.next_index}")
            if await self.power.survives(self.ledger.leases.checkpoint(lease, made), cut_after):
                self.written.add((lease.order.id, made.index))
                until = self.clock.now + LEASE_S
                grown = (*lease.checkpoints, made)
                self.leases[who] = Lease(
                    lease.order, lease.lane, lease.owner, lease.fence, until, lease.errors, 0, grown
                )
        elif await self.power.survives(self.ledger.leases.finish(lease, GALLERY), cut_after):
            self.finished.append(lease.order.id)

    def _live_elsewhere(self, claimed: Lease, who: int) -> list[int]:
        return [
            other
            for other, lease in self.leases.items()
            if other != who and lease.order.id == claimed.order.id and lease.until > self.clock.now
        ]

    async def work_off(self) -> None:
        """Everybody is well from now on."""
        for _ in range(60):
            self.clock.pass_s(60)
            while events := await self.ledger.inbox.due(PLATFORMS):
                for received in events:
                    await self._handle(received)
            await self.ledger.reconciler.reconcile()
            for lane in LANES:
                while lease := await self.ledger.leases.claim(lane, "steady"):
                    for index in range(lease.next_index, CANDIDATES):
                        made = Checkpoint(index, f"{lease.order.id}-{index}")
                        assert await self.ledger.leases.checkpoint(lease, made)
                    assert await self.ledger.leases.finish(lease, GALLERY)
                    self.finished.append(lease.order.id)
            while messages := await self.ledger.outbox.due(PLATFORMS, 50):
                for message in messages:
                    assert await self.ledger.outbox.delivered(message, f"ts-{message.id}")
            if not (await self.ledger.reconciler.counts()).open:
                break

    async def judge(self) -> None:
        """Accepted = finished + explained, each told exactly once, with every candidate in place."""
        counts = await self.ledger.reconciler.counts()
        assert (counts.open, counts.lost, counts.oldest_message_s) == (0, 0, 0)
        assert len(self.finished) == len(set(self.finished)), "finished twice"
        async with self.ledger.database.engine.connect() as connection:
            rows = {row.id: row for row in await connection.execute(select(shoots))}
            said = (await connection.execute(select(outbox))).all()
            kept = {(row.shoot_id, row.candidate) for row in await connection.execute(select(checkpoints))}
            heard = (await connection.execute(select(inbox))).all()
        assert self.accepted <= set(rows), "an accepted shoot was lost"
        assert self.written <= kept, "a checkpoint was lost"
        assert self.received <= {(to_person(row.person), row.dedupe_key) for row in heard}, "an event was lost"
        assert all(row.event is None and row.due_at is None for row in heard)
        replies = [message.payload["summary"] for message in said if message.kind == "reply"]
        assert sorted(replies) == sorted(f"{row.person} {row.dedupe_key} {n}" for row in heard for n in range(2))
        for row in rows.values():
            endings = [m.kind for m in said if m.shoot_id == row.id and m.kind != "ack"]
            expected = {
                ShootState.FINISHED: "verdict" if row.lane == "screenings" or row.kind == "screening" else "gallery",
                ShootState.EXPLAINED: "explanation",
                ShootState.CANCELLED: "cancelled",
            }[ShootState(row.state)]
            assert endings == [expected]
            assert row.state != ShootState.FINISHED or {(row.id, i) for i in range(CANDIDATES)} <= kept
            assert row.lane in {lane_of(row.kind), "quarantine"}


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(step, cut), min_size=25, max_size=80))
def test_whatever_happens_nothing_is_lost_and_nothing_doubled(
    migrated: bytes, history: list[tuple[Any, int | None]]
) -> None:
    """Accepted = finished + explained; never two live leases; no checkpoint lost; at most one finish; all told once."""

    async def play() -> None:
        clock = HandClock()
        ledger = connect(f"sqlite:///{folder / 'ledger.db'}", clock)
        world = World(ledger, clock)
        world.power.watch(ledger)
        try:
            for (what, who, how), cut_after in history:
                await world.does(what, who, how, cut_after)
            await world.work_off()
            await world.judge()
        finally:
            await ledger.close()

    with TemporaryDirectory(prefix="headroom-") as name:
        folder = Path(name)
        (folder / "ledger.db").write_bytes(migrated)
        asyncio.run(play())
