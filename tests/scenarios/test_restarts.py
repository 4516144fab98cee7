"""The bot goes away in the middle of it all, and comes back on the same folder."""

import signal

import pytest

from tests.scenarios.house import BOT, House
from tests.scenarios.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_gallery_that_was_finished_while_the_bot_was_dead_is_shown_once(alex: Person, house: House) -> None:
    """Killed while pictures are taken, and stopped later on: the gallery stands in its place, rung for once, and its buttons
    work whoever answers them.
    """
    await alex.is_known()
    with house.taking_pictures():
        await alex.commands("corporate 4")
        accepted = await alex.sees("4 corporate headshots from 2 photos")
        await house.has_told_everything()
        await house.stop(BOT, signal.SIGKILL)
    await house.has_made_everything()
    await house.start(BOT)
    await alex.sees("Your 4 corporate headshots are ready", below=accepted)
    gallery = await alex.sees_gallery()
    await house.stop(BOT)
    await house.start(BOT)
    await house.is_quiet()
    assert gallery.ref == accepted.ref
    assert len([seen for seen in alex.messages() if seen.pictures]) == 1
    assert len(alex.replies(gallery)) == 1

    await alex.presses("Favourite", 1, on=gallery)
    await alex.sees_change(gallery, "favourite")
    await alex.presses("More like this", 1, on=gallery)
    await alex.sees_gallery("More like headshot 1")
