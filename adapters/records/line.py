"""Who is next: workspaces take turns, and in each workspace the persons take turns, and of each person the oldest.

A turn is the number of the last start in the lane; whoever's is lowest goes first, and a newcomer has none yet. So a
workspace with a thousand shoots delays another's first by the one that runs already.

The statements take `now` when they are executed, and are built once: building one costs more time than it needs to run.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Double,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import insert
from adapters.records.tables import shoots, turns
from bot.ledger import STALLS
from bot.shoots import Lane, ShootState

NOW = bindparam("now", type_=Double)
others = shoots.alias("others")


def is_live(table: Any = shoots) -> ColumnElement[bool]:
    """Somebody works on it and was heard of lately."""
    return and_(table.c.state == ShootState.RUNNING, table.c.lease_until > NOW)


def person_is_free(lane: Lane) -> ColumnElement[bool]:
    """Nothing of the person runs elsewhere. Screenings are short and may run side by side."""
    if lane == "screenings":
        return true()
    busy = select(others.c.person).where(others.c.lane.in_(["shoots", "quarantine"]), is_live(others))
    return shoots.c.person.not_in(busy)


def is_claimable(lane: Lane) -> ColumnElement[bool]:
    """It waits, or its worker is gone."""
    return or_(_waits(lane), _is_left(lane))


def _waits(lane: Lane) -> ColumnElement[bool]:
    """Only columns of `ix_shoots_line`, so that a long line is read from the index alone."""
    queued = and_(shoots.c.lane == lane, shoots.c.state == ShootState.QUEUED)
    return and_(queued, shoots.c.stalls < STALLS[lane], shoots.c.not_before <= NOW)


def _is_left(lane: Lane) -> ColumnElement[bool]:
    running = and_(shoots.c.lane == lane, shoots.c.state == ShootState.RUNNING)
    return and_(running, shoots.c.stalls < STALLS[lane], shoots.c.lease_until <= NOW)


@cache
def next_in_line(lane: Lane) -> Select[Any]:
    """Id and person of the shoot that starts next: the workspace whose turn it is, its person whose turn it is, the oldest."""
    ready = and_(_waits(lane), person_is_free(lane))
    workspace = _whose_turn(lane, shoots.c.workspace, ready)
    person = _whose_turn(lane, shoots.c.person, and_(ready, shoots.c.workspace == workspace))
    first = select(shoots.c.id, shoots.c.person).where(ready, shoots.c.person == person)
    return first.order_by(shoots.c.seq).limit(1)


def _whose_turn(lane: Lane, key: Column[str], ready: ColumnElement[bool]) -> ScalarSelect[Any]:
    waiting = select(key.label("key"), func.min(shoots.c.seq).label("first")).where(ready).group_by(key).subquery()
    each = select(waiting.c.key).order_by(turn_of(waiting.c.key, lane), waiting.c.first)
    return each.limit(1).scalar_subquery()


def turn_of(key: ColumnElement[str], lane: Any) -> ColumnElement[int]:
    """Number of the last start of a workspace or person. One look-up each, and no join: PostgreSQL joins badly as long as it
    believes that the line is empty.
    """
    turn = select(turns.c.turn).where(turns.c.lane == lane, turns.c.key == key)
    return func.coalesce(turn.scalar_subquery(), 0)


@cache
def ready_to_start(lane: Lane, limit: int) -> Select[Any]:
    """Ids of queued shoots that may start, the oldest first."""
    ready = and_(_waits(lane), person_is_free(lane))
    return select(shoots.c.id).where(ready).order_by(shoots.c.seq).limit(limit)


@cache
def left_behind(lane: Lane, limit: int = 1) -> Select[Any]:
    """Ids and persons of the running shoots whose workers are gone, the longest first."""
    gone = select(shoots.c.id, shoots.c.person).where(_is_left(lane), person_is_free(lane))
    return gone.order_by(shoots.c.lease_until).limit(limit)


async def take_turn(connection: AsyncConnection, lane: Lane, *keys: str) -> None:
    """Send the workspace and the person to the back of the line."""
    last = select(func.coalesce(func.max(turns.c.turn), 0) + 1).where(turns.c.lane == lane).scalar_subquery()
    rows = insert(connection, turns).values([{"lane": lane, "key": key, "turn": last} for key in keys])
    known = [turns.c.lane, turns.c.key]
    await connection.execute(rows.on_conflict_do_update(index_elements=known, set_={"turn": rows.excluded.turn}))
