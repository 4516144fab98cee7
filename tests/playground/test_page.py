"""The page in a real browser, with a scripted bot behind it."""

from pathlib import Path

import pytest

from adapters.playground.cast import CAST
from bot.events import Filled
from tests.playground.browser import needs_chromium, open_browser
from tests.playground.fake_bot import open_stage, sample_prints

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, needs_chromium]


async def test_from_a_dropped_photo_to_a_press_on_the_gallery(tmp_path: Path) -> None:
    """What a newcomer does in the first minute: drop, ask, look, press; and again after reloading the page."""
    selfie = tmp_path / "selfie.jpg"
    selfie.write_bytes(sample_prints()[0])
    playground, bot = await open_stage(tmp_path / "data", sample_prints())
    try:
        async with open_browser() as browser:
            await browser.open(playground.url)
            await browser.wait_for_text("Headshots from the photos you already have")
            await browser.drop_files([selfie])
            await browser.wait_for(".tray img")
            await browser.click("Send")
            await browser.wait_for_text("I have looked at your photos.")
            await browser.wait_for_pictures(".photo")
            await browser.click("#write")
            await browser.type("/headshot corporate")
            await browser.press("Enter")
            await browser.wait_for_text("Your corporate headshots")
            await browser.wait_for_pictures(".card img")
            assert await browser.count(".card") == 4
            await browser.click("More like this – More like this, headshot 2", "button")
            await browser.until("document.querySelectorAll('.card').length === 8")
            await bot.finish()
            await browser.open(playground.url)
            await browser.until("document.querySelectorAll('.card').length === 8")

            assert browser.errors == []
            assert [event.happened.kind for event in bot.events] == ["said", "commanded", "pressed"]
    finally:
        await playground.stop()


async def test_keys_lightbox_forms_and_threads(tmp_path: Path) -> None:
    """Everything can be done without a mouse over it, and the focus stays where it was when a message changes."""
    playground, bot = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser(400, 860) as browser:
            await browser.open(playground.url)
            await browser.click("Use the sample sitter")
            await browser.wait_for_text("I have looked at your photos.")
            await browser.click("#write")
            await browser.type("/headshot corp")
            await browser.wait_for("[role=option]")
            await browser.press("Tab")
            await browser.press("Enter")
            await browser.wait_for_pictures(".card img")
            await browser.run("document.querySelectorAll('.star')[1].focus()")
            await browser.press("Enter")
            await browser.wait_for(".star[data-marked=true]")
            await browser.until("document.activeElement?.className === 'star'")
            await browser.click("Open large: Headshot 1: grey backdrop, soft light")
            await browser.press("ArrowRight")
            await browser.wait_for_text("2 of 4", ".lightbox")
            await browser.press("Escape")
            await browser.until("document.querySelector('.lightbox') === null")
            await browser.click(".replies")
            await browser.wait_for_text("are ready", ".panel")
            await browser.press("Escape")
            await browser.until("document.querySelector('#panel').hidden")
            await browser.click("Another style")
            await browser.wait_for_text("How many", "dialog")
            await browser.wait_for_pictures("dialog .option img")
            await browser.screenshot(tmp_path / "form.png")
            (tmp_path / "selfie.jpg").write_bytes(sample_prints()[0])
            await browser.choose_files(".photos input", [tmp_path / "selfie.jpg"])
            await browser.click("Make them")
            await browser.until("document.querySelector('dialog') === null")
            await browser.until("document.querySelectorAll('.card').length === 8")
            await bot.finish()

            assert browser.errors == []
            filled = bot.events[-1].happened
            assert isinstance(filled, Filled)
            assert [len(files) for files in filled.files.values()] == [1]
            assert await browser.run("document.documentElement.scrollWidth") == 400
    finally:
        await playground.stop()


async def test_a_photo_taken_with_the_camera_is_sent_like_any_other(tmp_path: Path) -> None:
    """Whoever has no photo at hand takes one; Chromium brings a camera of its own that shows a test picture."""
    playground, bot = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser() as browser:
            await browser.open(playground.url)
            await browser.click("Take one now")
            await browser.until("document.querySelector('.finder video')?.videoWidth > 0")
            await browser.click("Take the photo")
            await browser.wait_for_pictures(".finder img")
            await browser.click("Use this photo")
            await browser.wait_for(".tray img")
            await browser.click("Send")
            await browser.wait_for_text("I have looked at your photos.")
            await bot.finish()

            assert browser.errors == []
            assert [event.happened.kind for event in bot.events] == ["said"]
    finally:
        await playground.stop()


async def test_a_screen_reader_hears_each_stage_once_and_the_end(tmp_path: Path) -> None:
    """Counting pictures is for the eye; whoever listens is told when something else begins."""
    playground, bot = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser() as browser:
            await browser.open(playground.url)
            await browser.click("#write")
            await browser.type("/headshot corporate")
            await browser.press("Enter")
            await browser.wait_for_text("Your corporate headshots: 12 headshots", "#log")
            await bot.finish()

            heard = (await browser.run("[...document.querySelectorAll('#log p')].map((p) => p.textContent)")) or []
            assert heard.count("Headroom: Developing headshot") == 1
            assert not [said for said in heard if " of 12" in said]
    finally:
        await playground.stop()


async def test_an_answer_below_a_gallery_is_pointed_out_to_whoever_pressed_high_up(tmp_path: Path) -> None:
    """The thread of a tall message begins below the window; one press leads there. Arrows lead to what is further down."""
    playground, bot = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser(1100, 620) as browser:
            await browser.open(playground.url)
            await browser.click("#write")
            await browser.type("/headshot corporate")
            await browser.press("Enter")
            await browser.wait_for_pictures(".card img")
            await bot.finish()
            await browser.wait_for(".further:not([hidden])")
            assert await browser.text("#toast") == "", "nobody pressed anything"
            await browser.click("Download – Download, headshot 1", "button")
            await browser.wait_for_text("Headroom answered in the thread.", "#toast")
            await browser.click("Open it")
            await browser.wait_for_text("headshot-corporate-1.jpg", ".panel")
            assert await browser.text("#toast") == ""
            await browser.run("document.querySelector('#room .scroll').scrollTop = 0")
            await browser.wait_for("#room .further:not([hidden])")
            await browser.run("document.querySelector('#room .further').click()")
            await browser.until("document.querySelector('#room .scroll').scrollTop > 200")
            await browser.run("document.querySelector('#room .scroll').scrollTop = 1e6")
            await browser.until("document.querySelector('#room .further').hidden")
            assert browser.errors == []
    finally:
        await playground.stop()


async def test_a_picture_that_is_gone_leaves_a_quiet_tile(tmp_path: Path) -> None:
    """Pictures expire, conversations stay: no broken images, and nothing to read in the console."""
    playground, bot = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser() as browser:
            await browser.open(playground.url)
            await browser.click("Use the sample sitter")
            await browser.wait_for_pictures(".photo")
            await browser.wait_for_text("I have looked at your photos.")
            await browser.click("#write")
            await browser.type("/headshot corporate")
            await browser.press("Enter")
            await browser.wait_for_pictures(".card img")
            await bot.finish()
            await bot.pictures.delete_owner(CAST["alex"].person.key)
            await browser.open("about:blank")
            await browser.open(playground.url)
            await browser.until("document.querySelectorAll('.card .missing').length === 4")
            await browser.wait_for_text("Gone", ".photos")
            await browser.run("document.querySelector('.print').click()")
            await browser.wait_for_text("This picture is not here any more", ".lightbox .stage")

            assert await browser.count(".messages img.photo") == 0
            assert browser.errors == []
    finally:
        await playground.stop()


async def test_what_people_type_is_never_markup(tmp_path: Path) -> None:
    """Somebody in the channel cannot run a script in the pages of the others."""
    playground, _ = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser() as browser:
            await browser.open(f"{playground.url}?as=sam#team")
            await browser.wait_for("body[data-ready]")
            await browser.click("#room textarea")
            await browser.type("<img src=x onerror=alert(1)><b>bold</b>")
            await browser.press("Enter")
            await browser.wait_for_text("<b>bold</b>", ".messages")

            assert await browser.count(".messages img[src=x]") == 0
            assert browser.errors == []
    finally:
        await playground.stop()


async def test_pages_of_two_people_side_by_side(tmp_path: Path) -> None:
    """What one writes in the channel appears in the other's window, with a mark when they look elsewhere."""
    playground, _ = await open_stage(tmp_path, sample_prints())
    try:
        async with open_browser() as sam, open_browser() as hanna:
            await sam.open(f"{playground.url}?as=sam#team")
            await hanna.open(f"{playground.url}?as=hanna")
            await hanna.wait_for("body[data-ready]")
            await sam.wait_for("body[data-ready]")
            await sam.click("#room textarea")
            await sam.type("Hello Hanna")
            await sam.press("Enter")
            await hanna.wait_for(".places .count:not([hidden])")
            await hanna.click(".places li:last-child a")
            await hanna.wait_for_text("Hello Hanna", ".messages")

            assert await hanna.count(".places .count:not([hidden])") == 0
    finally:
        await playground.stop()
