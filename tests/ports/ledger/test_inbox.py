"""The port `Inbox`: what a platform was told is safe, is handled once, in order, and answered in the same breath."""

import asyncio

import pytest
from sqlalchemy import select

from adapters.records.inbox import HOLD_S
from adapters.records.ledger import connect
from adapters.records.tables import inbox, outbox
from bot.ledger import Received
from bot.people import Person
from tests.ports.ledger.cuts import ANSWER_LOST, Power
from tests.ports.ledger.story import ANNA, BEN, CARLA, PLATFORMS, Studio, to_event, to_reply

pytestmark = pytest.mark.asyncio


async def _ids(studio: Studio) -> list[str]:
    return [received.event.id for received in await studio.hears()]


async def test_an_event_comes_back_as_it_was_received(studio: Studio) -> None:
    """Whoever handles it, perhaps after a crash, knows all that the platform told."""
    said = to_event(ANNA, "corporate 4 – Ärmel hoch 👔")
    assert await studio.ledger.inbox.receive(said)
    received_at = studio.clock.now
    studio.clock.pass_s(5)

    (received,) = await studio.hears()
    assert (received.event, received.tries, received.received_at) == (said, 1, received_at)


async def test_a_redelivered_event_is_known(studio: Studio) -> None:
    """Before it is handled, meanwhile and afterwards; also when the copies arrive side by side."""
    answers = await asyncio.gather(*[studio.says(event_id="Ev1") for _ in range(6)])
    assert sum(answers) == 1
    (received,) = await studio.hears()
    assert not await studio.says(event_id="Ev1")
    assert await studio.ledger.inbox.done(received)

    assert not await studio.says(event_id="Ev1")
    assert await studio.hears() == ()


async def test_events_of_different_persons_do_not_meet(studio: Studio) -> None:
    """Nobody can swallow what somebody else does by guessing an event's id."""
    assert await studio.says(ANNA, event_id="Ev1")
    assert await studio.says(BEN, event_id="Ev1")


async def test_a_persons_events_are_handled_one_after_the_other(studio: Studio) -> None:
    """Selfies before the command that uses them; and a colleague does not wait for either."""
    for name in ("Ev1", "Ev2", "Ev3"):
        await studio.says(ANNA, event_id=name)
    await studio.says(BEN, event_id="Ev4")

    first, bens = await studio.hears()
    assert (first.event.id, bens.event.id) == ("Ev1", "Ev4")
    assert await studio.hears() == ()
    assert await studio.ledger.inbox.done(first)
    assert await _ids(studio) == ["Ev2"]


async def test_a_later_event_waits_for_the_next_try_of_an_earlier_one(studio: Studio) -> None:
    """An outage does not change the order."""
    await studio.says(event_id="Ev1")
    await studio.says(event_id="Ev2")
    (received,) = await studio.hears()

    assert await studio.ledger.inbox.retry_later(received, 20, "records_busy")
    assert await _ids(studio) == []
    studio.clock.pass_s(20)
    (again,) = await studio.hears()
    assert (again.event.id, again.tries) == ("Ev1", 2)


async def test_an_event_that_was_written_down_late_waits_for_the_one_in_hand(studio: Studio) -> None:
    """On PostgreSQL the transaction that got the lower number may be the later one to commit."""
    await studio.says(event_id="late")
    await studio.says(event_id="early")
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(inbox.update().where(inbox.c.dedupe_key == "late").values(due_at=None))
    (early,) = await studio.hears()
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(inbox.update().where(inbox.c.dedupe_key == "late").values(due_at=studio.clock.now))

    assert await studio.hears() == ()
    await studio.ledger.inbox.done(early)
    assert await _ids(studio) == ["late"]


async def test_two_dispatchers_never_get_the_same_event_nor_the_same_person(studio: Studio) -> None:
    """Two bots on one database share the work."""
    people = [Person("slack", "T1", f"u{number}") for number in range(8)]
    for person in people * 2:
        await studio.says(person)
    second = connect(studio.url, studio.clock)
    studio.spare.append(second)
    handed = await asyncio.gather(*[ledger.inbox.due(PLATFORMS, 3) for ledger in (studio.ledger, second) * 4])
    events = [received.event for batch in handed for received in batch]

    assert len({event.id for event in events}) == len(events) == len(people)
    assert {event.person for event in events} == set(people)


async def test_an_event_of_a_dead_dispatcher_is_handed_out_again(studio: Studio) -> None:
    """And what the first one still does about it does not count any more."""
    await studio.says()
    (first,) = await studio.hears()
    studio.clock.pass_s(HOLD_S)
    (second,) = await studio.hears()

    assert (second.id, second.tries) == (first.id, 2)
    assert not await studio.ledger.inbox.done(first, [to_reply("from the dead")])
    assert not await studio.ledger.inbox.retry_later(first, 5, "records_busy")
    assert await studio.ledger.inbox.done(second, [to_reply()])
    assert not await studio.ledger.inbox.done(second, [to_reply()])
    assert await studio.said() == [("reply", None)]


async def test_only_events_of_the_platforms_that_are_there_are_handed_out(studio: Studio) -> None:
    """A bot without a token for Discord leaves its events to the one that has it."""
    for person in (ANNA, CARLA):
        await studio.says(person)

    assert await studio.ledger.inbox.due([]) == ()
    assert [received.event.person for received in await studio.ledger.inbox.due(["discord"])] == [CARLA]
    assert [received.event.person for received in await studio.hears()] == [ANNA]


async def test_what_was_said_is_forgotten_as_soon_as_it_is_answered(studio: Studio) -> None:
    """The row that stays knows that there was an event, for redeliveries, and nothing of what it said."""
    await studio.says(ANNA, "something private", "Ev1")
    (received,) = await studio.hears()
    await studio.ledger.inbox.done(received)

    async with studio.ledger.database.engine.connect() as connection:
        rows = (await connection.execute(select(inbox).where(inbox.c.event.is_(None)))).all()
        assert [row.dedupe_key for row in rows] == ["Ev1"]
        assert "private" not in repr(rows)


@pytest.mark.parametrize("cut_after", [*range(7), ANSWER_LOST])
async def test_an_event_is_done_together_with_its_replies_or_not_at_all(studio: Studio, cut_after: int) -> None:
    """Wherever the power goes, the person is neither left without an answer nor answered twice."""
    await studio.says()
    (received,) = await studio.hears()
    power = Power()
    power.watch(studio.ledger)
    replies = [to_reply("one"), to_reply("two")]

    await power.survives(studio.ledger.inbox.done(received, replies), cut_after)
    async with studio.ledger.database.engine.connect() as connection:
        written = len((await connection.execute(select(outbox.c.id))).all())
    assert written in (0, 2)
    studio.clock.pass_s(HOLD_S)
    again: tuple[Received, ...] = await studio.hears()
    assert len(again) == (written == 0)
    for each in again:
        assert await studio.ledger.inbox.done(each, replies)
    assert await studio.said() == [("reply", None)] * 2
