"""The page of a person: everything that is theirs, drawn anew whenever they look."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import read_action
from bot.events import Opened
from bot.messages import Items, Message
from engine.contract.sentences import sentence
from tests.bot.scene import ANNA, BEN, BLURRED, GUS, SELFIE, Scene, buttons_of, open_scene, page, text_of

pytestmark = pytest.mark.asyncio
MOST_BLOCKS = 100


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """An office in which nobody has talked to the bot yet."""
    async with open_scene(tmp_path) as made:
        yield made


def labels(message: Message) -> list[str]:
    """Of all buttons."""
    return [each.label for each in buttons_of(message)]


async def test_before_consent_the_page_says_what_it_is_and_asks(scene: Scene) -> None:
    """The exact words that are agreed to, and help; nothing is said anywhere else."""
    shown = await scene.opens(ANNA)
    assert "ACME answers for what happens to them" in text_of(shown)
    assert labels(shown) == ["I agree", "No thanks", "Help"]
    assert scene.chat.sent(conversation="D-office-anna") == []


async def test_who_agreed_to_other_words_can_still_take_everything_back(scene: Scene) -> None:
    """Before they agree again, and without doing so."""
    await scene.ledger.people.give_consent(ANNA, "something else")
    assert labels(await scene.opens(ANNA)) == ["I agree", "No thanks", "Help", "Export", "Forget my photos"]


async def test_agreeing_on_the_page_changes_the_page(scene: Scene) -> None:
    """The answer comes in the direct conversation, as the page says."""
    await scene.opens(ANNA)
    shown = await scene.presses_on_page(ANNA, "I agree")
    direct, fresh = shown.messages
    assert "Thank you" in text_of(direct)
    assert "Send me one to twelve photos" in text_of(fresh)
    assert shown.refs[1].startswith(page(ANNA))


async def test_the_page_shows_what_there_is(scene: Scene) -> None:
    """Photos with verdicts and how long they stay, galleries, favourites, what is under way, habits and consent."""
    await scene.has_gallery(words="legal 6")
    await scene.says(ANNA, "", BLURRED)
    await scene.screens()
    await scene.presses(ANNA, "Favourite", 2)
    await scene.commands(ANNA, "navy 3")

    shown = await scene.opens(ANNA)
    text = text_of(shown)
    assert "3 navy headshots" in text
    assert "Photo 1: A good base." in text
    assert "Photo 3: This photo is blurred." in text
    assert "the first of these in 24 hours" in text
    assert "6 headshots and 1 favourite" in text
    assert "Headshot 2 of gallery" in text
    assert "Legal, 6 headshots, natural" in text
    assert "You agreed on " in text
    for label in ("Cancel", "Remove", "Show", "Download", "Make legal headshots", "Export", "Help"):
        assert label in labels(shown)
    assert labels(shown).count("Remove") == 2


async def test_what_is_done_on_the_page_is_seen_on_the_page(scene: Scene) -> None:
    """A photo that is removed is gone from it at once."""
    await scene.has_gallery()
    await scene.opens(ANNA)
    shown = await scene.presses_on_page(ANNA, "Remove")
    assert "destroyed" in shown
    fresh = shown.messages[-1]
    assert shown.refs[-1].startswith(page(ANNA))
    assert "Photo 1" not in text_of(fresh)
    assert "Photo 2" in text_of(fresh)


async def test_everything_can_be_forgotten_from_the_page(scene: Scene) -> None:
    """After a question on the spot; then the page is that of a stranger, and the older one is gone."""
    await scene.has_gallery()
    await scene.opens(ANNA)
    forget = next(each for each in buttons_of(scene.chat.messages[scene.chat.sent(conversation=page(ANNA))[-1]])
                  if each.label == "Forget my photos")  # fmt: skip
    assert forget.confirm
    await scene.presses_on_page(ANNA, "Forget my photos")
    await scene.dispatcher.drain()
    stands = [message for ref, message in scene.chat.messages.items() if ref.startswith(page(ANNA))]
    assert [labels(message) for message in stands] == [["I agree", "No thanks", "Help"]]
    export = await scene.ledger.people.export(ANNA)
    assert [name for name, rows in export.items() if isinstance(rows, list) and rows] == []


async def test_guests_are_told_that_there_is_nothing_for_them(scene: Scene) -> None:
    """In the words that they get everywhere."""
    assert sentence("guests_not_served") in text_of(await scene.opens(GUS))


async def test_nobody_sees_the_page_of_somebody_else(scene: Scene) -> None:
    """A page is of whoever looks at it."""
    await scene.has_gallery(ANNA)
    await scene.agreed(BEN)
    shown = text_of(await scene.opens(BEN))
    assert "Gallery" not in shown
    assert ANNA.key not in str(shown)


async def test_a_full_page_still_fits(scene: Scene) -> None:
    """Twelve photos, many galleries, many favourites: with a block for each part, item and row of buttons there are fewer
    than a page may have.
    """
    await scene.agreed()
    await scene.says(ANNA, "", *(SELFIE + bytes([n]) for n in range(12)))
    await scene.screens()
    for _ in range(10):
        await scene.commands(ANNA, "corporate 6")
        await scene.makes()
        for rank in (1, 2, 3):
            await scene.presses(ANNA, "Favourite", rank)
    shown = await scene.opens(ANNA)
    blocks = sum(2 * len(part.items) if isinstance(part, Items) else 1 for part in shown.parts)
    assert blocks < MOST_BLOCKS
    assert len(labels(shown)) == len({*(each.action for each in buttons_of(shown))})
    assert all(read_action(each.action) for each in buttons_of(shown))


async def test_the_form_begins_with_what_was_used_last(scene: Scene) -> None:
    """Style, number and polish; a style that is asked for by its gallery wins."""
    await scene.has_gallery(words="legal 5")
    await scene.commands(ANNA, "", form=True)
    values = {blank.name: blank.value for blank in scene.chat.forms[-1][1].fields}
    assert (values["style"], values["count"], values["polish"]) == ("legal", "5", "0.4")


async def test_opening_twice_draws_twice_and_says_nothing(scene: Scene) -> None:
    """People go back and forth between tabs."""
    await scene.agreed()
    for _ in range(3):
        await scene.does(scene.event(ANNA, Opened(), page(ANNA)))
    assert len(scene.chat.sent(conversation=page(ANNA))) == 3
    assert scene.chat.sent(conversation="D-office-anna") == []


# ---- files that were taken back


async def test_a_photo_that_its_owner_deletes_is_destroyed_here_too(scene: Scene) -> None:
    """By the platform's reference; other photos stay, and references of others change nothing."""
    await scene.agreed()
    await scene.agreed(BEN)
    await scene.says(ANNA, "", SELFIE, SELFIE + b"2")
    await scene.screens()
    assert not await scene.withdraws(BEN, "F1", "F2")
    assert not await scene.withdraws(ANNA, "F99")

    shown = await scene.withdraws(ANNA, "F2", "F99")
    assert "You deleted Photo 2, so I have destroyed my copy" in shown
    assert [kept.verdict["name"] for kept in await scene.ledger.galleries.selfies(ANNA)] == ["Photo 1"]
    assert not await scene.withdraws(ANNA, "F2")


async def test_it_needs_no_consent_to_take_a_photo_back(scene: Scene) -> None:
    """Who has withdrawn is heard, too; and one that is still being looked at goes as well."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    await scene.ledger.people.withdraw_consent(ANNA)
    assert "You deleted Photo 1" in await scene.withdraws(ANNA, "F1")
    assert "Photo 1" not in await scene.says(ANNA, "selfies")
