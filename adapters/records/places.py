"""Where a shoot stands in line, as the claims would go if nobody else came. See `adapters.records.line`.

A person's n-th shoot comes in the n-th round of the workspace, and the workspace's n-th in the n-th round of the lane. As
there, the statements are built once.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.line import is_live, turn_of
from adapters.records.tables import shoots
from bot.shoots import Place, ShootState

MEAN_OF = 20
"""Galleries that the mean time is taken of."""
_LANE, _KEY = bindparam("lane", type_=String), bindparam("key", type_=String)
_NTH = bindparam("nth", type_=BigInteger)
_WAITING = and_(shoots.c.lane == _LANE, shoots.c.state == ShootState.QUEUED)
_OWN = select(func.count()).where(_WAITING, shoots.c.person == _KEY, shoots.c.seq <= bindparam("seq", type_=BigInteger))


def _place(key: Column[str], waiting: ColumnElement[bool]) -> Select[Any]:
    """Place of the n-th shoot of a key when all keys take turns: earlier rounds, and who goes first in this round."""
    many, first = func.count().label("many"), func.min(shoots.c.seq).label("first")
    groups = select(key.label("key"), many, first).where(waiting).group_by(key).subquery()
    line = select(groups, turn_of(groups.c.key, _LANE).label("turn")).cte("line")
    mine = select(line.c.turn, line.c.first).where(line.c.key == _KEY).cte("mine")
    my_turn, my_first = select(mine.c.turn).scalar_subquery(), select(mine.c.first).scalar_subquery()
    before = or_(line.c.turn < my_turn, and_(line.c.turn == my_turn, line.c.first <= my_first))
    rounds = func.sum(case((line.c.many < _NTH, line.c.many), else_=_NTH - 1))
    this_round = func.sum(case((and_(line.c.many >= _NTH, before), 1), else_=0))
    return select(rounds + this_round)


def _figures() -> Select[Any]:
    """All that wait, all that run, and how long the latest took."""
    lane = shoots.c.lane == _LANE
    latest = select((shoots.c.ended_at - shoots.c.started_at).label("s")).limit(MEAN_OF)
    latest = latest.where(lane, shoots.c.state == ShootState.FINISHED).order_by(shoots.c.ended_at.desc())
    mean = select(func.coalesce(func.avg(latest.subquery().c.s), 0.0))
    each = (select(func.count()).where(_WAITING), select(func.count()).where(lane, is_live()), mean)
    return select(*[figure.scalar_subquery() for figure in each])


_AMONG_PERSONS = _place(shoots.c.person, and_(_WAITING, shoots.c.workspace == bindparam("workspace", type_=String)))
_AMONG_WORKSPACES = _place(shoots.c.workspace, _WAITING)
_FIGURES = _figures()


async def place_of(connection: AsyncConnection, row: Row[Any], now: float) -> Place:
    """Of an open shoot: `row` has lane, state, seq, person and workspace."""
    figures = (await connection.execute(_FIGURES, {"lane": row.lane, "now": now})).one()
    return Place(await _ahead(connection, row) if row.state == ShootState.QUEUED else 0, *figures)


async def _ahead(connection: AsyncConnection, row: Row[Any]) -> int:
    own = {"lane": row.lane, "key": row.person, "workspace": row.workspace}
    nth = (await connection.execute(_OWN, own | {"seq": row.seq})).scalar_one()
    nth = (await connection.execute(_AMONG_PERSONS, own | {"nth": nth})).scalar_one()
    nth = (await connection.execute(_AMONG_WORKSPACES, own | {"key": row.workspace, "nth": nth})).scalar_one()
    return int(nth) - 1
