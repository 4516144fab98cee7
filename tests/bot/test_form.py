"""The form: everything that can be chosen, read by the same words as what is typed."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cards.styles import LONGEST_WISH, MOST_FILES, asked_in, shoot_form
from bot.messages import Blank
from engine.catalogue import StudioCatalogue
from engine.contract.sentences import sentence
from engine.wishes import WISH_LIMIT
from tests.bot.scene import ANNA, BLURRED, SELFIE, Scene, open_scene

CATALOGUE = StudioCatalogue()


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Anna has agreed, and sent nothing."""
    async with open_scene(tmp_path) as made:
        await made.agreed()
        yield made


def field(name: str) -> Blank:
    """Of the form."""
    return next(blank for blank in shoot_form(CATALOGUE.styles()).fields if blank.name == name)


@pytest.mark.parametrize("style", [style.name for style in CATALOGUE.styles()])
def test_every_choice_is_understood_with_every_style(style: str) -> None:
    """Each backdrop and tone means itself, whatever stands beside it, and nothing of it is left over."""
    choices = product(field("backdrop").options, field("clothes").options, ("", "softer light"))
    for backdrop, clothes, wish in choices:
        words, _ = asked_in(
            {"style": style, "count": "7", "backdrop": backdrop.value, "clothes": clothes.value, "wish": wish}
        )
        asked = CATALOGUE.asked(words)
        assert asked is not None
        assert (asked.style.name, asked.count) == (style, 7), words
        assert asked.wish == ", ".join(filter(None, [backdrop.value, clothes.value, wish]))


def test_the_longest_wish_fits_beside_the_longest_choices() -> None:
    """Nobody who keeps to the form is told that they wrote too much."""
    longest = [max(len(option.value) for option in field(name).options) for name in ("backdrop", "clothes")]
    assert sum(longest) + 2 * len(", ") + LONGEST_WISH <= WISH_LIMIT


def test_what_is_no_choice_of_the_form_asks_for_nothing() -> None:
    """Whatever a client makes up."""
    made_up = {"style": "navy", "backdrop": "naked", "clothes": "a gun", "polish": "9"}
    assert asked_in(made_up) == ("navy", 0.4)


def test_every_style_names_its_example() -> None:
    """People choose by eye, where the platform can show it."""
    for option in field("style").options:
        assert CATALOGUE.example(option.picture) is not None


@pytest.mark.asyncio
async def test_the_form_makes_what_was_chosen(scene: Scene) -> None:
    """With photos that were put into it, before their verdict is known."""
    await scene.commands(ANNA, "", form=True)
    _, form = scene.chat.forms[-1]
    assert [blank.kind for blank in form.fields][-1] == "photos"
    assert form.fields[-1].most == MOST_FILES

    chosen = {"backdrop": "navy background", "clothes": "black clothes", "wish": "softer light", "polish": "0.7"}
    shown = await scene.fills(ANNA, SELFIE, SELFIE + b"2", style="legal", count="3", **chosen)

    assert "A look at 2 photos" in shown
    assert "3 legal headshots from 2 photos, with your wish “navy background, black clothes, softer light”" in shown
    screening, shoot = await scene.ledger.acceptance.open_shoots(ANNA)
    assert screening.order.kind == "screening"
    assert (shoot.order.payload["polish"], shoot.order.payload["count"]) == (0.7, 3)


@pytest.mark.asyncio
async def test_a_refused_wish_is_told_and_the_photos_stay(scene: Scene) -> None:
    """What was wrong with a file and what was wrong with the wish are both said."""
    await scene.commands(ANNA, "", form=True)
    chosen = {"style": "legal", "count": "3", "wish": "naked"}
    shown = await scene.fills(ANNA, SELFIE, b"", **chosen)

    assert sentence("wish_nudity") in shown
    assert "File 2" in shown
    assert await scene.open_orders() == [("screening", "")]


@pytest.mark.asyncio
async def test_photos_of_a_form_wait_for_consent(scene: Scene) -> None:
    """Like any others: not fetched before, not lost after."""
    await scene.commands(ANNA, "", form=True)
    await scene.ledger.people.withdraw_consent(ANNA)
    asked = await scene.fills(ANNA, BLURRED, style="legal", count="3")
    assert "have not been opened" in asked
    assert "fetch" not in scene.chat.calls

    await scene.presses(ANNA, "I agree")
    assert await scene.open_orders() == [("screening", ""), ("shoot", "legal")]
