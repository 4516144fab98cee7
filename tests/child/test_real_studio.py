"""The real studio in the engine process: the same bytes as here, warm from job to job, and resumed where it stopped."""

import io
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image
from skimage import data

from engine.child.events import Checked, Done, Event, Finished
from engine.child.process import EngineChild
from engine.contract.selfies import Photo
from engine.contract.shots import Gallery, Headshot, VariationRequest
from engine.intake.duplicates import photo_id
from engine.pipeline import Studio, open_studio
from engine.planning.recipes import to_recipe
from engine.planning.shot_ids import with_id
from tests.studio.sitter import shot

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(300)]


def a_request() -> VariationRequest:
    """Three small headshots of NASA's public-domain portrait: a variation has eight candidates, a shoot at least twenty."""
    out = io.BytesIO()
    Image.fromarray(data.astronaut()).save(out, "PNG")
    planned = with_id(replace(shot(), selfie_id=photo_id(out.getvalue())))
    photos = (Photo("portrait.png", out.getvalue()),)
    return VariationRequest(to_recipe(planned, "0", 640, "png"), "new-backdrop", photos, count=3, height_px=640)


async def all_of(events: AsyncIterator[Event]) -> list[Event]:
    """Everything up to the last."""
    return [event async for event in events]


def finished(events: list[Event]) -> list[Finished]:
    """The headshots among them."""
    return [event for event in events if isinstance(event, Finished)]


def pixels(event: Finished) -> np.ndarray:
    """Of a lossless file."""
    return np.asarray(Image.open(io.BytesIO(event.picture)))


@cache
def made_here() -> tuple[Studio, Gallery, list[Headshot]]:
    """What the engine makes in this process, once for all tests."""
    here: list[Headshot] = []
    studio = open_studio()
    return studio, studio.vary(a_request(), lambda _: None, here.append), here


async def test_the_engine_process_makes_what_the_engine_makes() -> None:
    """Same pixels, ranks, scores and recipes; a check of the photos before it has warmed the process."""
    request = a_request()
    studio, gallery, here = made_here()

    async with EngineChild() as child:
        checked = (await all_of(child.check(request.photos)))[-1]
        whole = await all_of(child.vary(request, "png"))

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


async def test_a_shoot_broken_off_by_a_kill_goes_on_in_another_process_with_the_same_bytes() -> None:
    """What a person sees does not tell whether a machine failed in between; the second process stays for the next job."""
    request = a_request()
    stored: dict[int, Finished] = {}
    async with EngineChild() as child:
        first = child.pid
        async with aclosing(child.vary(request, "png")) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, Finished):
                    stored[event.rank] = event
                    break
        kept = {rank: event.shot_id for rank, event in stored.items()}
        rest = finished(await all_of(child.vary(request, "png", kept=kept)))
        second = child.pid
        again = VariationRequest(rest[0].recipe, "same", request.photos, count=1, height_px=640)
        same = finished(await all_of(child.vary(again, "png")))

        assert second != first
        assert child.pid == second
    whole = [*stored.values(), *rest]
    for event, headshot in zip(whole, made_here()[2], strict=True):
        assert (event.rank, event.shot_id) == (headshot.rank, headshot.shot.id)
        assert np.array_equal(pixels(event), headshot.rgb)
    assert same[0].picture == rest[0].picture
