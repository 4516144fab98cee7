"""Leases on SQL: every write is one UPDATE that names the fence, and whoever is outdated meets no row."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, insert
from adapters.records.line import is_claimable, left_behind, next_in_line, person_is_free, take_turn
from adapters.records.rows import say, to_order
from adapters.records.tables import checkpoints, people, shoots
from bot.ledger import ERRORS, LEASE_S, Clock, MessageKind
from bot.shoots import Checkpoint, Ending, Lane, Lease, ShootState
from engine.contract.errors import HeadroomError

PAUSE_AFTER_ERROR_S = 5.0
"""Times the number of errors: what failed a moment ago fails again."""
_NOBODY = {"owner": None, "lease_until": None}


class SqlLeases:
    """See `bot.ledger.Leases`."""

    def __init__(self, database: Database, clock: Clock, lease_s: float = LEASE_S) -> None:
        self._database = database
        self._clock = clock
        self._lease_s = lease_s

    async def claim(self, lane: Lane, owner: str) -> Lease | None:
        """What was left behind first: it had its turn already."""
        while (found := await self._next(lane)) is not None:
            if (lease := await self._take(found.id, found.person, lane, owner)) is not None:
                return lease
        return None

    async def _next(self, lane: Lane) -> Row[Any] | None:
        async def work(connection: AsyncConnection) -> Row[Any] | None:
            now = {"now": self._clock()}
            found: Row[Any] | None = (await connection.execute(left_behind(lane), now)).first()
            return found or (await connection.execute(next_in_line(lane), now)).first()

        return await self._database.read(work)

    async def _take(self, shoot_id: str, person: str, lane: Lane, owner: str) -> Lease | None:
        """As `one_at_a_time` does, but without a row for somebody who was forgotten a moment ago."""

        async def work(connection: AsyncConnection) -> Lease | None:
            now = self._clock()
            await connection.execute(people.update().where(people.c.person == person).values(since=people.c.since))
            taken = shoots.update().where(shoots.c.id == shoot_id, is_claimable(lane), person_is_free(lane))
            taken = taken.values(
                state=ShootState.RUNNING,
                owner=owner,
                fence=shoots.c.fence + 1,
                lease_until=now + self._lease_s,
                stalls=shoots.c.stalls + 1,
                started_at=case((shoots.c.started_at.is_(None), now), else_=shoots.c.started_at),
            )
            row = (await connection.execute(taken.returning(shoots), {"now": now})).one_or_none()
            if row is None:
                return None
            await take_turn(connection, lane, row.workspace, row.person)
            made = select(checkpoints).where(checkpoints.c.shoot_id == shoot_id).order_by(checkpoints.c.candidate)
            return Lease(
                order=to_order(row),
                lane=lane,
                owner=owner,
                fence=row.fence,
                until=row.lease_until,
                errors=row.errors,
                stalls=row.stalls,
                checkpoints=tuple(Checkpoint(c.candidate, c.artifact, c.facts) for c in await connection.execute(made)),
            )

        return await self._database.write(work)

    async def beat(self, lease: Lease) -> Lease | None:
        """A lease that ran out and was not taken by anybody lives on."""
        until = self._clock() + self._lease_s

        async def work(connection: AsyncConnection) -> Lease | None:
            kept = await connection.execute(shoots.update().where(_holds(lease)).values(lease_until=until))
            return replace(lease, until=until) if kept.rowcount else None

        return await self._database.write(work)

    async def checkpoint(self, lease: Lease, made: Checkpoint) -> bool:
        """Progress: the stalls start from zero again."""

        async def work(connection: AsyncConnection) -> bool:
            now = self._clock()
            progress = case((shoots.c.next_index == made.index, made.index + 1), else_=shoots.c.next_index)
            kept = shoots.update().where(_holds(lease)).returning(shoots.c.next_index)
            kept = kept.values(next_index=progress, stalls=0, lease_until=now + self._lease_s)
            if (next_index := (await connection.execute(kept)).scalar()) is None:
                return False
            if next_index <= made.index:
                raise ValueError("a candidate before this one is missing")
            row = insert(connection, checkpoints).values(
                shoot_id=lease.order.id,
                candidate=made.index,
                artifact=made.artifact,
                facts=dict(made.facts),
                created_at=now,
            )
            await connection.execute(row.on_conflict_do_nothing())
            return True

        return await self._database.write(work)

    async def finish(self, lease: Lease, ending: Ending) -> bool:
        """State and message together, or neither."""

        async def work(connection: AsyncConnection) -> bool:
            return await _end(connection, lease, ending, self._clock())

        return await self._database.write(work)

    async def give_back(self, lease: Lease, error: HeadroomError | None = None) -> bool:
        """A start that was given back is no stall."""

        async def work(connection: AsyncConnection) -> bool:
            now, errors = self._clock(), lease.errors + (error is not None)
            if error is not None and errors >= ERRORS:
                ending = Ending(ShootState.EXPLAINED, {"code": error.code, "facts": error.facts})
                return await _end(connection, lease, ending, now, errors=errors)
            back = (
                shoots.update()
                .where(_holds(lease))
                .values(
                    state=ShootState.QUEUED,
                    errors=errors,
                    stalls=case((shoots.c.stalls > 0, shoots.c.stalls - 1), else_=0),
                    not_before=now + errors * PAUSE_AFTER_ERROR_S * (error is not None),
                    **_NOBODY,
                )
            )
            return bool((await connection.execute(back)).rowcount)

        return await self._database.write(work)


def _holds(lease: Lease) -> ColumnElement[bool]:
    return and_(
        shoots.c.id == lease.order.id,
        shoots.c.fence == lease.fence,
        shoots.c.owner == lease.owner,
        shoots.c.state == ShootState.RUNNING,
    )


async def _end(connection: AsyncConnection, lease: Lease, ending: Ending, now: float, **values: int) -> bool:
    ended = {"state": ending.state, "ended_at": now, "ending": dict(ending.payload)}
    done = await connection.execute(shoots.update().where(_holds(lease)).values(**ended, **_NOBODY, **values))
    if not done.rowcount:
        return False
    kind: MessageKind = "verdict" if lease.order.kind == "screening" else "gallery"
    if ending.state is ShootState.EXPLAINED:
        kind = "explanation"
    await say(connection, lease.order.id, lease.order.person.key, kind, ending.payload, now)
    return True
