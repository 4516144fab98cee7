"""The outbox on SQL: a message that is handed out is hidden for a while, and `tries` is its fence."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database
from adapters.records.rows import to_person
from adapters.records.tables import outbox, shoots
from bot.ledger import Clock, OutboxMessage
from bot.shoots import Json

HOLD_S = 30.0
"""Longer than any call to a platform may take."""
earlier = outbox.alias("earlier")


class SqlOutbox:
    """See `bot.ledger.Outbox`."""

    def __init__(self, database: Database, clock: Clock, hold_s: float = HOLD_S) -> None:
        self._database = database
        self._clock = clock
        self._hold_s = hold_s

    async def due(self, platforms: Collection[str], limit: int = 10) -> tuple[OutboxMessage, ...]:
        """The first of each line that is still to go out, the longest due first."""

        async def work(connection: AsyncConnection) -> tuple[OutboxMessage, ...]:
            now = self._clock()
            own = outbox.c.platform.in_(platforms)
            first = select(outbox.c.id).where(outbox.c.due_at <= now, own, ~_before("shoot_id"), ~_before("line"))
            first = first.order_by(outbox.c.due_at, outbox.c.id).limit(limit)
            taken = outbox.update().where(outbox.c.id.in_(first.scalar_subquery()), outbox.c.due_at <= now)
            taken = taken.values(tries=outbox.c.tries + 1, due_at=now + self._hold_s).returning(outbox.c.id)
            ids = (await connection.execute(taken)).scalars().all()
            full = select(outbox, shoots.c.conversation.label("place"), shoots.c.kind.label("about"))
            full = full.add_columns(shoots.c.placeholder).where(outbox.c.id.in_(ids)).order_by(outbox.c.id)
            rows = await connection.execute(full.outerjoin(shoots, shoots.c.id == outbox.c.shoot_id))
            return tuple(_to_message(row) for row in rows)

        return await self._database.write(work)

    async def note(self, message: OutboxMessage, notes: Json) -> bool:
        """Replaces what was noted before."""
        return await self._change(message, notes=dict(notes))

    async def delivered(self, message: OutboxMessage, posted: str) -> bool:
        """What stands for the shoot now is what later ones edit; a reply never does, unless it was to be one of those edits."""
        return await self._change(message, due_at=None, posted=posted, code=None)

    async def retry_later(self, message: OutboxMessage, after_s: float, code: str) -> bool:
        """The number of tries goes on."""
        return await self._change(message, due_at=self._clock() + after_s, code=code)

    async def give_up(self, message: OutboxMessage, code: str) -> bool:
        """Later messages of the shoot may go out."""
        return await self._change(message, due_at=None, code=code)

    async def _change(self, message: OutboxMessage, **values: Any) -> bool:
        async def work(connection: AsyncConnection) -> bool:
            own = outbox.update().where(
                outbox.c.id == message.id, outbox.c.tries == message.tries, outbox.c.due_at.is_not(None)
            )
            changed = bool((await connection.execute(own.values(**values))).rowcount)
            stands = message.placeholder is None and (message.kind != "reply" or message.edits)
            if changed and "posted" in values and stands:
                first = shoots.update().where(shoots.c.id == message.shoot_id)
                await connection.execute(first.values(placeholder=values["posted"]))
            return changed

        return await self._database.write(work)


def _before(line: str) -> ColumnElement[bool]:
    """Whether an earlier message with the same `shoot_id` or `line` is still to go out."""
    same = and_(earlier.c[line] == outbox.c[line], earlier.c.id < outbox.c.id, earlier.c.due_at.is_not(None))
    return select(earlier.c.id).where(same).exists()


def _to_message(row: Row[Any]) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        key=row.key,
        shoot_id=row.shoot_id,
        kind=row.kind,
        about=row.about,
        person=to_person(row.person),
        conversation=row.place if row.conversation is None else row.conversation,
        payload=row.payload,
        tries=row.tries,
        created_at=row.created_at,
        placeholder=row.placeholder if row.kind != "reply" or row.edits else None,
        notes=row.notes,
        edits=row.edits,
    )
