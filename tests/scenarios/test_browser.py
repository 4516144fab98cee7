"""The whole studio as a newcomer meets it: `headroom up`, a real browser, the real engine, and NASA's portrait of the astronaut
Eileen Collins (public domain, shipped by scikit-image) as the sitter.

`pytest tests/scenarios/test_browser.py --screenshots FOLDER` leaves pictures of the page there, among them the one in the README.
"""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tests.cli.test_up import READY_S, Studio, started
from tests.playground.browser import Browser, needs_chromium, open_browser

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(600), needs_chromium]
GALLERY_S = 240.0
"""For a gallery of the real studio on a slow machine."""


async def test_from_a_selfie_to_a_gallery_and_a_variation(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """One command, a dropped photo, consent, `/headshot corporate`, the stages, the gallery, and more of the second headshot; the
    console of the browser stays empty.
    """
    folder = request.config.getoption("--screenshots", "")
    shots = Path(folder or tmp_path / "screenshots")
    shots.mkdir(parents=True, exist_ok=True)
    with started(tmp_path) as studio:
        async with open_browser(1360, 900) as browser:
            await _is_ready(studio)
            await browser.open(f"http://127.0.0.1:{studio.port}/")
            await browser.wait_for("body[data-ready]")
            await browser.screenshot(shots / "hello.png")
            await browser.drop_files(_selfies(tmp_path))
            await browser.until("document.querySelectorAll('.tray li').length === 2")
            await browser.click("Send")
            await browser.wait_for_text("Before I look at any photo")
            await browser.wait_for_pictures(".photo")
            await browser.screenshot(shots / "consent.png")
            await browser.click(".button[data-look=primary]")
            await browser.wait_for_text("photos can be used", patience_s=GALLERY_S)
            await browser.screenshot(shots / "verdicts.png")

            await _asks(browser, "/headshot corporate 4")
            await browser.wait_for_text("4 corporate headshots from")
            stages = await _stages(browser)
            await browser.wait_for_pictures(".card img", GALLERY_S)
            await browser.wait_for_text("1 reply")
            assert len(stages) >= 3, stages
            assert stages[-1][0] >= 50
            await _portraits(browser, shots, "gallery")
            await _poster(browser, shots)

            await browser.click("More like this – More like headshot 2", "button")
            await browser.wait_for_text("2 replies")
            await browser.click(".replies")
            await browser.wait_for_text("More like headshot 2", ".panel")
            await browser.wait_for_pictures(".panel .message:not([data-above=true]) .card img", GALLERY_S)
            assert await browser.count(".panel .message:not([data-above=true]) .card") == 4
            await browser.wait_for_text(" ready.", ".panel")
            await _portraits(browser, shots, "variation")

            assert browser.errors == []
        assert studio.stop() == 0


def _selfies(folder: Path) -> list[Path]:
    """The portrait as it is, and closer and a little darker, as a second photo of the same evening would be."""
    portrait = np.asarray(skimage.data.astronaut(), np.uint8)
    closer = (portrait[0:400, 40:400] * 0.86).astype(np.uint8)
    files = [folder / "selfie-1.png", folder / "selfie-2.png"]
    for file, rgb in zip(files, (portrait, closer), strict=True):
        Image.fromarray(rgb).save(file)
    return files


async def _is_ready(studio: Studio) -> None:
    async with asyncio.timeout(READY_S):
        while not await asyncio.to_thread(studio.ready):
            await asyncio.sleep(0.1)


async def _asks(browser: Browser, words: str) -> None:
    await browser.click("#write")
    await browser.type(words)
    await browser.press("Enter")


async def _stages(browser: Browser) -> list[tuple[int, str]]:
    """What the bar said, one after the other, until the gallery stands in its place."""
    seen: list[tuple[int, str]] = []
    async with asyncio.timeout(GALLERY_S):
        while not await browser.count(".card"):
            bar = "[...document.querySelectorAll('.bar')].map((b) => [+b.lastChild.ariaValueNow, b.innerText])"
            for share, words in await browser.run(bar):
                if (share, words) not in seen:
                    seen.append((share, words))
            await asyncio.sleep(0.2)
    assert seen == sorted(seen, key=lambda stage: stage[0]), "it never goes back"
    return seen


async def _poster(browser: Browser, shots: Path) -> None:
    """The head of the gallery, as the README shows it: 1,200 px wide, at most 250 kB."""
    await browser.size(1360, 1010)
    await browser.run(
        "((row) => (row.closest('.scroll').scrollTop = row.offsetTop))(document.querySelector('.message:has(.gallery)'))"
    )
    await browser.screenshot(shots / "poster.png")
    with Image.open(shots / "poster.png") as poster:
        small = poster.convert("RGB").resize(
            (1200, round(poster.height * 1200 / poster.width)), Image.Resampling.LANCZOS
        )
    small.save(shots / "playground.jpg", quality=85, optimize=True, progressive=True)
    assert (shots / "playground.jpg").stat().st_size <= 250_000
    await browser.size(1360, 900)


async def _portraits(browser: Browser, shots: Path, name: str) -> None:
    """The page in daylight and at night."""
    for dark in (False, True):
        await browser.size(1360, 900, dark=dark)
        await browser.screenshot(shots / f"{name}-{'dark' if dark else 'light'}.png")
    await browser.size(1360, 900)
