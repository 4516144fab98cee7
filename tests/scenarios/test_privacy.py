"""Whose things they are: forgetting, exporting, other people, and guests."""

import io
import json
import zipfile

import pytest

from bot.actions import Action, read_action, to_id
from tests.scenarios.house import House
from tests.scenarios.person import Person
from tests.scenarios.traces import shoots_of, traces_of
from tests.scenarios.window import Refused

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_forget_destroys_everything_of_one_person_and_nothing_of_another(
    alex: Person, sam: Person, house: House
) -> None:
    """Rows, pictures, keys, queue entries and what the chat shows; proved by looking into every store."""
    gallery = await alex.has_gallery("corporate 4")
    kept = await sam.has_gallery("corporate 2")
    await alex.presses("Download", 1)
    file = await alex.sees("Headshot 1 at full size")
    refs = [*(picture.ref for picture in gallery.pictures), *(each.ref for each in file.files)]
    assert all([await alex.window.save(ref) for ref in refs])
    shoots, sams = shoots_of(alex, house), shoots_of(sam, house)
    places = {"files", "redis", "chat.messages", "chat.shown", "ledger.shoots", "ledger.people"}
    assert places <= (await traces_of(alex, shoots, house)).keys()
    before = await traces_of(sam, sams, house)

    await alex.presses("Forget my photos", on=gallery)
    await alex.presses("Forget everything", on=await alex.sees("Shall I destroy your photos"))
    await alex.sees("Forgotten: 6 pictures")

    assert await traces_of(alex, shoots, house) == {}
    assert [await alex.window.save(ref) for ref in refs] == [None] * len(refs)
    assert not [seen for seen in alex.messages() if seen.pictures or seen.files]
    assert await traces_of(sam, sams, house) == before
    assert all([await sam.window.save(picture.ref) for picture in kept.pictures])
    await sam.presses("More like this", 1, on=kept)
    await sam.sees("More like headshot 1: 4 headshots ready")
    await alex.commands("corporate")
    await alex.sees("Before I look at any photo")


async def test_export_is_a_file_that_opens(alex: Person) -> None:
    """Everything that is kept of a person, in their hands."""
    await alex.has_gallery("corporate 2")
    await alex.says("export")
    data = await alex.saves(await alex.sees("This is everything that I keep of you"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert json.loads(archive.read("records.json"))
    assert len([name for name in names if name.endswith(".jpg")]) == 4, "two photos and two headshots"


async def test_what_belongs_to_somebody_else_is_not_found(alex: Person, sam: Person, house: House) -> None:
    """A copied button, a guessed message, a guessed number and a guessed picture get the answer that what never was gets."""
    gallery = await alex.has_gallery("corporate 2")
    await sam.is_known()
    await sam.says("status")
    own = await sam.sees("Status")
    alexs = {action.verb: action for button in gallery.buttons if (action := read_action(button.action))}
    answers = set()
    for verb, action in alexs.items():
        if action.shoot_id:
            for shoot_id in (action.shoot_id, "0" * 32):
                await sam.forges(to_id(Action(verb, shoot_id, action.rank, action.argument)), own)
                answers.add((await sam.sees("", button="Help")).text)
    assert len(answers) == 1, answers

    known = gallery.text.partition("gallery ")[2][:8]
    for number in (known, "0badc0de"):
        await sam.says(f"show {number}")
        answers.add((await sam.sees("", button="Help")).text)
    assert len(answers) == 1, answers

    refusals = set()
    for ref in (gallery.ref, "dm-alex:999999"):
        with pytest.raises(Refused) as refused:
            await sam.window.press(ref, gallery.buttons[0].action)
        refusals.add(str(refused.value))
    assert len(refusals) == 1
    assert [await sam.window.save(picture.ref) for picture in gallery.pictures] == [None, None]
    await house.is_quiet()
    assert alex.messages()[-1].says("ready, the best first") or alex.versions(gallery)[-1] == gallery


async def test_a_guest_is_told_kindly_and_keeps_their_rights(gus: Person) -> None:
    """Somebody from outside is not served by default, and can still have forgotten what was kept."""
    await gus.commands("corporate")
    await gus.sees("I make headshots for full members of this workspace only")
    await gus.says("help")
    await gus.sees("How to get a headshot")
    await gus.says("forget")
    await gus.presses("Forget everything", on=await gus.sees("Shall I destroy"))
    await gus.sees("I keep nothing of you")
