"""The port `Inbox`: what somebody sent before they agreed waits for them, and not for ever."""

import pytest

from bot.events import Attachment, Event, Said
from bot.ledger import ASIDE_S, Received, Reply
from tests.ports.ledger.story import ANNA, BEN, Studio

pytestmark = pytest.mark.asyncio
CARD = Reply("D1", {"summary": "May I?"})


async def sends(studio: Studio, name: str) -> Received:
    """Anna sends a photo, and the dispatcher gets it."""
    await studio.ledger.inbox.receive(Event(name, ANNA, "D1", "D1", Said("", (Attachment(f"F-{name}"),))))
    (received,) = await studio.ledger.inbox.due(["slack"])
    return received


async def test_what_was_set_aside_comes_back_in_order(studio: Studio) -> None:
    """Nobody has to send photos twice because of a question."""
    for name in ("Ev1", "Ev2"):
        assert await studio.ledger.inbox.done(await sends(studio, name), [CARD], aside=True)
    assert await studio.ledger.inbox.due(["slack"]) == ()
    assert await studio.ledger.inbox.resume(BEN) == 0

    assert await studio.ledger.inbox.resume(ANNA) == 2
    for name in ("Ev1", "Ev2"):
        (received,) = await studio.ledger.inbox.due(["slack"])
        assert (received.event.id, received.event.happened) == (name, Said("", (Attachment(f"F-{name}"),)))
        assert await studio.ledger.inbox.done(received)
    assert await studio.ledger.inbox.resume(ANNA) == 0


async def test_ten_photos_in_ten_messages_get_one_answer(studio: Studio) -> None:
    """The same question ten times would be a nuisance; asked again much later it is a courtesy."""
    for name in ("Ev1", "Ev2", "Ev3"):
        await studio.ledger.inbox.done(await sends(studio, name), [CARD], aside=True)
    assert len(await studio.said()) == 1

    studio.clock.pass_s(3600)
    await studio.ledger.inbox.done(await sends(studio, "Ev4"), [CARD], aside=True)
    assert len(await studio.said()) == 1


async def test_what_was_set_aside_is_forgotten_after_a_day(studio: Studio) -> None:
    """Who never agrees leaves nothing behind."""
    await studio.ledger.inbox.done(await sends(studio, "Ev1"), [CARD], aside=True)
    studio.clock.pass_s(ASIDE_S + 1)
    await studio.ledger.reconciler.purge(studio.clock() - 90 * 86_400)

    assert await studio.ledger.inbox.resume(ANNA) == 0
    assert "F-Ev1" not in str(await studio.ledger.people.export(ANNA))
