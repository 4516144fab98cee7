"""Sharing: one headshot goes where its owner says, and comes back when they say so."""

import pytest

from tests.scenarios.person import Person, selfie
from tests.scenarios.window import TEAM

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHARED = "Somebody shared a headshot of themselves"


async def test_a_headshot_is_shared_and_taken_back(alex: Person, sam: Person) -> None:
    """Everybody in the channel sees the picture, and nothing else of its owner; then it is gone for all."""
    gallery = await alex.has_gallery("corporate 2")
    await alex.presses("Share", 2, on=gallery)
    form = await alex.sees_form("Share a headshot")
    await alex.fills(form, channel=TEAM)
    told = await alex.sees("I post headshot 2 in the channel", button="Take it back")

    posted = await sam.sees_in_team(SHARED)
    (picture,) = posted.pictures
    assert await sam.window.save(picture.ref)
    assert posted.buttons == ()
    assert "likeness" not in posted.text

    await alex.presses("Take it back", on=told)
    await alex.sees("Headshot 2 is taken back")
    assert not [seen for seen in sam.messages() if seen.says(SHARED)]
    assert await sam.window.save(picture.ref) is None


async def test_forgetting_takes_back_what_was_shared(alex: Person, sam: Person) -> None:
    """What others read along goes with everything else."""
    gallery = await alex.has_gallery("corporate 2")
    await alex.presses("Share", 1, on=gallery)
    await alex.fills(await alex.sees_form("Share a headshot"), channel=TEAM)
    posted = await sam.sees_in_team(SHARED)
    await alex.is_forgotten()
    assert not [seen for seen in sam.messages() if seen.says(SHARED)]
    assert await sam.window.save(posted.pictures[0].ref) is None


async def test_the_form_takes_photos_backdrop_and_clothes(alex: Person) -> None:
    """Somebody who begins with the form needs no other message."""
    await alex.says("I agree")
    await alex.sees("Thank you.")
    await alex.commands()
    form = await alex.sees_form("New headshots")
    chosen = {"style": "legal", "count": "2", "backdrop": "navy background", "clothes": "black clothes"}
    await alex.fills(form, selfie(), selfie(), **chosen)
    await alex.sees("2 legal headshots from 2 photos, with your wish “navy background, black clothes”")
    await alex.sees("Your 2 legal headshots are ready")
