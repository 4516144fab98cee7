"""The worker as a process: killed, told to stop, beside another one, and without Redis."""

import asyncio
import os
import signal
import sys

import pytest

from bot.shoots import ShootState
from tests.child.test_policies import gone
from tests.rules.source import ROOT
from tests.worker.world import ANNA, World

pytestmark = [pytest.mark.asyncio, pytest.mark.slow, pytest.mark.timeout(90)]


async def test_a_killed_worker_costs_no_headshot_that_was_written_down(world: World) -> None:
    """kill -9 after the second of six: the next worker goes on with the third, in the same ranks."""
    shoot_id = await world.asks("dawdle", count=6)
    async with world.process() as first:
        await world.made(shoot_id, 2)
        first.kill()
        await first.wait()
        stored = await world.ledger.leases.claim("shoots", "too early")
    async with world.worker():
        shoot = await world.over(shoot_id)

    gallery = [facts.rank for facts, _ in await world.headshots(shoot_id)]
    assert stored is None
    assert shoot.state is ShootState.FINISHED
    assert gallery == [1, 2, 3, 4, 5, 6]
    assert len(world.history()) <= 6 + 1, "at most the one in work was made twice"
    assert sorted(await world.said()) == ["ack", "gallery"]


async def test_a_worker_that_is_told_to_stop_finishes_the_headshot_in_work_and_gives_the_start_back(
    world: World,
) -> None:
    """A deploy costs nobody a headshot, a start or a wait for a lease to run out."""
    shoot_id = await world.asks("dawdle", count=30)
    async with world.process() as worker:
        await world.made(shoot_id, 2)
        worker.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(worker.wait(), 20)

    shoot = await world.shoot(shoot_id)
    lease = await world.ledger.leases.claim("shoots", "next")
    assert status == 0
    assert shoot.state is ShootState.QUEUED
    assert lease is not None
    assert (lease.errors, lease.stalls - 1) == (0, 0)
    assert len(world.history()) == shoot.next_index == len(lease.checkpoints)


async def test_an_idle_worker_hears_a_ring_and_stops_at_once(world: World) -> None:
    """Long before it would look by itself; and nobody waits for a worker that does nothing."""
    waited = await world.asks()
    async with world.process(look_s=600) as worker:
        await world.over(waited)
        await world.over(await world.asks())
        await asyncio.sleep(0.3)
        worker.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(worker.wait(), 20) == 0


async def test_a_second_signal_ends_it_without_waiting(world: World) -> None:
    """Whoever insists gets it, engine included; the shoot is resumed when the lease has run out."""
    shoot_id = await world.asks("hang", count=9)
    async with world.process() as worker:
        await world.made(shoot_id, 1)
        worker.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert worker.returncode is None
        worker.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(worker.wait(), 20) == 128 + signal.SIGTERM
    (engine,) = {pid for pid, _, _ in world.history()}
    await world.until(lambda: gone(engine))
    world.clock.ahead_s += 5
    lease = await world.ledger.leases.claim("shoots", "next")
    assert lease is not None
    assert lease.next_index == 1


async def test_two_workers_share_the_work_and_make_nothing_twice(world: World) -> None:
    """More machines are more workers: each shoot is made by one of them."""
    people = [type(ANNA)("slack", "T1", f"person-{n}") for n in range(8)]
    shoots = [await world.asks("dawdle", 2, person, seed) for seed, person in enumerate(people)]
    async with world.process(lease_s=15), world.process(lease_s=15):
        for shoot_id, person in zip(shoots, people, strict=True):
            assert (await world.over(shoot_id, person)).state is ShootState.FINISHED

    lines = world.history()
    assert sorted((seed, rank) for _, seed, rank in lines) == [(seed, rank) for seed in range(8) for rank in (1, 2)]
    assert len({pid for pid, _, _ in lines}) == 2
    assert all(len({pid for pid, seed, _ in lines if seed == one}) == 1 for one in range(8))


async def test_without_redis_shoots_are_made_all_the_same(world: World) -> None:
    """What waited is taken up at the start, and what comes later at the next look (as in the tests of policies, where no
    worker hears a ring): Redis only makes it sooner. A worker can be stopped without it, too.
    """
    waited = await world.asks()
    async with world.process(redis_url=f"unix://{world.folder}/nowhere.sock") as worker:
        assert (await world.over(waited)).state is ShootState.FINISHED
        worker.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(worker.wait(), 15) == 0


async def test_a_worker_without_an_address_of_redis_says_so() -> None:
    """With the variable and what to do; exit code 2: starting again would not help."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEADROOM_")}
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "engine.worker", cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, told = await worker.communicate()

    assert worker.returncode == 2
    assert "HEADROOM_REDIS_URL" in told.decode()
    assert "Traceback" not in told.decode()
