"""The inbox on SQL: an event that is handed out is hidden for a while, and `tries` is its fence."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, alone, insert
from adapters.records.rows import answer
from adapters.records.tables import inbox
from bot.events import Event, from_json, to_json
from bot.ledger import ASIDE_S, Clock, Received, Reply
from bot.people import Person

HOLD_S = 60.0
"""Longer than handling an event may take, with the files that it brings."""
BURST_S = 60.0
_LOCK = 0x48656164496E626F
"""One dispatcher at a time picks events; on PostgreSQL two could otherwise each pick another event of the same person."""
other = inbox.alias("other")


class SqlInbox:
    """See `bot.ledger.Inbox`."""

    def __init__(self, database: Database, clock: Clock, hold_s: float = HOLD_S) -> None:
        self._database = database
        self._clock = clock
        self._hold_s = hold_s

    async def receive(self, event: Event) -> bool:
        """One statement, before all others of this process, because the platform waits."""
        document = to_json(event)

        async def work(connection: AsyncConnection) -> bool:
            now, person = self._clock(), event.person
            row = insert(connection, inbox).values(
                platform=person.platform,
                person=person.key,
                dedupe_key=event.id,
                event=document,
                received_at=now,
                due_at=now,
                tries=0,
            )
            return bool((await connection.execute(row.on_conflict_do_nothing())).rowcount)

        return await self._database.write(work, urgent=True)

    async def due(self, platforms: Collection[str], limit: int = 10) -> tuple[Received, ...]:
        """The first of each person that is still to be handled, the longest due first."""

        async def work(connection: AsyncConnection) -> tuple[Received, ...]:
            await alone(connection, _LOCK)
            now = self._clock()
            ready = and_(inbox.c.due_at <= now, inbox.c.platform.in_(platforms), ~_person_is_busy(now))
            first = select(inbox.c.id).where(ready).order_by(inbox.c.due_at, inbox.c.id).limit(limit)
            taken = inbox.update().where(inbox.c.id.in_(first.scalar_subquery()), inbox.c.due_at <= now)
            taken = taken.values(tries=inbox.c.tries + 1, due_at=now + self._hold_s)
            rows = (await connection.execute(taken.returning(inbox))).all()
            return tuple(
                Received(row.id, from_json(row.event), row.tries, row.received_at)
                for row in sorted(rows, key=lambda row: row.id)
            )

        return await self._database.write(work)

    async def done(self, received: Received, replies: Sequence[Reply] = (), *, aside: bool = False) -> bool:
        """False also when the person was forgotten meanwhile: whoever handled that answers by themselves."""

        async def work(connection: AsyncConnection) -> bool:
            kept = {} if aside else {"event": None}
            if not await _change(connection, received, **kept, due_at=None, code=None):
                return False
            told = aside and await _just_set_aside(connection, received)
            for reply in () if told else replies:
                await answer(connection, received.event.person.key, reply, self._clock())
            return True

        return await self._database.write(work)

    async def resume(self, person: Person) -> int:
        """Those that are too old stay until they are purged."""

        async def work(connection: AsyncConnection) -> int:
            now = self._clock()
            kept = and_(_aside(person), inbox.c.received_at > now - ASIDE_S)
            return (await connection.execute(inbox.update().where(kept).values(due_at=now))).rowcount

        return await self._database.write(work)

    async def retry_later(self, received: Received, after_s: float, code: str) -> bool:
        """Later events of the person wait as well; the number of tries goes on."""

        async def work(connection: AsyncConnection) -> bool:
            return await _change(connection, received, due_at=self._clock() + after_s, code=code)

        return await self._database.write(work)


def _person_is_busy(now: float) -> ColumnElement[bool]:
    """An earlier event of theirs is not done, or one of theirs is in somebody's hands or waits for its next try."""
    held = and_(other.c.id != inbox.c.id, other.c.tries > 0, other.c.due_at > now)
    same = and_(other.c.person == inbox.c.person, other.c.due_at.is_not(None))
    return select(other.c.id).where(same, or_(other.c.id < inbox.c.id, held)).exists()


def _aside(person: Person) -> ColumnElement[bool]:
    return and_(inbox.c.person == person.key, inbox.c.due_at.is_(None), inbox.c.event.is_not(None))


async def _just_set_aside(connection: AsyncConnection, received: Received) -> bool:
    """Whether there is another one of this person, so that ten photos in ten messages get one answer."""
    near = inbox.c.received_at.between(received.received_at - BURST_S, received.received_at)
    others = and_(_aside(received.event.person), inbox.c.id < received.id, near)
    return (await connection.execute(select(inbox.c.id).where(others).limit(1))).scalar() is not None


async def _change(connection: AsyncConnection, received: Received, **values: Any) -> bool:
    held = and_(inbox.c.id == received.id, inbox.c.tries == received.tries, inbox.c.due_at.is_not(None))
    return bool((await connection.execute(inbox.update().where(held).values(**values))).rowcount)
