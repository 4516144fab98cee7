"""The reconciler on SQL."""

from collections.abc import Collection
from typing import Any, get_args

from sqlalchemy import Select, and_, case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database
from adapters.records.galleries import names_selfie
from adapters.records.line import is_live, left_behind, ready_to_start
from adapters.records.rows import say, to_person
from adapters.records.tables import checkpoints, inbox, marks, outbox, shoots, vault
from adapters.records.vault import is_over
from bot.ledger import ASIDE_S, STALLS, Clock, Counts, Kick, Reconciled, Standing
from bot.shoots import Lane, ShootState

KICKS = 32
"""Per lane and kind of reason: more than there are workers to wake."""
PURGED = 500
"""Shoots, in one transaction."""
OPEN = [state for state in ShootState if state.is_open]
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
                for wanted in (left_behind(lane, KICKS), ready_to_start(lane, KICKS)):
                    kicks += [
                        Kick(shoot_id, lane) for shoot_id in (await connection.execute(wanted, {"now": now})).scalars()
                    ]
            return Reconciled(tuple(kicks), quarantined, explained)

        return await self._database.write(work)

    async def counts(self) -> Counts:
        """An ending counts only together with its message."""

        async def work(connection: AsyncConnection) -> Counts:
            now = self._clock()
            opened = shoots.c.state.in_(OPEN)
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

    async def standing(self, platforms: Collection[str], limit: int = 200) -> tuple[Standing, ...]:
        """Screenings too, when they have a first message."""
        shown = select(shoots).where(
            shoots.c.lane.in_(LANES), shoots.c.state.in_(OPEN), shoots.c.placeholder.is_not(None)
        )
        shown = shown.where(shoots.c.platform.in_(platforms)).limit(limit)
        shown = shown.order_by(case((shoots.c.state == ShootState.RUNNING, 0), else_=1), shoots.c.seq)

        async def work(connection: AsyncConnection) -> tuple[Standing, ...]:
            return tuple(
                Standing(
                    shoot_id=row.id,
                    kind=row.kind,
                    person=to_person(row.person),
                    placeholder=row.placeholder,
                    payload=row.payload,
                    state=ShootState(row.state),
                    created_at=row.created_at,
                    started_at=row.started_at,
                    next_index=row.next_index,
                )
                for row in await connection.execute(shown)
            )

        return await self._database.read(work)

    async def purge(self, before: float) -> int:
        """At most `PURGED` shoots, so that nobody waits for long; the next call goes on."""

        async def work(connection: AsyncConnection) -> int:
            gone = await connection.execute(delete(shoots).where(shoots.c.id.in_(_over(before).scalar_subquery())))
            replies = and_(outbox.c.shoot_id.is_(None), outbox.c.due_at.is_(None), outbox.c.created_at < before)
            await connection.execute(delete(outbox).where(replies))
            await connection.execute(delete(inbox).where(inbox.c.due_at.is_(None), inbox.c.received_at < before))
            old = and_(inbox.c.due_at.is_(None), inbox.c.received_at < self._clock() - ASIDE_S)
            await connection.execute(inbox.update().where(old, inbox.c.event.is_not(None)).values(event=None))
            made = select(checkpoints.c.artifact)
            given = select(shoots.c.id).where(shoots.c.person == marks.c.person, shoots.c.kind == "screening")
            given = given.where(names_selfie(marks.c.artifact))
            bare = and_(marks.c.at < before, marks.c.artifact.not_in(made), ~given.exists())
            await connection.execute(delete(marks).where(bare))
            await connection.execute(delete(vault).where(is_over(self._clock())))
            return gone.rowcount

        return await self._database.write(work)


def _over(before: float) -> Select[Any]:
    """Ids of shoots of which nothing is left to be done or said, the longest over first."""
    ended = [state for state in ShootState if not state.is_open]
    over = select(shoots.c.id).where(shoots.c.lane.in_(LANES), shoots.c.state.in_(ended), shoots.c.ended_at < before)
    message = select(outbox.c.id).where(outbox.c.shoot_id == shoots.c.id, outbox.c.due_at.is_not(None))
    return over.where(~message.exists()).order_by(shoots.c.ended_at).limit(PURGED)


def _told(states: list[ShootState], kinds: list[str]) -> Select[int]:
    message = select(outbox.c.id).where(outbox.c.shoot_id == shoots.c.id, outbox.c.kind.in_(kinds))
    return select(func.count()).where(shoots.c.state.in_(states), message.exists())


async def _explain(connection: AsyncConnection, now: float) -> tuple[str, ...]:
    ending = {"code": "shoot_stalled", "facts": {}}
    gone = shoots.update().where(
        shoots.c.lane == "quarantine", shoots.c.stalls >= STALLS["quarantine"], shoots.c.state == ShootState.RUNNING
    )
    gone = gone.where(~is_live()).values(
        state=ShootState.EXPLAINED,
        ended_at=now,
        ending=ending,
        fence=shoots.c.fence + 1,
        owner=None,
        lease_until=None,
    )
    rows = (await connection.execute(gone.returning(shoots.c.id, shoots.c.person), {"now": now})).all()
    for row in rows:
        await say(connection, row.id, row.person, "explanation", ending, now)
    return tuple(row.id for row in rows)


async def _quarantine(connection: AsyncConnection, now: float) -> tuple[str, ...]:
    stalled = or_(*[(shoots.c.lane == lane) & (shoots.c.stalls >= STALLS[lane]) for lane in LANES[:2]])
    moved = shoots.update().where(shoots.c.state == ShootState.RUNNING, stalled, ~is_live())
    moved = moved.values(
        lane="quarantine",
        state=ShootState.QUEUED,
        stalls=0,
        not_before=now,
        fence=shoots.c.fence + 1,
        owner=None,
        lease_until=None,
    )
    return tuple((await connection.execute(moved.returning(shoots.c.id), {"now": now})).scalars())
