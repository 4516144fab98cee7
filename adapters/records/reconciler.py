"""The reconciler on SQL."""

from typing import get_args

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database
from adapters.records.line import is_live, left_behind, ready_to_start
from adapters.records.rows import say
from adapters.records.tables import outbox, shoots
from bot.ledger import STALLS, Clock, Counts, Kick, Reconciled
from bot.shoots import Lane, ShootState

KICKS = 32
"""Per lane and kind of reason: more than there are workers to wake."""
LANES: tuple[Lane, ...] = get_args(Lane)


class SqlReconciler:
    """See `bot.ledger.Reconciler`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def reconcile(self) -> Reconciled:
        """Explaining comes first: what is quarantined now gets its starts there."""

        async def work(connection: AsyncConnection) -> Reconciled:
            now = self._clock()
            explained = await _explain(connection, now)
            quarantined = await _quarantine(connection, now)
            kicks = []
            for lane in LANES:
                for wanted in (left_behind(lane, now, KICKS), ready_to_start(lane, now, KICKS)):
                    kicks += [Kick(shoot_id, lane) for shoot_id in (await connection.execute(wanted)).scalars()]
            return Reconciled(tuple(kicks), quarantined, explained)

        return await self._database.write(work)

    async def counts(self) -> Counts:
        """An ending counts only together with its message."""

        async def work(connection: AsyncConnection) -> Counts:
            now = self._clock()
            opened = shoots.c.state.in_([ShootState.QUEUED, ShootState.RUNNING])
            figures = [
                select(func.count()).select_from(shoots),
                _told([ShootState.FINISHED], ["gallery", "verdict"]),
                _told([ShootState.EXPLAINED, ShootState.CANCELLED], ["explanation", "cancelled"]),
                select(func.count()).where(opened),
                select(now - func.coalesce(func.min(shoots.c.created_at), now)).where(
                    shoots.c.state == ShootState.QUEUED
                ),
                select(now - func.coalesce(func.min(outbox.c.created_at), now)).where(outbox.c.due_at.is_not(None)),
            ]
            return Counts(*[(await connection.execute(figure)).scalar_one() for figure in figures])

        return await self._database.read(work)


def _told(states: list[ShootState], kinds: list[str]) -> Select[int]:
    message = select(outbox.c.id).where(outbox.c.shoot_id == shoots.c.id, outbox.c.kind.in_(kinds))
    return select(func.count()).where(shoots.c.state.in_(states), message.exists())


async def _explain(connection: AsyncConnection, now: float) -> tuple[str, ...]:
    ending = {"code": "shoot_stalled", "facts": {}}
    gone = shoots.update().where(
        shoots.c.lane == "quarantine", shoots.c.stalls >= STALLS["quarantine"], shoots.c.state == ShootState.RUNNING
    )
    gone = gone.where(~is_live(now)).values(
        state=ShootState.EXPLAINED,
        ended_at=now,
        ending=ending,
        fence=shoots.c.fence + 1,
        owner=None,
        lease_until=None,
    )
    rows = (await connection.execute(gone.returning(shoots.c.id, shoots.c.person))).all()
    for row in rows:
        await say(connection, row.id, row.person, "explanation", ending, now)
    return tuple(row.id for row in rows)


async def _quarantine(connection: AsyncConnection, now: float) -> tuple[str, ...]:
    stalled = or_(*[(shoots.c.lane == lane) & (shoots.c.stalls >= STALLS[lane]) for lane in LANES[:2]])
    moved = shoots.update().where(shoots.c.state == ShootState.RUNNING, stalled, ~is_live(now))
    moved = moved.values(
        lane="quarantine",
        state=ShootState.QUEUED,
        stalls=0,
        not_before=now,
        fence=shoots.c.fence + 1,
        owner=None,
        lease_until=None,
    )
    return tuple((await connection.execute(moved.returning(shoots.c.id))).scalars())
