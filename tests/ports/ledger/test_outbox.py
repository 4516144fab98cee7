"""The port `Outbox`: everything is said, in order, and by one relay at a time."""

import asyncio
from dataclasses import replace

import pytest

from adapters.records.outbox import HOLD_S
from tests.ports.ledger.story import ANNA, BEN, GALLERY, PLATFORMS, Studio

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
