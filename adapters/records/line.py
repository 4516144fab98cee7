"""Who is next: workspaces take turns, and in each workspace the persons take turns, and of each person the oldest.

A turn is the number of the last start in the lane; whoever's is lowest goes first, and a newcomer has none yet. So a
workspace with a thousand shoots delays another's first by the one that runs already.
"""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select
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
    """Nothing else of the person runs. Screenings are short and may run side by side."""
    if lane == "screenings":
        return shoots.c.id == shoots.c.id
    running = select(others.c.seq).where(
        others.c.person == shoots.c.person,
        others.c.seq != shoots.c.seq,
        others.c.lane != "screenings",
        is_live(now, others),
    )
    return ~running.exists()


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


def in_line(lane: Lane, *conditions: ColumnElement[bool]) -> CTE:
    """The queued shoots that meet the conditions, each with its `place` from 1."""
    own = select(
        shoots.c.id,
        shoots.c.seq,
        shoots.c.workspace,
        shoots.c.person,
        func.row_number().over(partition_by=[shoots.c.workspace, shoots.c.person], order_by=shoots.c.seq).label("own"),
    )
    own = own.where(shoots.c.lane == lane, shoots.c.state == ShootState.QUEUED, *conditions)
    own_line = own.cte("own_line")
    served = turns.alias("served")
    among = func.row_number().over(
        partition_by=own_line.c.workspace,
        order_by=[own_line.c.own, func.coalesce(served.c.turn, 0), own_line.c.seq],
    )
    joined = own_line.outerjoin(served, and_(served.c.lane == lane, served.c.key == own_line.c.person))
    workspace_line = select(own_line, among.label("among")).select_from(joined).cte("workspace_line")
    visited = turns.alias("visited")
    place = func.row_number().over(
        order_by=[workspace_line.c.among, func.coalesce(visited.c.turn, 0), workspace_line.c.seq]
    )
    joined = workspace_line.outerjoin(
        visited, and_(visited.c.lane == lane, visited.c.key == workspace_line.c.workspace)
    )
    return select(workspace_line.c.id, place.label("place")).select_from(joined).cte("line")


def next_in_line(lane: Lane, now: float, limit: int = 1) -> Select[Any]:
    """Ids of the queued shoots that would start next."""
    line = in_line(lane, is_claimable(lane, now), person_is_free(lane, now))
    return select(line.c.id).order_by(line.c.place).limit(limit)


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
