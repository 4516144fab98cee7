"""From an order in the ledger to an ending: what people get when all goes well."""

from datetime import timedelta

import pytest

from bot.payloads import GalleryEnding, VerdictEnding, from_json
from bot.shoots import ShootState
from engine.contract.errors import ArtifactUnreadable
from tests.worker.world import ANNA, World

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]


async def test_an_order_becomes_a_gallery(world: World) -> None:
    """Each headshot is stored for its owner with its facts, the gallery is told once, and the steps could be watched."""
    shoot_id = await world.asks(count=3)
    async with world.worker():
        shoot = await world.over(shoot_id)

    ending = from_json(GalleryEnding, shoot.ending)
    gallery = await world.headshots(shoot_id)
    assert shoot.state is ShootState.FINISHED
    assert (ending.style, ending.headshots, ending.rendered) == ("plain", 3, 20)
    assert (ending.rejected, ending.unmet) == ({"near_identical": 2}, ("wish_unmet_logo",))
    assert [facts.rank for facts, _ in gallery] == [1, 2, 3]
    assert all(picture.startswith(b"\xff\xd8") for _, picture in gallery)
    assert gallery[0][0].shot_id == "shot-1"
    assert gallery[0][0].notes == ("note_close",)
    assert await world.said() == ["ack", "gallery"]
    assert (latest := await world.queue.latest(shoot_id)) is not None
    assert latest.stage in {"intake", "render", "finish"}
    assert world.figure('headroom_stage_seconds_count{stage="render"} 1.0')


async def test_pictures_live_as_long_as_promised(world: World) -> None:
    """Unpicked headshots a week; selfies a day from the end of the last shoot, not from when they were sent."""
    shoot_id = await world.asks()
    (selfie,) = (await world.shoot(shoot_id)).order.payload["selfies"]
    async with world.worker():
        await world.over(shoot_id)

    (first, *_) = await world.ledger.galleries.headshots(shoot_id, ANNA)
    headshot, _ = await world.pictures.get(ANNA.key, first.artifact)
    kept, _ = await world.pictures.get(ANNA.key, selfie["artifact"])
    assert abs(headshot.expires_at - world.clock.date() - timedelta(days=7)) < timedelta(minutes=1)
    assert abs(kept.expires_at - world.clock.date() - timedelta(hours=24)) < timedelta(minutes=1)


async def test_a_headshot_becomes_more_of_it(world: World) -> None:
    """A variation ends like a shoot, and the engine process stays warm for it."""
    parent = await world.asks()
    async with world.worker():
        await world.over(parent)
        shoot = await world.over(await world.varies(parent, count=3))

    assert shoot.state is ShootState.FINISHED
    assert len(await world.headshots(shoot.order.id)) == 3
    assert len({pid for pid, _, _ in world.history()}) == 1


async def test_new_selfies_get_their_verdicts_and_a_refused_one_is_not_kept(world: World) -> None:
    """Only the new ones are told about. The polite studio refuses the first photo that it is shown."""
    refused, fine = await world.selfie(), await world.selfie()
    async with world.worker("screenings"):
        shoot = await world.over(await world.shows((refused, fine)))

        told = from_json(VerdictEnding, shoot.ending).verdicts
        assert [(one.artifact, one.outcome, one.code) for one in told] == [
            (refused.artifact, "refused", "blurred"),
            (fine.artifact, "accepted", "blurred"),
        ]
        await world.until(lambda: _gone(world, refused.artifact))
        await world.pictures.get(ANNA.key, fine.artifact)

        later = await world.selfie()
        shoot = await world.over(await world.shows((later,), (fine,)))

    assert [one.artifact for one in from_json(VerdictEnding, shoot.ending).verdicts] == [later.artifact]
    assert sorted(await world.said()) == ["ack", "ack", "verdict", "verdict"]
    await world.pictures.get(ANNA.key, fine.artifact)


async def test_the_same_photo_again_is_refused_without_destroying_the_first(world: World) -> None:
    """Equal bytes are one picture in the store: what is refused as a copy is still the selfie that was taken."""
    first = await world.selfie(data=b"the same")
    again = await world.selfie(data=b"the same")
    async with world.worker("screenings"):
        shoot = await world.over(await world.shows((again, first)))

    told = from_json(VerdictEnding, shoot.ending).verdicts
    assert [one.outcome for one in told] == ["refused", "accepted"]
    assert first.artifact == again.artifact
    await world.pictures.get(ANNA.key, first.artifact)


async def test_selfies_that_are_gone_are_asked_for_again(world: World) -> None:
    """An order may wait longer than its photos are kept."""
    shoot_id = await world.asks()
    (selfie,) = (await world.shoot(shoot_id)).order.payload["selfies"]
    await world.pictures.expire(ANNA.key, selfie["artifact"], world.clock.date())
    async with world.worker():
        shoot = await world.over(shoot_id)

    assert (shoot.state, shoot.ending["code"]) == (ShootState.EXPLAINED, "selfies_gone")
    assert await world.said() == ["ack", "explanation"]


async def test_a_selfie_that_was_deleted_does_not_stop_the_others(world: World) -> None:
    """Whoever deletes one of three still gets the headshots of the other two."""
    shoot_id = await world.asks(selfies=3)
    (gone, *_) = (await world.shoot(shoot_id)).order.payload["selfies"]
    await world.pictures.expire(ANNA.key, gone["artifact"], world.clock.date())
    async with world.worker():
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED


async def test_a_picture_whose_look_is_wanted_reaches_the_studio_and_stays_as_long_as_the_selfies(world: World) -> None:
    """Byte for byte, beside the selfies; its time counts from the last shoot as theirs does."""
    look = await world.look(b"a navy wall")
    shoot_id = await world.asks(look=look)
    async with world.worker():
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED
    assert world.looks() == [b"a navy wall"]
    kept, _ = await world.pictures.get(ANNA.key, look.artifact)
    assert abs(kept.expires_at - world.clock.date() - timedelta(hours=24)) < timedelta(minutes=1)


async def test_each_start_gets_the_same_picture(world: World) -> None:
    """A shoot that goes on after a crash follows the picture that it began with."""
    shoot_id = await world.asks("crash", count=2, look=await world.look(b"a navy wall"))
    async with world.worker():
        await world.over(shoot_id)

    assert len(world.looks()) > 1
    assert set(world.looks()) == {b"a navy wall"}


async def test_a_shoot_never_goes_without_the_picture_that_it_was_to_follow(world: World) -> None:
    """An order may wait longer than the picture is kept: then the person is asked for it again."""
    look = await world.look(b"a navy wall")
    shoot_id = await world.asks(look=look)
    await world.pictures.expire(ANNA.key, look.artifact, world.clock.date())
    async with world.worker():
        shoot = await world.over(shoot_id)

    assert (shoot.state, shoot.ending["code"]) == (ShootState.EXPLAINED, "reference_gone")


async def _gone(world: World, artifact: str) -> bool:
    try:
        await world.pictures.get(ANNA.key, artifact)
    except ArtifactUnreadable:
        return True
    return False
