"""While something is under way: status, cancel, and a worker that is not there."""

import pytest

from tests.scenarios.house import WORKER, House
from tests.scenarios.person import Person, selfie

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_status_and_cancel(alex: Person, house: House) -> None:
    """What runs and what waits can be seen and stopped, and neither leaves anything behind but a way to try again."""
    await alex.is_known()
    with house.taking_pictures():
        await alex.commands("corporate 4")
        running = await alex.sees("4 corporate headshots from 2 photos")
        await alex.sees_change(running, "Taking pictures")
        await alex.commands("outdoor 2")
        waiting = await alex.sees("2 outdoor headshots from 2 photos")
        assert waiting.says("1 ahead of you") or waiting.says("You are next")
        await alex.says("status")
        status = await alex.sees("2 shoots under way, 2 photos to work with")
        assert status.labels.count("Cancel") == 2

        await alex.says("cancel")
        which = await alex.sees("Which one?")
        await alex.presses("2 outdoor headshots", on=which)
        await alex.sees_change(waiting, "2 outdoor headshots: cancelled")
        await alex.presses("Cancel", on=running)
        stopped = await alex.sees_change(running, "4 corporate headshots: cancelled")
    await house.is_quiet()
    assert not [seen for seen in alex.messages() if seen.pictures]
    await alex.presses("Try again", on=stopped)
    await alex.sees("Your 4 corporate headshots are ready")
    await alex.says("cancel")
    await alex.sees("Nothing is under way")


async def test_a_worker_that_comes_later_finds_everything(alex: Person, sam: Person, house: House) -> None:
    """Photos and requests are taken while no engine runs anywhere; what was accepted is made as soon as one comes."""
    await house.stop(WORKER)
    for person in (alex, sam):
        await person.says("I agree")
        await person.sees("Thank you")
        await person.drops(selfie())
        await person.sees("A look at 1 photo")
        await person.commands("corporate 2")
        await person.sees("2 corporate headshots from 1 photo", button="Cancel")
    await house.start(WORKER)
    for person in (alex, sam):
        await person.sees("Your 2 corporate headshots are ready")
    await house.is_quiet()
    for person in (alex, sam):
        assert [seen.says("This photo can be used") for seen in person.messages()].count(True) == 1
