"""From rows to records and back."""

import hashlib
import secrets
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import insert
from adapters.records.tables import outbox, people, shoots
from bot.ledger import MessageKind, Reply
from bot.people import Person
from bot.shoots import Json, Shoot, ShootOrder, ShootState


def workspace_key(person: Person) -> str:
    """The first two parts of the person's key."""
    return person.key.rpartition("/")[0]


def to_person(key: str) -> Person:
    """The person whose key this is."""
    platform, workspace, user = (part.replace("%2F", "/").replace("%25", "%") for part in key.split("/"))
    return Person(platform, workspace, user)


def to_order(row: Row[Any]) -> ShootOrder:
    """The order in a row of `shoots`."""
    return ShootOrder(
        id=row.id,
        person=to_person(row.person),
        dedupe_key=row.dedupe_key,
        kind=row.kind,
        payload=row.payload,
        conversation=row.conversation,
        parent=row.parent,
        payload_version=row.payload_version,
    )


def to_shoot(row: Row[Any]) -> Shoot:
    """A row of `shoots` as its owner may see it."""
    return Shoot(
        order=to_order(row),
        state=ShootState(row.state),
        lane=row.lane,
        next_index=row.next_index,
        created_at=row.created_at,
        ended_at=row.ended_at,
        placeholder=row.placeholder,
        ending=row.ending,
    )


async def say(
    connection: AsyncConnection, shoot_id: str, person: str, kind: MessageKind, payload: Json, now: float
) -> None:
    """Put a message about a shoot into the outbox, in the transaction of what it tells."""
    row = _message(person, kind, payload, now)
    await connection.execute(outbox.insert().values(row | {"shoot_id": shoot_id}))


async def answer(connection: AsyncConnection, person: str, reply: Reply, now: float) -> None:
    """Put a reply into the outbox, unless its key is there already. One about a shoot that is gone, or not this person's, is
    about no shoot.
    """
    person = reply.person.key if reply.person else person
    own = select(shoots.c.id).where(shoots.c.id == reply.shoot_id, shoots.c.person == person).scalar_subquery()
    line = hashlib.sha256(f"{person}\n{reply.conversation}".encode()).hexdigest()
    row = _message(person, "reply", reply.message, now) | {
        "shoot_id": None if reply.shoot_id is None else own,
        "conversation": reply.conversation,
        "line": line,
        "edits": reply.edits,
        "notes": dict(reply.notes),
    }
    known = insert(connection, outbox).values(row | ({"key": reply.key} if reply.key else {}))
    await connection.execute(known.on_conflict_do_nothing(index_elements=[outbox.c.key]))


def _message(person: str, kind: MessageKind, payload: Json, now: float) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(8),
        "platform": to_person(person).platform,
        "person": person,
        "kind": kind,
        "edits": False,
        "payload": dict(payload),
        "created_at": now,
        "due_at": now,
        "tries": 0,
        "notes": {},
    }


async def one_at_a_time(connection: AsyncConnection, person: str, now: float) -> None:
    """Until this transaction ends, no other one decides about this person's quota, consent or lease."""
    known = insert(connection, people).values(person=person, since=now)
    await connection.execute(
        known.on_conflict_do_update(index_elements=[people.c.person], set_={"since": people.c.since})
    )
