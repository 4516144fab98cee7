"""Asking for headshots: in words, with the form, for what is not there, and again."""

import pytest

from tests.scenarios.house import House
from tests.scenarios.person import Person, selfie

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_asking_in_words_says_what_was_understood(alex: Person) -> None:
    """Style, number and wish are read back before anything is made, so that a person can object in time."""
    await alex.is_known()
    await alex.commands("linkedin white 5 softer light")
    asked = await alex.sees("5 LinkedIn white headshots from 2 photos, with your wish “softer light”")
    gallery = await alex.sees_gallery("Your LinkedIn white headshots")
    assert gallery.ref == asked.ref


async def test_asking_with_the_form(alex: Person) -> None:
    """Whoever does not want to remember words chooses; the rest is filled in."""
    await alex.is_known()
    await alex.commands()
    form = await alex.sees_form("New headshots")
    given = {"style": "corporate", "count": "8", "polish": "0.4"}
    assert form.values == {**given, "backdrop": "", "clothes": "", "wish": "", "reference": "", "selfies": ""}
    await alex.fills(form, style="legal", count="4", wish="white background")
    await alex.sees("4 legal headshots from 2 photos, with your wish “white background”")
    await alex.sees("Your 4 legal headshots are ready")


async def test_asking_for_the_look_of_a_picture(alex: Person) -> None:
    """It goes along from a field of its own; it is no photo of the person, so nobody says what they think of it."""
    await alex.is_known()
    await alex.commands()
    form = await alex.sees_form("New headshots")
    await alex.fills(form, look=selfie(), count="2")
    await alex.sees("2 corporate headshots from 2 photos, in the look of your picture")
    await alex.sees("Your 2 corporate headshots are ready")


async def test_an_unknown_style_is_answered_with_the_nearest(alex: Person) -> None:
    """A misspelling costs one press."""
    await alex.is_known()
    await alex.commands("corporrate 4")
    await alex.sees("Closest: corporate", button="Styles")
    await alex.commands("hogwarts robe")
    await alex.sees("There is no such style", button="Styles")
    await alex.presses("Styles")
    form = await alex.sees_form("New headshots")
    await alex.fills(form, count="2")
    await alex.sees("Your 2 corporate headshots are ready")


async def test_another_style_begins_with_the_form_of_this_one(alex: Person) -> None:
    """The gallery stays, and the next one is its own message."""
    gallery = await alex.has_gallery("corporate 4")
    await alex.presses("Another style", on=gallery)
    form = await alex.sees_form("New headshots")
    assert form.values["style"] == "corporate"
    await alex.fills(form, style="outdoor", count="2")
    other = await alex.sees_gallery("Your outdoor headshots")
    assert other.ref != gallery.ref


async def test_a_command_in_the_channel_goes_on_in_private(alex: Person, sam: Person, house: House) -> None:
    """Faces are nobody else's business: the others see neither the question nor the gallery."""
    await alex.is_known()
    await alex.commands("corporate 2", in_team=True)
    hint = await alex.sees("I go on in our direct messages")
    gallery = await alex.sees_gallery()
    await house.is_quiet()

    assert hint.only_me
    assert gallery.place != hint.place
    assert not [seen for seen in sam.window.history if seen.says("direct messages") or seen.pictures]
