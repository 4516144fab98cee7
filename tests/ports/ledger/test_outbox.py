"""The port `Outbox`: everything is said, in order, and by one relay at a time."""

import asyncio
import re
from dataclasses import replace

import pytest

from adapters.records.outbox import HOLD_S
from tests.ports.ledger.story import ANNA, BEN, CARLA, GALLERY, PLATFORMS, Studio, to_reply

pytestmark = pytest.mark.asyncio


async def test_a_message_is_handed_to_one_relay_at_a_time(studio: Studio) -> None:
    """Two relays do not post the same placeholder."""
    for person in (ANNA, BEN):
        await studio.asks(person)
    handed = await asyncio.gather(*[studio.ledger.outbox.due(PLATFORMS, 1) for _ in range(6)])
    ids = [message.id for messages in handed for message in messages]

    assert len(ids) == len(set(ids)) <= 2


async def test_a_message_of_a_dead_relay_is_handed_out_again(studio: Studio) -> None:
    """And what the first one still answers does not count any more."""
    await studio.asks()
    (first,) = await studio.ledger.outbox.due(PLATFORMS)
    assert await studio.ledger.outbox.due(PLATFORMS) == ()
    studio.clock.pass_s(HOLD_S)
    (second,) = await studio.ledger.outbox.due(PLATFORMS)

    assert (second.id, second.tries) == (first.id, 2)
    assert not await studio.ledger.outbox.delivered(first, "ts-1")
    assert await studio.ledger.outbox.delivered(second, "ts-2")
    assert not await studio.ledger.outbox.delivered(second, "ts-3")


async def test_a_gallery_waits_until_the_placeholder_is_out_and_then_names_it(studio: Studio) -> None:
    """The gallery is an edit of the first message, so that it can never stand there twice."""
    await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    (ack,) = await studio.ledger.outbox.due(PLATFORMS)
    assert (ack.kind, ack.placeholder, ack.about, ack.person) == ("ack", None, "shoot", ANNA)
    assert await studio.ledger.outbox.due(PLATFORMS) == ()
    await studio.ledger.outbox.delivered(ack, "ts-1")
    (gallery,) = await studio.ledger.outbox.due(PLATFORMS)

    assert (gallery.kind, gallery.placeholder, gallery.payload) == ("gallery", "ts-1", GALLERY.payload)
    assert gallery.conversation == "C1/1.2"


async def test_a_refused_message_comes_back_when_it_may(studio: Studio) -> None:
    """A platform that asks for a pause gets it."""
    await studio.asks()
    (message,) = await studio.ledger.outbox.due(PLATFORMS)

    assert await studio.ledger.outbox.retry_later(message, 60, "rate_limited")
    studio.clock.pass_s(59)
    assert await studio.ledger.outbox.due(PLATFORMS) == ()
    studio.clock.pass_s(1)
    assert [again.tries for again in await studio.ledger.outbox.due(PLATFORMS)] == [2]


async def test_notes_of_one_try_help_the_next(studio: Studio) -> None:
    """A picture that was uploaded before the connection broke is not uploaded again."""
    await studio.asks()
    (message,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.note(message, {"files": ["F1"]})
    await studio.ledger.outbox.retry_later(message, 0, "no_answer")
    (again,) = await studio.ledger.outbox.due(PLATFORMS)

    assert again.notes == {"files": ["F1"]}
    assert not await studio.ledger.outbox.note(message, {})


async def test_what_can_never_arrive_does_not_block_the_gallery(studio: Studio) -> None:
    """Without a placeholder the gallery is a new message."""
    await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    (ack,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.give_up(ack, "message_gone")
    (gallery,) = await studio.ledger.outbox.due(PLATFORMS)

    assert (gallery.kind, gallery.placeholder) == ("gallery", None)


async def test_what_was_sent_anew_stands_for_the_shoot_from_then_on(studio: Studio) -> None:
    """Somebody deleted the placeholder; the gallery's buttons and thread belong to the message that came instead."""
    shoot_id = await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    (ack,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.delivered(ack, "ts-1")
    (gallery,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.delivered(replace(gallery, placeholder=None), "ts-2")
    shoot = await studio.ledger.acceptance.find(shoot_id, ANNA)

    assert shoot is not None
    assert shoot.placeholder == "ts-2"


async def test_a_line_below_the_gallery_does_not_take_its_place(studio: Studio) -> None:
    """The gallery is edited again when a headshot is marked; the line that says that it is ready stays as it is."""
    shoot_id = await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    for ref in ("ts-1", "ts-2"):
        (message,) = await studio.ledger.outbox.due(PLATFORMS)
        await studio.ledger.outbox.delivered(message, ref)
    shoot = await studio.ledger.acceptance.find(shoot_id, ANNA)

    assert shoot is not None
    assert shoot.placeholder == "ts-1"


async def test_no_more_than_asked_for_is_handed_out(studio: Studio) -> None:
    """The longest due come first."""
    ids = []
    for person in (ANNA, BEN):
        ids.append(await studio.asks(person))
        studio.clock.pass_s(1)

    assert [message.shoot_id for message in await studio.ledger.outbox.due(PLATFORMS, 1)] == ids[:1]


async def test_a_reply_goes_where_it_belongs_and_is_about_no_shoot(studio: Studio) -> None:
    """Its key names it to the platform for as long as it takes."""
    await studio.answers(to_reply("Hello.", "D-1"))
    (reply,) = await studio.ledger.outbox.due(PLATFORMS)

    assert (reply.kind, reply.payload, reply.conversation, reply.person) == (
        "reply",
        {"summary": "Hello."},
        "D-1",
        ANNA,
    )
    assert (reply.shoot_id, reply.about, reply.placeholder, reply.edits) == (None, None, None, False)
    assert re.fullmatch("[0-9a-f]{16}", reply.key)
    studio.clock.pass_s(HOLD_S)
    (again,) = await studio.ledger.outbox.due(PLATFORMS)
    assert again.key == reply.key


async def test_replies_in_one_conversation_come_one_after_the_other(studio: Studio) -> None:
    """Two answers never overtake each other, whether they are about a shoot or not; other conversations do not wait."""
    shoot_id = await studio.asks()
    await studio.said()
    elsewhere = to_reply("elsewhere", "D-2")
    await studio.answers(to_reply("1"), to_reply("2", shoot_id=shoot_id), to_reply("3"), elsewhere)
    await studio.answers(to_reply("Ben"), person=BEN)
    told = []
    while messages := await studio.ledger.outbox.due(PLATFORMS):
        told.append([message.payload["summary"] for message in messages])
        for message in messages:
            await studio.ledger.outbox.delivered(message, f"ts-{message.id}")

    assert told == [["1", "elsewhere", "Ben"], ["2"], ["3"]]


async def test_a_reply_that_can_never_arrive_does_not_block_the_next(studio: Studio) -> None:
    """And one that is tried again does."""
    await studio.answers(to_reply("1"), to_reply("2"))
    (first,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.retry_later(first, 5, "rate_limited")
    assert await studio.ledger.outbox.due(PLATFORMS) == ()
    studio.clock.pass_s(5)
    (first,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.give_up(first, "message_gone")

    assert [message.payload["summary"] for message in await studio.ledger.outbox.due(PLATFORMS)] == ["2"]


async def test_a_reply_about_a_shoot_waits_for_its_messages_and_never_becomes_its_first(studio: Studio) -> None:
    """Pictures that were asked for in a thread are not taken for the gallery, which is edited later on."""
    shoot_id = await studio.asks()
    await studio.answers(to_reply("Here they are.", "D-1", shoot_id))
    (ack,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.give_up(ack, "message_gone")
    (reply,) = await studio.ledger.outbox.due(PLATFORMS)
    assert (reply.shoot_id, reply.about, reply.conversation) == (shoot_id, "shoot", "D-1")
    await studio.ledger.outbox.delivered(reply, "ts-reply")
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)

    (gallery,) = await studio.ledger.outbox.due(PLATFORMS)
    assert gallery.placeholder is None


async def test_a_reply_may_take_the_place_of_the_first_message(studio: Studio) -> None:
    """Only when it says so: others stand below."""
    shoot_id = await studio.asks()
    (ack,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.outbox.delivered(ack, "ts-1")
    await studio.answers(to_reply("all of them", shoot_id=shoot_id, edits=True), to_reply("below", shoot_id=shoot_id))
    seen = []
    while messages := await studio.ledger.outbox.due(PLATFORMS):
        for message in messages:
            seen.append((message.edits, message.placeholder))
            await studio.ledger.outbox.delivered(message, message.placeholder or "ts-2")

    assert seen == [(True, "ts-1"), (False, None)]


async def test_a_reply_about_somebody_elses_shoot_is_about_none(studio: Studio) -> None:
    """Whatever the conversation was led to believe, no message gets attached to a stranger's shoot."""
    shoot_id = await studio.asks(BEN)
    await studio.said()
    await studio.answers(to_reply("1", shoot_id=shoot_id), to_reply("2", "D-2", "0" * 32, edits=True))

    assert [(m.shoot_id, m.placeholder) for m in await studio.ledger.outbox.due(PLATFORMS)] == [(None, None)] * 2


async def test_only_messages_to_the_platforms_that_are_there_are_handed_out(studio: Studio) -> None:
    """A relay without a token for Discord leaves its messages to the one that has it."""
    ids = {person: await studio.asks(person) for person in (ANNA, CARLA)}

    assert await studio.ledger.outbox.due([]) == ()
    assert [message.shoot_id for message in await studio.ledger.outbox.due(["discord"])] == [ids[CARLA]]
    assert [message.shoot_id for message in await studio.ledger.outbox.due(PLATFORMS)] == [ids[ANNA]]


async def test_a_reply_to_somebody_else_is_theirs(studio: Studio) -> None:
    """What Anna's event says to Ben goes with Ben's records, not with hers; and with what was noted beside it."""
    reply = replace(to_reply(conversation="C9"), person=BEN, notes={"photos": ["F1"]})
    await studio.answers(reply, person=ANNA)
    (message,) = await studio.ledger.outbox.due(PLATFORMS)

    assert (message.person, message.conversation, message.notes) == (BEN, "C9", {"photos": ["F1"]})
    assert (await studio.ledger.people.export(ANNA))["messages"] == []
    assert len((await studio.ledger.people.export(BEN))["messages"]) == 1
    await studio.ledger.people.forget(BEN)
    assert await studio.ledger.outbox.due(PLATFORMS) == ()


async def test_a_reply_with_a_key_is_said_once(studio: Studio) -> None:
    """Of several events that would say it, and also after it was delivered; those without a key are all said."""
    once = replace(to_reply(conversation="C9"), key="0123456789abcdef")
    await studio.answers(once, to_reply(conversation="C9"))
    await studio.answers(once, to_reply(conversation="C9"), person=BEN)
    keys = []
    while messages := await studio.ledger.outbox.due(PLATFORMS):
        for message in messages:
            keys.append(message.key)
            await studio.ledger.outbox.delivered(message, f"ts-{message.id}")
    await studio.answers(once)

    assert await studio.ledger.outbox.due(PLATFORMS) == ()
    assert len(keys) == len(set(keys)) == 3
    assert keys.count("0123456789abcdef") == 1
