"""From the first photo to the first gallery."""

import pytest

from tests.scenarios.house import House
from tests.scenarios.person import Person, selfie

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_headshot(alex: Person, house: House) -> None:
    """Somebody who knows nothing gets from a dropped selfie to a ranked gallery: consent, verdict, progress, gallery in the
    place of the progress, and one fresh line below it that rings.
    """
    await alex.drops(selfie())
    consent = await alex.sees("Before I look at any photo")
    assert consent.says("have not been opened")
    await alex.presses("I agree")
    await alex.sees("I am looking at your photos now")
    verdict = await alex.sees("This photo can be used", button="Make corporate headshots")
    assert verdict.says("A good base for headshots")
    assert verdict.says("smile"), "the coach asks for what is missing"
    with house.taking_pictures():
        await alex.commands("corporate 6")
        accepted = await alex.sees("6 corporate headshots from 1 photo", button="Cancel")
        await alex.sees_change(accepted, "Taking pictures, 2 of 12")
    ready = await alex.sees("Your 6 corporate headshots are ready, the best first", below=accepted)
    gallery = await alex.sees_gallery("Your corporate headshots")
    await house.is_quiet()

    assert gallery.ref == accepted.ref, "it stands where the progress stood"
    assert [picture.headshot for picture in gallery.pictures] == [1, 2, 3, 4]
    assert {"Show all 6", "More of these", "Another style", "Forget my photos"} <= set(gallery.labels)
    assert alex.replies(accepted) == [ready], "rung for once"
    assert len([seen for seen in alex.versions(gallery) if seen.pictures]) == 1, "shown once"


async def test_photos_that_came_before_consent_are_taken_up_after_it(alex: Person) -> None:
    """Nobody has to send anything twice, however many messages it was; and they are asked once."""
    await alex.drops(selfie(), selfie())
    asked = await alex.sees("Before I look at any photo")
    await alex.drops(selfie(), text="and one more")
    await alex.presses("I agree", on=asked)
    await alex.sees("All 2 photos can be used")
    await alex.sees("This photo can be used")
    await alex.says("selfies")
    await alex.sees("I have 3 photos of you")


async def test_whoever_declines_is_left_alone(alex: Person, house: House) -> None:
    """No is an answer: nothing is opened, nothing kept, and changing one's mind is one message away."""
    await alex.drops(selfie())
    await alex.sees("Before I look at any photo")
    await alex.presses("No thanks")
    await alex.sees("Nothing was opened, and I keep nothing of you")
    await alex.commands("corporate")
    await alex.sees("Before I look at any photo")
    await house.is_quiet()
    assert not [seen for seen in alex.messages() if seen.says("can be used")]
    await alex.presses("I agree")
    await alex.sees("This photo can be used")


async def test_selfies_come_in_several_messages_and_one_is_refused(alex: Person) -> None:
    """Each gets an answer within seconds: what is wrong with it and what to do; and any can be taken back."""
    await alex.is_known(selfie(), selfie())
    await alex.drops(selfie(), selfie("blurred"))
    mixed = await alex.sees("1 of 2 photos can be used")
    assert mixed.says("Photo 4: Hold still and try again")
    await alex.drops(selfie("blurred"))
    await alex.sees("This photo cannot be used")
    await alex.presses("Remove", on=mixed)
    await alex.sees("That photo is destroyed and will not be used")
    await alex.says("remove photo 2")
    await alex.sees("That photo is destroyed and will not be used")
    await alex.commands("corporate 4")
    await alex.sees("4 corporate headshots from 1 photo")
    await alex.sees("ready, the best first")


async def test_the_same_photo_again_is_said_to_be_here(alex: Person) -> None:
    """It does not count twice."""
    photo = selfie()
    await alex.is_known(photo)
    await alex.drops(photo)
    await alex.sees("I have that already: it is Photo 1")
