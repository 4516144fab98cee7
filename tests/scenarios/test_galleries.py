"""What can be done with a gallery and each headshot in it, by button and by word."""

import io

import pytest
from PIL import Image

from tests.scenarios.house import House
from tests.scenarios.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_show_all_brings_the_rest(alex: Person) -> None:
    """Below the gallery, with the same buttons."""
    gallery = await alex.has_gallery("corporate 6")
    await alex.presses("Show all 6", on=gallery)
    rest = await alex.sees("Headshots 5 to 6", below=gallery)
    assert [picture.headshot for picture in rest.pictures] == [5, 6]
    assert all([await alex.window.save(picture.ref) for picture in rest.pictures])
    await alex.presses("Download", 6, on=rest)
    assert (await alex.sees("Headshot 6 at full size", below=gallery)).files


async def test_download_favourite_and_delete(alex: Person, house: House) -> None:
    """A headshot can be taken along, kept longer and destroyed; each press shows where it was pressed."""
    gallery = await alex.has_gallery("corporate 4")
    await alex.presses("Download", 1)
    data = await alex.saves(await alex.sees("Headshot 1 at full size", below=gallery))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG"

    await alex.presses("Favourite", 2)
    starred = await alex.sees_change(gallery, "2 · likeness 0.95 · favourite")
    assert [picture.favourite for picture in starred.pictures] == [False, True, False, False]
    await alex.presses("Unfavourite", 2)
    unstarred = await alex.sees_change(gallery)
    assert not any(picture.favourite for picture in unstarred.pictures)

    doomed = unstarred.pictures[2]
    assert await alex.window.save(doomed.ref)
    await alex.presses("Delete", 3)
    left = await alex.sees_change(gallery)
    assert [picture.headshot for picture in left.pictures] == [1, 2, 4]
    await alex.sees("Headshot 3 is deleted", below=gallery)
    assert await alex.window.save(doomed.ref) is None
    await alex.says("download 3", below=gallery)
    await alex.sees("headshot 3")
    await house.is_quiet()
    assert len(alex.replies(gallery)) == 5, "the line that rang, a file, a deletion, a question and its answer"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("More like this", "More like headshot 2"),
        ("New light", "Headshot 2 in other light"),
        ("New backdrop", "Headshot 2 before other backdrops"),
        ("New crop", "Headshot 2 in other frames"),
    ],
)
async def test_a_variation_stands_below_its_parent_and_names_it(alex: Person, label: str, said: str) -> None:
    """One can always see what it was made from, and go on from it."""
    parent = await alex.has_gallery("corporate 2")
    known = parent.text.partition("gallery ")[2][:8]
    await alex.presses(label, 2)
    await alex.sees(f"{said}: 4 headshots", below=parent)
    variation = await alex.sees_gallery(f"{said} of {known}")
    assert variation.place == parent.ref
    assert {"More like this", "Download", "Delete", "More of these"} <= set(variation.labels)
    await alex.presses("Download", 4, on=variation)
    await alex.saves(await alex.sees("Headshot 4 at full size"))


async def test_words_in_the_thread(alex: Person) -> None:
    """Slash commands do not run in threads, so words do: about the best headshot, or about the one that is named."""
    gallery = await alex.has_gallery("corporate 2")
    for words, understood in (
        ("warmer", "Headshot 1, warmer"),
        ("more like 2", "More like headshot 2"),
        ("white background", "Headshot 1, white background"),
        ("new light for 2", "Headshot 2 in other light"),
    ):
        await alex.says(words, below=gallery)
        await alex.sees(f"{understood}: 4 headshots", below=gallery)
        await alex.sees(f"{understood}: 4 headshots ready")
    await alex.says("cooler and tighter", below=gallery)
    await alex.sees("so this is “cooler”. Type “tighter” below it", below=gallery)
    await alex.sees(", cooler: 4 headshots ready")
    await alex.says("legal instead", below=gallery)
    await alex.sees("8 legal headshots from 2 photos")
    await alex.sees_gallery("Your legal headshots")
    await alex.says("what a lovely day it is", below=gallery)
    await alex.sees("I did not understand that", below=gallery)


async def test_a_gallery_comes_back_by_its_number(alex: Person) -> None:
    """With buttons that work, and what comes of them stands below the copy: the first one is far up by then."""
    gallery = await alex.has_gallery("corporate 2")
    known = gallery.text.partition("gallery ")[2][:8]
    await alex.says(f"show {known}")
    copy = await alex.sees_gallery("Your corporate headshots")
    assert copy.ref != gallery.ref
    assert copy.buttons == gallery.buttons

    await alex.commands("outdoor 2")
    await alex.sees_gallery("Your outdoor headshots")
    await alex.presses("Favourite", 2, on=copy)
    await alex.sees("Headshot 2 is a favourite", below=copy)
    await alex.presses("Download", 2, on=copy)
    await alex.sees("headshot-corporate-2.jpg", below=copy)
    await alex.says("warmer", below=copy)
    await alex.sees(f"Headshot 1, warmer of {known}")
    await alex.presses("Delete", 1, on=copy)
    await alex.sees("Headshot 1 is deleted", below=copy)
    await alex.says("show 0badc0de")
    await alex.sees("Status", button="Help")
