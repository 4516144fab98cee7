"""Consent, forgetting and export on SQL."""

from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, insert
from adapters.records.rows import one_at_a_time
from adapters.records.tables import (
    checkpoints,
    consent_texts,
    consents,
    inbox,
    marks,
    outbox,
    people,
    shoots,
    turns,
    vault,
)
from adapters.records.vault import begins
from bot.consents import Act, Consent, Forgotten, broken_link, hash_of, next_consent
from bot.ledger import Clock
from bot.people import Person
from bot.vault import of_person
from engine.contract.errors import StorageError


class SqlPeople:
    """See `bot.ledger.People`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def give_consent(self, person: Person, text: str) -> Consent:
        """The words are kept once, however many agree to them."""

        async def work(connection: AsyncConnection) -> Consent:
            words = insert(connection, consent_texts).values(hash=hash_of(text), text=text)
            await connection.execute(words.on_conflict_do_nothing())
            return await self._append(connection, person, "given", hash_of(text))

        return await self._database.write(work)

    async def withdraw_consent(self, person: Person) -> Consent | None:
        """The entry names the words that no longer hold."""

        async def work(connection: AsyncConnection) -> Consent | None:
            last = _holding(await _chain(connection, person))
            return None if last is None else await self._append(connection, person, "withdrawn", last.text_hash)

        return await self._database.write(work)

    async def _append(self, connection: AsyncConnection, person: Person, act: Act, text_hash: str) -> Consent:
        now = self._clock()
        await one_at_a_time(connection, person.key, now)
        chain = await _chain(connection, person)
        made = next_consent(person, act, text_hash, now, chain[-1] if chain else None)
        await connection.execute(
            consents.insert().values(
                person=person.key,
                number=made.number,
                act=made.act,
                text_hash=made.text_hash,
                at=made.at,
                previous=made.previous,
                link=made.link,
            )
        )
        return made

    async def consent(self, person: Person) -> Consent | None:
        """The last entry, when it is not a withdrawal."""

        async def work(connection: AsyncConnection) -> Consent | None:
            return _holding(await _chain(connection, person))

        return await self._database.read(work)

    async def forget(self, person: Person) -> Forgotten:
        """Checkpoints go with their shoots, but are counted first. Events come before messages: whoever is handling one has
        written its replies by then, or will find it gone.
        """

        async def work(connection: AsyncConnection) -> Forgotten:
            key = person.key
            await one_at_a_time(connection, key, self._clock())
            counts = {inbox.name: (await connection.execute(delete(inbox).where(inbox.c.person == key))).rowcount}
            place = func.coalesce(outbox.c.conversation, shoots.c.conversation)
            posted = select(place, outbox.c.posted).outerjoin(shoots, shoots.c.id == outbox.c.shoot_id)
            posted = posted.where(outbox.c.person == key, outbox.c.posted.is_not(None)).order_by(outbox.c.id)
            messages = dict.fromkeys((where, ref) for where, ref in await connection.execute(posted))
            own = select(shoots.c.id).where(shoots.c.person == key).scalar_subquery()
            for table, condition in (
                (marks, marks.c.person == key),
                (checkpoints, checkpoints.c.shoot_id.in_(own)),
                (outbox, outbox.c.person == key),
                (shoots, shoots.c.person == key),
                (consents, consents.c.person == key),
                (vault, begins(of_person(person))),
                (turns, turns.c.key == key),
                (people, people.c.person == key),
            ):
                counts[table.name] = (await connection.execute(delete(table).where(condition))).rowcount
            del counts["turns"], counts["people"]  # bookkeeping of ours, nothing that the person gave
            return Forgotten(counts, tuple(messages))

        return await self._database.write(work)

    async def export(self, person: Person) -> dict[str, Any]:
        """Column by column as it stands, and the words of each consent. Of secrets, that there are any and what for."""

        async def work(connection: AsyncConnection) -> dict[str, Any]:
            own = select(shoots.c.id).where(shoots.c.person == person.key).scalar_subquery()
            secrets = select(vault.c.name, vault.c.expires_at).where(begins(of_person(person))).order_by(vault.c.name)
            agreed = select(consents.c.text_hash).where(consents.c.person == person.key).scalar_subquery()

            async def rows(table: Table, condition: Any) -> list[dict[str, Any]]:
                found = await connection.execute(select(table).where(condition).order_by(*table.primary_key.columns))
                return [dict(row) for row in found.mappings()]

            return {
                "person": person.key,
                "shoots": await rows(shoots, shoots.c.person == person.key),
                "checkpoints": await rows(checkpoints, checkpoints.c.shoot_id.in_(own)),
                "marks": await rows(marks, marks.c.person == person.key),
                "events": await rows(inbox, inbox.c.person == person.key),
                "messages": await rows(outbox, outbox.c.person == person.key),
                "consents": await rows(consents, consents.c.person == person.key),
                "consent_texts": await rows(consent_texts, consent_texts.c.hash.in_(agreed)),
                "vault": [dict(row) for row in (await connection.execute(secrets)).mappings()],
            }

        return await self._database.read(work)


async def _chain(connection: AsyncConnection, person: Person) -> list[Consent]:
    entries = select(consents).where(consents.c.person == person.key).order_by(consents.c.number)
    chain = [
        Consent(person, row.number, row.act, row.text_hash, row.at, row.previous, row.link)
        for row in await connection.execute(entries)
    ]
    if broken_link(chain) is not None:
        raise StorageError("consent_tampered")
    return chain


def _holding(chain: list[Consent]) -> Consent | None:
    return chain[-1] if chain and chain[-1].act == "given" else None
