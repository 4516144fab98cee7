"""Photos that somebody else posted: their author decides, and nothing is looked at before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action
from bot.events import Pointed
from bot.ledger import ASIDE_S
from bot.verbs import Verb
from engine.contract.sentences import sentence
from tests.bot.scene import ANNA, ANNA_ELSEWHERE, BEN, GUS, SELFIE, Scene, open_scene

pytestmark = pytest.mark.asyncio
HERS, HIS = "D-office-anna", "D-office-ben"


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """An office in which nobody has talked to the bot yet."""
    async with open_scene(tmp_path) as made:
        yield made


async def test_the_author_is_asked_and_nobody_is_named(scene: Scene) -> None:
    """Who pointed hears that the author was asked; the author hears that somebody would like it. No photo was touched."""
    await scene.points(BEN, ANNA, SELFIE, SELFIE + b"2")
    (his,) = [scene.chat.messages[ref] for ref in scene.chat.sent(conversation=HIS)]
    (hers,) = [scene.chat.messages[ref] for ref in scene.chat.sent(conversation=HERS)]
    assert "headshots go to them" in his.summary
    assert "2 photos that you posted" in hers.summary
    assert "ben" not in str(hers).casefold()
    assert "fetch" not in scene.chat.calls
    assert await scene.ledger.people.consent(ANNA) is None


async def test_the_author_agrees_and_the_headshots_are_theirs(scene: Scene) -> None:
    """Consent comes first, as always; then the photos are taken without sending them again."""
    await scene.points(BEN, ANNA, SELFIE)
    asked = await scene.presses(ANNA, "Make my headshot")
    assert "have not been opened" in asked
    assert "fetch" not in scene.chat.calls

    await scene.presses(ANNA, "I agree")
    assert "This photo can be used." in await scene.screens()
    assert len(await scene.ledger.galleries.selfies(ANNA)) == 1
    assert await scene.ledger.galleries.selfies(BEN) == ()
    await scene.presses(ANNA, "Make corporate headshots")
    gallery = await scene.makes()
    assert all(ref.startswith(HERS) for ref in gallery.refs)


async def test_who_has_agreed_before_is_asked_about_these_photos_all_the_same(scene: Scene) -> None:
    """Consent to send photos is no consent to be photographed by others."""
    await scene.agreed(ANNA)
    await scene.points(BEN, ANNA, SELFIE)
    assert await scene.open_orders() == []
    await scene.presses(ANNA, "Make my headshot")
    assert await scene.open_orders() == [("screening", "")]
    again = await scene.presses(ANNA, "Make my headshot")
    assert "I have that already" in again


async def test_a_no_is_a_no(scene: Scene) -> None:
    """Nothing is opened, and whoever pointed is not told."""
    await scene.points(BEN, ANNA, SELFIE)
    before = len(scene.chat.sent(conversation=HIS))
    assert "I have not opened those photos" in await scene.presses(ANNA, "No, thank you")
    assert len(scene.chat.sent(conversation=HIS)) == before
    assert "fetch" not in scene.chat.calls


async def test_nobody_is_asked_twice_about_the_same_photo(scene: Scene) -> None:
    """Whoever points; and of another photo, not on the same day."""
    await scene.agreed(BEN)
    files = (scene.chat.uploads(ANNA, SELFIE),)
    for person in (BEN, BEN, ANNA_ELSEWHERE):
        await scene.does(scene.event(person, Pointed(ANNA, HERS, files)))
    assert len(scene.chat.sent(conversation=HERS)) == 1

    assert sentence("author_asked_lately") in await scene.points(BEN, ANNA, SELFIE + b"3")
    assert len(scene.chat.sent(conversation=HERS)) == 1
    scene.clock.pass_s(ASIDE_S + 1)
    await scene.points(BEN, ANNA, SELFIE + b"3")
    assert len(scene.chat.sent(conversation=HERS)) == 2


async def test_who_cannot_be_asked_is_left_alone(scene: Scene) -> None:
    """People of another workspace, bots, and messages without a photo."""
    assert sentence("author_unreachable") in await scene.points(BEN, ANNA_ELSEWHERE, SELFIE)
    bot = scene.event(BEN, Pointed(ANNA, "", (scene.chat.uploads(ANNA, SELFIE),)))
    assert sentence("author_unreachable") in await scene.does(bot)
    assert sentence("no_photo_there") in await scene.points(BEN, ANNA)
    assert scene.chat.sent(conversation=HERS) == []


async def test_guests_ask_for_nobody(scene: Scene) -> None:
    """Whoever may not have headshots here may not ask for those of others."""
    assert sentence("guests_not_served") in await scene.points(GUS, ANNA, SELFIE)
    assert scene.chat.sent(conversation=HERS) == []


async def test_only_the_author_can_say_yes(scene: Scene) -> None:
    """To everybody else the question does not exist."""
    for person in (ANNA, BEN, ANNA_ELSEWHERE):
        await scene.agreed(person)
    await scene.points(BEN, ANNA, SELFIE)
    key = scene.button("Make my headshot")[1].action.rpartition(".")[2]
    for stranger in (BEN, ANNA_ELSEWHERE):
        shown = await scene.presses_id(stranger, Action(Verb.OFFER, argument=key))
        assert shown.summaries == [sentence("offer_expired")]
    assert "fetch" not in scene.chat.calls


async def test_a_question_of_long_ago_is_over(scene: Scene) -> None:
    """Photos that were posted for another reason are not kept in mind for ever."""
    await scene.agreed()
    await scene.points(BEN, ANNA, SELFIE)
    scene.clock.pass_s(ASIDE_S + 1)
    assert sentence("offer_expired") in await scene.presses(ANNA, "Make my headshot")


async def test_the_question_belongs_to_the_author(scene: Scene) -> None:
    """It is in their export, goes when they are forgotten, and nothing of it is in the records of whoever pointed."""
    await scene.points(BEN, ANNA, SELFIE)
    export = await scene.ledger.people.export(ANNA)
    assert [row["notes"]["photos"][0]["ref"] for row in export["messages"]] == ["F1"]
    assert "photos" not in str((await scene.ledger.people.export(BEN))["messages"])
    assert "anna" not in str(await scene.ledger.people.export(BEN))

    await scene.says(ANNA, "forget")
    await scene.presses(ANNA, "Forget everything")
    assert (await scene.ledger.people.export(ANNA))["messages"] == []
    assert not [ref for ref in scene.chat.sent(conversation=HERS)[:1] if ref in scene.chat.messages]
