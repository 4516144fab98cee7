"""The worker with the real studio: NASA's public-domain portrait is sent, seen, and becomes headshots."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from skimage import data

from bot.payloads import GalleryEnding, VariationPayload, VerdictEnding, from_json, to_json
from bot.shoots import ShootState
from engine.child.process import STUDIO
from engine.intake.duplicates import photo_id
from engine.planning.recipes import to_recipe
from engine.planning.shot_ids import with_id
from tests.studio.sitter import shot
from tests.worker.world import World

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(300)]


def portrait() -> bytes:
    """A photo as it is sent."""
    out = io.BytesIO()
    Image.fromarray(data.astronaut()).save(out, "PNG")
    return out.getvalue()


async def test_a_portrait_is_accepted_and_becomes_headshots(world: World) -> None:
    """A variation is the shortest way through all stages: eight candidates instead of twenty."""
    selfie = await world.selfie(data=portrait())
    planned = with_id(replace(shot(), selfie_id=photo_id(portrait())))
    order = VariationPayload("new-backdrop", 2, 1, to_recipe(planned, "0", 640, "jpeg"), (selfie,))
    async with world.worker("screenings", "shoots", studio=STUDIO, step_s=60.0):
        seen = from_json(VerdictEnding, (await world.over(await world.shows((selfie,)))).ending)
        shoot = await world.over(await world.accepts("variation", to_json(order)), within_s=90)

    (verdict,) = seen.verdicts
    assert verdict.outcome != "refused"
    assert shoot.state is ShootState.FINISHED, shoot.ending
    assert from_json(GalleryEnding, shoot.ending).rendered == 8
    gallery = await world.headshots(shoot.order.id)
    assert [facts.rank for facts, _ in gallery] == [1, 2]
    for facts, picture in gallery:
        assert Image.open(io.BytesIO(picture)).size == (facts.width_px, facts.height_px)
        assert facts.likeness > 0.5
