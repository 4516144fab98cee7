"""The real studio in the engine process: the same bytes as here, warm from job to job, and resumed where it stopped."""

import io
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
from PIL import Image
from skimage import data

from engine.child.events import Checked, Done, Event, Finished
from engine.child.process import EngineChild
from engine.contract.selfies import Photo
from engine.contract.shots import Headshot, ShootRequest, VariationRequest
from engine.pipeline import open_studio

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(300)]


def a_request() -> ShootRequest:
    """Three small headshots of NASA's public-domain portrait."""
    out = io.BytesIO()
    Image.fromarray(data.astronaut()).save(out, "PNG")
    return ShootRequest((Photo("portrait.png", out.getvalue()),), count=3, candidates=20, height_px=640)


async def all_of(events: AsyncIterator[Event]) -> list[Event]:
    """Everything up to the last."""
    return [event async for event in events]


def finished(events: list[Event]) -> list[Finished]:
    """The headshots among them."""
    return [event for event in events if isinstance(event, Finished)]


def pixels(event: Finished) -> np.ndarray:
    """Of a lossless file."""
    return np.asarray(Image.open(io.BytesIO(event.picture)))


async def test_the_engine_process_makes_what_the_engine_makes() -> None:
    """Same pixels, ranks, scores and recipes; a check of the photos before it has warmed the process."""
    request = a_request()
    here: list[Headshot] = []
    studio = open_studio()
    gallery = studio.shoot(request, lambda _: None, here.append)

    async with EngineChild() as child:
        checked = (await all_of(child.check(request.photos)))[-1]
        whole = await all_of(child.shoot(request, "png"))

    there, done = finished(whole), whole[-1]
    assert [e.rank for e in there] == [h.rank for h in here]
    for event, headshot in zip(there, here, strict=True):
        assert np.array_equal(pixels(event), headshot.rgb)
        assert event.recipe == studio.recipe(headshot, "png")
        assert (event.scores, event.likeness) == (headshot.scores, headshot.likeness)
        assert (event.why, event.notes) == (headshot.why, headshot.notes)
    assert isinstance(checked, Checked)
    assert isinstance(done, Done)
    assert checked.verdicts == done.checked.verdicts == gallery.intake.verdicts
    assert (done.headshots, done.rendered, done.rejected) == (3, gallery.rendered, gallery.rejected)


@pytest.mark.slow
async def test_a_shoot_broken_off_by_a_kill_goes_on_in_another_process_with_the_same_bytes() -> None:
    """What a person sees does not tell whether a machine failed in between; the second process stays for the next job."""
    request = a_request()
    stored: dict[int, Finished] = {}
    async with EngineChild() as child:
        first = child.pid
        async with aclosing(child.shoot(request, "png")) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Finished):
                    stored[event.rank] = event
                    break
        kept = {rank: event.shot_id for rank, event in stored.items()}
        rest = finished(await all_of(child.shoot(request, "png", kept=kept)))
        second = child.pid
        whole = await all_of(child.shoot(request, "png"))

        assert second != first
        assert child.pid == second
        assert [*stored.values(), *rest] == finished(whole)

        variation = VariationRequest(finished(whole)[1].recipe, "same", request.photos, count=1, height_px=640)
        assert finished(await all_of(child.vary(variation, "png")))[0].picture == finished(whole)[1].picture
