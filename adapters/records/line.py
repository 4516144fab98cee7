"""Who is next: workspaces take turns, and in each workspace the persons take turns, and of each person the oldest.

A turn is the number of the last start in the lane; whoever's is lowest goes first, and a newcomer has none yet. So a
workspace with a thousand shoots delays another's first by the one that runs already.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Row, ScalarSelect, Select, and_, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import insert
from adapters.records.tables import shoots, turns
from bot.ledger import STALLS
from bot.shoots import Lane, ShootState

others = shoots.alias("others")


def is_live(now: float, table: Any = shoots) -> ColumnElement[bool]:
    """Somebody works on it and was heard of lately."""
    return and_(table.c.state == ShootState.RUNNING, table.c.lease_until > now)


def person_is_free(lane: Lane, now: float) -> ColumnElement[bool]:
    """Nothing of the person runs elsewhere. Screenings are short and may run side by side."""
    if lane == "screenings":
        return true()
    busy = select(others.c.person).where(others.c.lane != "screenings", is_live(now, others))
    return shoots.c.person.not_in(busy)


def is_claimable(lane: Lane, now: float) -> ColumnElement[bool]:
    """It waits, or its worker is gone."""
    return and_(
        shoots.c.lane == lane,
        shoots.c.stalls < STALLS[lane],
        or_(
            and_(shoots.c.state == ShootState.QUEUED, shoots.c.not_before <= now),
            and_(shoots.c.state == ShootState.RUNNING, shoots.c.lease_until <= now),
        ),
    )


def next_in_line(lane: Lane, now: float) -> Select[Any]:
    """Id of the shoot that starts next: the workspace whose turn it is, its person whose turn it is, the oldest."""
    ready = and_(shoots.c.state == ShootState.QUEUED, is_claimable(lane, now), person_is_free(lane, now))
    workspace = _whose_turn(lane, shoots.c.workspace, ready)
    person = _whose_turn(lane, shoots.c.person, and_(ready, shoots.c.workspace == workspace))
    return select(shoots.c.id).where(ready, shoots.c.person == person).order_by(shoots.c.seq).limit(1)


def _whose_turn(lane: Lane, key: Column[str], ready: ColumnElement[bool]) -> ScalarSelect[Any]:
    waiting = select(key.label("key"), func.min(shoots.c.seq).label("first")).where(ready).group_by(key).subquery()
    turn = and_(turns.c.lane == lane, turns.c.key == waiting.c.key)
    each = select(waiting.c.key).select_from(waiting.outerjoin(turns, turn))
    return each.order_by(func.coalesce(turns.c.turn, 0), waiting.c.first).limit(1).scalar_subquery()


async def place_of(connection: AsyncConnection, row: Row[Any]) -> int:
    """Place in line from 1 of a queued shoot: `row` has lane, seq, person and workspace.

    A person's n-th shoot comes in the n-th round of the workspace, and the workspace's n-th in the n-th round of the lane.
    """
    waiting = and_(shoots.c.lane == row.lane, shoots.c.state == ShootState.QUEUED)
    own = select(func.count()).where(waiting, shoots.c.person == row.person, shoots.c.seq <= row.seq)
    nth = (await connection.execute(own)).scalar_one()
    among = and_(waiting, shoots.c.workspace == row.workspace)
    nth = await _place(connection, row.lane, shoots.c.person, row.person, nth, among)
    return await _place(connection, row.lane, shoots.c.workspace, row.workspace, nth, waiting)


async def _place(
    connection: AsyncConnection, lane: Lane, key: Column[str], mine: str, nth: int, waiting: ColumnElement[bool]
) -> int:
    """Place of the n-th shoot of `mine` when all keys take turns: earlier rounds, and who goes first in this round."""
    many, first = func.count().label("many"), func.min(shoots.c.seq).label("first")
    groups = select(key.label("key"), many, first).where(waiting).group_by(key).subquery()
    turn = and_(turns.c.lane == lane, turns.c.key == groups.c.key)
    each = select(groups, func.coalesce(turns.c.turn, 0).label("turn")).select_from(groups.outerjoin(turns, turn))
    line = each.cte("line")
    me = select(line.c.turn, line.c.first).where(line.c.key == mine).subquery()
    before = or_(line.c.turn < me.c.turn, and_(line.c.turn == me.c.turn, line.c.first <= me.c.first))
    rounds = func.sum(case((line.c.many < nth, line.c.many), else_=nth - 1))
    this_round = func.sum(case((and_(line.c.many >= nth, before), 1), else_=0))
    return int((await connection.execute(select(rounds + this_round).select_from(line.join(me, true())))).scalar_one())


def ready_to_start(lane: Lane, now: float, limit: int) -> Select[Any]:
    """Ids of queued shoots that may start, the oldest first."""
    ready = and_(shoots.c.state == ShootState.QUEUED, is_claimable(lane, now), person_is_free(lane, now))
    return select(shoots.c.id).where(ready).order_by(shoots.c.seq).limit(limit)


def left_behind(lane: Lane, now: float, limit: int = 1) -> Select[Any]:
    """Ids of the running shoots whose workers are gone, the longest first."""
    gone = select(shoots.c.id).where(
        shoots.c.state == ShootState.RUNNING, is_claimable(lane, now), person_is_free(lane, now)
    )
    return gone.order_by(shoots.c.lease_until).limit(limit)


async def take_turn(connection: AsyncConnection, lane: Lane, *keys: str) -> None:
    """Send the workspace and the person to the back of the line."""
    last = select(func.coalesce(func.max(turns.c.turn), 0)).where(turns.c.lane == lane)
    number = (await connection.execute(last)).scalar_one() + 1
    for key in keys:
        row = insert(connection, turns).values(lane=lane, key=key, turn=number)
        await connection.execute(
            row.on_conflict_do_update(index_elements=[turns.c.lane, turns.c.key], set_={"turn": number})
        )
