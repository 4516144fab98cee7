"""What a person has, on SQL: headshots are checkpoints, selfies stand in the orders and endings of screenings."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, insert
from adapters.records.rows import one_at_a_time, to_shoot
from adapters.records.tables import checkpoints, marks, outbox, shoots
from bot.ledger import Clock, KeptHeadshot, KeptSelfie, Mark
from bot.payloads import ScreeningPayload, VerdictEnding, from_json, to_json
from bot.people import Person
from bot.shoots import Shoot, ShootState
from engine.contract.errors import PersonError


class SqlGalleries:
    """See `bot.ledger.Galleries`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def headshots(self, shoot_id: str, person: Person) -> tuple[KeptHeadshot, ...]:
        """Of a shoot that still runs: those that are done so far."""
        made = select(checkpoints).join(shoots, shoots.c.id == checkpoints.c.shoot_id).order_by(checkpoints.c.candidate)
        made = made.where(shoots.c.id == shoot_id, shoots.c.person == person.key, checkpoints.c.artifact != "")

        async def work(connection: AsyncConnection) -> tuple[KeptHeadshot, ...]:
            put = await _marks(connection, person)
            kept = [
                KeptHeadshot(row.shoot_id, row.artifact, row.facts, row.created_at, put.get(row.artifact, frozenset()))
                for row in await connection.execute(made)
            ]
            shown = [headshot for headshot in kept if "deleted" not in headshot.marks]
            return tuple(sorted(shown, key=lambda headshot: int(headshot.facts["rank"])))

        return await self._database.read(work)

    async def selfies(self, person: Person) -> tuple[KeptSelfie, ...]:
        """A photo that was sent twice is as old as its latest verdict."""
        ended = select(shoots.c.ending, shoots.c.ended_at).order_by(shoots.c.ended_at, shoots.c.seq)
        ended = ended.where(_screenings(person), shoots.c.state == ShootState.FINISHED)

        async def work(connection: AsyncConnection) -> tuple[KeptSelfie, ...]:
            latest: dict[str, KeptSelfie] = {}
            for row in await connection.execute(ended):
                for verdict in from_json(VerdictEnding, row.ending).verdicts:
                    latest.pop(verdict.artifact, None)
                    latest[verdict.artifact] = KeptSelfie(verdict.artifact, to_json(verdict), row.ended_at)
            put = await _marks(connection, person)
            return tuple(kept for kept in latest.values() if "deleted" not in put.get(kept.artifact, ()))

        return await self._database.read(work)

    async def mark(self, person: Person, artifact: str, mark: Mark, on: bool = True) -> bool:
        """Not while somebody forgets the person."""

        async def work(connection: AsyncConnection) -> bool:
            now = self._clock()
            await one_at_a_time(connection, person.key, now)
            if not (await _made(connection, person, artifact) or await _given(connection, person, artifact)):
                raise PersonError("artifact_missing")
            if on:
                row = insert(connection, marks).values(person=person.key, artifact=artifact, mark=mark, at=now)
                changed = await connection.execute(row.on_conflict_do_nothing())
            else:
                own = and_(marks.c.person == person.key, marks.c.artifact == artifact, marks.c.mark == mark)
                changed = await connection.execute(marks.delete().where(own))
            return bool(changed.rowcount)

        return await self._database.write(work)

    async def latest(self, person: Person, conversation: str | None = None) -> Shoot | None:
        """A thread may hang below the first message of a shoot or below a copy of its gallery, and others be asked for in it."""
        copies = select(outbox.c.shoot_id).where(outbox.c.person == person.key, outbox.c.posted == conversation)
        condition = [
            or_(
                shoots.c.placeholder == conversation,
                shoots.c.conversation == conversation,
                shoots.c.id.in_(copies.where(outbox.c.shoot_id.is_not(None))),
            )
        ]
        found = await self._newest(person, 1, *(condition if conversation is not None else []))
        return found[0] if found else None

    async def recent(self, person: Person, limit: int = 10) -> tuple[Shoot, ...]:
        """By the moment at which the gallery was there."""
        return await self._newest(person, limit)

    async def _newest(self, person: Person, limit: int, *condition: ColumnElement[bool]) -> tuple[Shoot, ...]:
        own = and_(shoots.c.person == person.key, shoots.c.state == ShootState.FINISHED, shoots.c.kind != "screening")
        newest = select(shoots).where(own, *condition).order_by(shoots.c.ended_at.desc(), shoots.c.seq.desc())

        async def work(connection: AsyncConnection) -> tuple[Shoot, ...]:
            return tuple(to_shoot(row) for row in await connection.execute(newest.limit(limit)))

        return await self._database.read(work)


def _screenings(person: Person) -> ColumnElement[bool]:
    return and_(shoots.c.person == person.key, shoots.c.kind == "screening")


def names_selfie(artifact: Any) -> ColumnElement[bool]:
    """Whether the order in a row of `shoots` has this text in it: ids of pictures are hexadecimal, so they stand as they are."""
    return cast(shoots.c.payload, Text).contains(artifact)


async def _marks(connection: AsyncConnection, person: Person) -> dict[str, frozenset[Mark]]:
    put: dict[str, frozenset[Mark]] = {}
    for row in await connection.execute(select(marks).where(marks.c.person == person.key)):
        put[row.artifact] = put.get(row.artifact, frozenset()) | {row.mark}
    return put


async def _made(connection: AsyncConnection, person: Person, artifact: str) -> bool:
    """Whether it is a headshot of theirs."""
    own = select(checkpoints.c.candidate).join(shoots, shoots.c.id == checkpoints.c.shoot_id).limit(1)
    own = own.where(checkpoints.c.artifact == artifact, checkpoints.c.artifact != "", shoots.c.person == person.key)
    return (await connection.execute(own)).scalar() is not None


async def _given(connection: AsyncConnection, person: Person, artifact: str) -> bool:
    """Whether it is a selfie of theirs, be its verdict known or still to come."""
    payloads = await connection.execute(select(shoots.c.payload).where(_screenings(person), names_selfie(artifact)))
    orders = [from_json(ScreeningPayload, payload) for payload in payloads.scalars()]
    return any(artifact == selfie.artifact for order in orders for selfie in order.new)
