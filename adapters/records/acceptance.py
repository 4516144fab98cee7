"""Acceptance on SQL: an order, its quota and its acknowledgement in one transaction."""

import json

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, insert
from adapters.records.places import place_of
from adapters.records.rows import one_at_a_time, say, to_shoot, workspace_key
from adapters.records.tables import shoots
from bot.ledger import QUOTA, Clock
from bot.people import Person
from bot.shoots import Accepted, Json, Place, Shoot, ShootOrder, ShootState, lane_of
from engine.contract.errors import PersonError

PAYLOAD_BYTES = 65_536
"""More than any order needs: pictures belong into the artifact store."""
OPEN = (ShootState.QUEUED, ShootState.RUNNING)


class SqlAcceptance:
    """See `bot.ledger.Acceptance`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def accept(self, order: ShootOrder, ack: Json | None = None) -> Accepted:
        """Write it, or find that it is written."""
        if len(json.dumps(order.payload)) > PAYLOAD_BYTES:
            raise ValueError("payload too large")

        async def work(connection: AsyncConnection) -> Accepted:
            now, person = self._clock(), order.person.key
            await one_at_a_time(connection, person, now)
            known = select(shoots.c.id).where(shoots.c.person == person, shoots.c.dedupe_key == order.dedupe_key)
            if (shoot_id := (await connection.execute(known)).scalar()) is not None:
                return Accepted(shoot_id, new=False)
            await _check_parent(connection, order)
            await _check_quota(connection, order)
            await connection.execute(insert(connection, shoots).values(_to_row(order, now)))
            if ack is not None:
                await say(connection, order.id, person, "ack", ack, now)
            return Accepted(order.id, new=True)

        return await self._database.write(work)

    async def cancel(self, shoot_id: str, person: Person) -> bool:
        """The fence moves on, so that the worker writes nothing more."""

        async def work(connection: AsyncConnection) -> bool:
            now, own = self._clock(), (shoots.c.id == shoot_id) & (shoots.c.person == person.key)
            if (await connection.execute(select(shoots.c.seq).where(own))).scalar() is None:
                raise PersonError("shoot_unknown")
            ended = {"state": ShootState.CANCELLED, "ended_at": now, "owner": None, "lease_until": None}
            done = await connection.execute(
                shoots.update().where(own, shoots.c.state.in_(OPEN)).values(fence=shoots.c.fence + 1, **ended)
            )
            if done.rowcount:
                await say(connection, shoot_id, person.key, "cancelled", {}, now)
            return bool(done.rowcount)

        return await self._database.write(work)

    async def find(self, shoot_id: str, person: Person) -> Shoot | None:
        """Only to its owner."""
        found = await self._shoots(person, shoots.c.id == shoot_id)
        return found[0] if found else None

    async def open_shoots(self, person: Person) -> tuple[Shoot, ...]:
        """The oldest first."""
        return await self._shoots(person, shoots.c.state.in_(OPEN))

    async def _shoots(self, person: Person, condition: ColumnElement[bool]) -> tuple[Shoot, ...]:
        wanted = select(shoots).where(shoots.c.person == person.key, condition).order_by(shoots.c.seq)

        async def work(connection: AsyncConnection) -> tuple[Shoot, ...]:
            return tuple(to_shoot(row) for row in await connection.execute(wanted))

        return await self._database.read(work)

    async def place(self, shoot_id: str) -> Place | None:
        """As the claims would go if nobody else came."""

        async def work(connection: AsyncConnection) -> Place | None:
            stands = select(shoots).where(shoots.c.id == shoot_id, shoots.c.state.in_(OPEN))
            if (row := (await connection.execute(stands)).one_or_none()) is None:
                return None
            return await place_of(connection, row, self._clock())

        return await self._database.read(work)


async def _check_parent(connection: AsyncConnection, order: ShootOrder) -> None:
    if order.parent is None:
        return
    own = select(shoots.c.seq).where(shoots.c.id == order.parent, shoots.c.person == order.person.key)
    if (await connection.execute(own)).scalar() is None:
        raise PersonError("shoot_unknown")


async def _check_quota(connection: AsyncConnection, order: ShootOrder) -> None:
    screening = order.kind == "screening"
    of_kind = shoots.c.kind == "screening" if screening else shoots.c.kind != "screening"
    still = select(func.count()).where(shoots.c.person == order.person.key, shoots.c.state.in_(OPEN), of_kind)
    limit = QUOTA[lane_of(order.kind)]
    if (await connection.execute(still)).scalar_one() >= limit:
        if screening:
            raise PersonError("screenings_open_enough", limit=limit)
        raise PersonError("shoots_open_enough", limit=limit)


def _to_row(order: ShootOrder, now: float) -> dict[str, object]:
    return {
        "id": order.id,
        "platform": order.person.platform,
        "workspace": workspace_key(order.person),
        "person": order.person.key,
        "dedupe_key": order.dedupe_key,
        "kind": order.kind,
        "lane": lane_of(order.kind),
        "state": ShootState.QUEUED,
        "payload": dict(order.payload),
        "payload_version": order.payload_version,
        "conversation": order.conversation,
        "parent": order.parent,
        "created_at": now,
        "not_before": now,
        "fence": 0,
        "next_index": 0,
        "errors": 0,
        "stalls": 0,
        "ending": {},
    }
