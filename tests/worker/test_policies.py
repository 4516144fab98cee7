"""What becomes of a shoot when something goes wrong: one policy each, and no neighbour pays for it."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.shoots import ShootState
from tests.worker.outages import AwayLeases, AwayPictures
from tests.worker.world import ANNA, BEN, World

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(60)]
DAY = timedelta(days=1)


async def ranks(world: World, shoot_id: str) -> list[int]:
    """Of the gallery."""
    return [facts.rank for facts, _ in await world.headshots(shoot_id)]


async def has_failed(world: World, shoot_id: str, code: str, times: int) -> None:
    """So often, and the start was given back; then the pause after an error is over at once."""
    await world.until(lambda: world.figure(f'headroom_failures_total{{code="{code}"}} {times}.0'))

    async def left() -> bool:
        return (await world.shoot(shoot_id)).state is not ShootState.RUNNING

    await world.until(left)
    world.clock.ahead_s += 30


async def starts_of(world: World, shoot_id: str) -> tuple[int, int]:
    """(errors, stalls) as the next worker would find them; takes the shoot away for good."""
    lease = await world.ledger.leases.claim("shoots", "onlooker")
    assert lease is not None
    assert lease.order.id == shoot_id
    return lease.errors, lease.stalls - 1


async def test_what_the_person_can_fix_is_explained_at_once(world: World) -> None:
    """With its facts, after one start: trying again would bring the same."""
    shoot_id = await world.asks("blame_person")
    async with world.worker():
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.EXPLAINED
    assert shoot.ending == {"code": "photo_too_heavy", "facts": {"megabytes": 30, "limit": 25}}
    assert len(world.history()) == 1


@pytest.mark.parametrize(
    ("wish", "code"), [("crash", "engine_crashed"), ("hang", "engine_hung"), ("stumble", "engine_failed")]
)
async def test_the_third_failure_is_told_and_neighbours_get_their_galleries(world: World, wish: str, code: str) -> None:
    """A poison shoot costs its owner an explanation and the next person a moment."""
    poison, neighbour = await world.asks(wish, count=9), await world.asks(person=BEN)
    async with world.worker(step_s=1.0):
        for at in (1, 2, 3):
            await has_failed(world, poison, code, at)
        shoot = await world.over(poison)
        told = await world.over(neighbour, BEN)

    assert (shoot.state, shoot.ending["code"]) == (ShootState.EXPLAINED, code)
    assert told.state is ShootState.FINISHED
    assert len(world.history()) == 3 + 2


async def test_a_shoot_that_crashed_once_goes_on_where_it_was(world: World) -> None:
    """The headshot that was finished before the crash is not made again."""
    shoot_id = await world.asks("crash", count=2)
    async with world.worker():
        await has_failed(world, shoot_id, "engine_crashed", 1)
        await has_failed(world, shoot_id, "engine_crashed", 2)
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED
    assert await ranks(world, shoot_id) == [1, 2]
    assert [rank for _, _, rank in world.history()] == [1, 2]


async def test_out_of_memory_is_answered_with_half_the_batch_once(world: World) -> None:
    """At once, in the same start, without making again what is stored; the next shoot has the full batch again."""
    shoot_id = await world.asks("eat_unless_small", count=3)
    async with world.worker(memory_gb=0.4):
        shoot = await world.over(shoot_id)
        after = await world.over(await world.asks())

    assert (shoot.state, after.state) == (ShootState.FINISHED, ShootState.FINISHED)
    assert await ranks(world, shoot_id) == [1, 2, 3]
    first, second, third = [pid for pid, _, _ in world.history()[:3]]
    assert first != second == third
    assert world.figure('headroom_failures_total{code="engine_out_of_memory"} 1.0')


@pytest.mark.parametrize("batch", [2, 1])
async def test_out_of_memory_for_good_counts_as_an_error(world: World, batch: int) -> None:
    """Where half is too much, too, or nothing is left to halve."""
    shoot_id = await world.asks("eat", count=9)
    async with world.worker(memory_gb=0.4, batch=batch):
        failed = f'headroom_failures_total{{code="engine_out_of_memory"}} {batch}.0'
        await world.until(lambda: world.figure(failed))
        await world.until(lambda: _queued(world, shoot_id))

    world.clock.ahead_s += 30
    assert await starts_of(world, shoot_id) == (1, 0)


async def test_a_cancelled_shoot_stops_within_a_step_and_writes_nothing(world: World) -> None:
    """The device is free at once, with the models still loaded, for whoever is next."""
    shoot_id = await world.asks("dawdle", count=50)
    async with world.worker():
        await world.made(shoot_id, 1)
        await world.ledger.acceptance.cancel(shoot_id, ANNA)
        await world.queue.cancel(shoot_id)
        made = len(world.history())
        await world.over(await world.asks(person=BEN), BEN)

    lines = world.history()
    assert len(lines) - made < 25
    assert len({pid for pid, _, _ in lines}) == 1
    assert (await world.shoot(shoot_id)).state is ShootState.CANCELLED
    assert sorted(await world.said()) == ["ack", "ack", "cancelled", "gallery"]


async def test_a_cancel_that_redis_did_not_carry_is_heard_with_the_next_beat(world: World) -> None:
    """The ledger knows, and the ledger is asked every quarter of a lease."""
    shoot_id = await world.asks("dawdle", count=50)
    async with world.worker():
        await world.made(shoot_id, 1)
        await world.ledger.acceptance.cancel(shoot_id, ANNA)
        shoot = await world.over(await world.asks(person=BEN), BEN)

    assert shoot.state is ShootState.FINISHED
    assert len(world.history()) < 20


async def test_whoever_lost_the_lease_stops_and_writes_nothing_more(world: World) -> None:
    """A worker that was thought dead, because its machine slept, does not disturb the one that went on."""
    leases = AwayLeases(world.ledger.leases)
    shoot_id = await world.asks("dawdle", count=9)

    async def stolen() -> None:
        world.clock.ahead_s += 5
        lease = await world.ledger.leases.claim("shoots", "thief")
        assert lease is not None
        assert lease.order.id == shoot_id

    async with world.worker(parts=world.parts(leases=leases)):
        await world.made(shoot_id, 1)
        leases.before_checkpoint.append(stolen)
        await world.until(lambda: world.figure('headroom_failures_total{code="lease_lost"} 1.0'))
        shoot = await world.shoot(shoot_id)
        before = len(world.history())
        await asyncio.sleep(0.3)

    assert (shoot.state, len(world.history())) == (ShootState.RUNNING, before)
    assert "give_back" not in leases.history
    assert "finish" not in leases.history


async def test_nobody_who_was_forgotten_gets_another_picture(world: World) -> None:
    """Not even the headshot that was being stored in the very moment when they asked to be forgotten."""
    leases = AwayLeases(world.ledger.leases)
    shoot_id = await world.asks("dawdle", count=9)

    async def forgotten() -> None:
        await world.ledger.people.forget(ANNA)
        await world.pictures.delete_owner(ANNA.key)
        for data in (b"one", b"two"):  # the worker's picture was put between these two deletions
            await world.pictures.put(
                ANNA.key, data, kind="selfie", media_type="image/jpeg", expires_at=world.clock.date() + DAY
            )

    async with world.worker(parts=world.parts(leases=leases)):
        await world.made(shoot_id, 1)
        leases.before_checkpoint.append(forgotten)
        await world.until(lambda: world.figure('headroom_failures_total{code="lease_lost"} 1.0'))
    left = await world.pictures.delete_owner(ANNA.key)

    assert left.artifacts == 2


async def test_a_bug_is_logged_once_without_its_text_and_told_by_reference(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Texts of exceptions may quote what a person sent. The number in the answer is the number in the log."""
    shoot_id = await world.accepts("shoot", {"style": "corporate", "count": "Ada Lovelace", "selfies": []})
    with caplog.at_level(logging.ERROR):
        async with world.worker():
            for at in (1, 2, 3):
                await has_failed(world, shoot_id, "engine_failed", at)
            shoot = await world.over(shoot_id)

    assert shoot.ending["code"] == "engine_failed"
    assert len(caplog.records) == 3
    assert vars(caplog.records[-1])["reference"] == shoot.ending["facts"]["reference"]
    assert vars(caplog.records[-1])["errors"] == ["ValidationError"]
    assert "Ada" not in caplog.text + str(vars(caplog.records[-1]))


async def test_without_pictures_nothing_is_begun_and_no_start_is_counted(world: World) -> None:
    """However long the store is away: everybody's shoots wait, and nobody's is given up."""
    pictures = AwayPictures(world.pictures, "get")
    shoot_id = await world.asks()
    async with world.worker(parts=world.parts(pictures=pictures, lease_s=0.2)):
        await world.until(lambda: world.figure('headroom_failures_total{code="storage_unavailable"} 1.0'))
        await world.until(lambda: _queued(world, shoot_id))

    assert world.history() == []
    assert await starts_of(world, shoot_id) == (0, 0)


async def test_a_store_that_hiccups_is_asked_again(world: World) -> None:
    """A moment's outage is nobody's error."""
    pictures = AwayPictures(world.pictures, "get", "put", "expire")
    shoot_id = await world.asks()
    async with world.worker(parts=world.parts(pictures=pictures)):
        for name in ("get", "put", "expire"):
            await world.until(lambda name=name: name in pictures.history)
            pictures.away.remove(name)
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED
    assert [rank for _, _, rank in world.history()] == [1, 2]


async def test_a_headshot_that_cannot_be_stored_counts_as_an_error(world: World) -> None:
    """The selfies could be read, so it may be this very picture: it is not tried for ever."""
    pictures = AwayPictures(world.pictures, "put")
    shoot_id = await world.asks()
    async with world.worker(parts=world.parts(pictures=pictures, lease_s=0.3)):
        await world.until(lambda: world.figure('headroom_failures_total{code="storage_unavailable"} 1.0'))
        await world.until(lambda: _queued(world, shoot_id))

    world.clock.ahead_s += 30
    assert await starts_of(world, shoot_id) == (1, 0)


async def test_records_that_are_away_for_a_moment_cost_nothing(world: World) -> None:
    """The write is repeated until the lease runs out."""
    leases = AwayLeases(world.ledger.leases)
    leases.away = {"checkpoint", "beat"}
    shoot_id = await world.asks()
    async with world.worker(parts=world.parts(leases=leases)):
        await world.until(lambda: "beat" in leases.history)
        await asyncio.sleep(0.4)
        leases.away.clear()
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED
    assert [rank for _, _, rank in world.history()] == [1, 2]


async def test_records_that_stay_away_end_the_start_and_the_next_one_goes_on(world: World) -> None:
    """The engine stops when the lease has run out unheard; nothing is lost but what was not yet stored."""
    leases = AwayLeases(world.ledger.leases)
    shoot_id = await world.asks("dawdle", count=8)
    async with world.worker(parts=world.parts(leases=leases, lease_s=0.4)):
        await world.made(shoot_id, 1)
        leases.away = {"checkpoint", "beat", "finish", "give_back", "claim"}
        await world.until(
            lambda: "give_back" in leases.history or world.figure('headroom_failures_total{code="lease_lost"} 1.0')
        )
        leases.away.clear()
        world.clock.ahead_s += 5
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED
    assert await ranks(world, shoot_id) == list(range(1, 9))


async def test_an_engine_that_cannot_be_started_is_not_the_shoots_fault(world: World) -> None:
    """A worker whose driver or model file is gone must not turn everybody's shoots into apologies."""
    missing = world.folder / "models-missing"
    async with world.worker(studio="tests.worker.studios:open_if_possible"):
        await world.asks("crash", count=9, person=BEN)
        await world.made((await world.ledger.acceptance.open_shoots(BEN))[0].order.id, 1, BEN)
        missing.touch()
        shoot_id = await world.asks()
        await world.until(lambda: world.figure('headroom_failures_total{code="weights_missing"} 4.0'))
        assert not (await world.shoot(shoot_id)).ending
        missing.unlink()
        shoot = await world.over(shoot_id)

    assert shoot.state is ShootState.FINISHED


async def test_an_engine_that_was_told_to_stop_is_replaced_and_the_shoot_goes_on(world: World) -> None:
    """Service managers send SIGTERM to every process; when we are not stopping ourselves, nobody notices. What ends it
    again and again is an error of the shoot.
    """
    async with world.worker() as device:
        first = device.pid
        shoot = await world.over(await world.asks("leave", count=1))
        assert device.pid != first
        again = await world.asks("leave", count=9)
        await world.until(lambda: world.figure('headroom_failures_total{code="engine_crashed"} 1.0'))
        await world.until(lambda: _queued(world, again))

    assert shoot.state is ShootState.FINISHED
    world.clock.ahead_s += 30
    assert await starts_of(world, again) == (1, 0)


async def test_a_suspect_shoot_gets_an_engine_of_its_own(world: World) -> None:
    """What took its worker down three times is tried apart from all others, and told about when it does so again."""
    shoot_id = await world.asks()
    for _ in range(3):
        assert await world.ledger.leases.claim("shoots", "doomed")
        world.clock.ahead_s += 5
    assert (await world.ledger.reconciler.reconcile()).quarantined == (shoot_id,)
    neighbour = await world.asks(person=BEN, seed=8)

    async with world.worker("shoots", "quarantine"):
        assert (await world.over(shoot_id)).state is ShootState.FINISHED
        assert (await world.over(neighbour, BEN)).state is ShootState.FINISHED

    suspects, others = ({pid for pid, seed, _ in world.history() if seed == wanted} for wanted in (7, 8))
    assert len(suspects) == 1
    assert not suspects & others


async def _queued(world: World, shoot_id: str) -> bool:
    return (await world.shoot(shoot_id)).state is ShootState.QUEUED
