"""The port `Leases`: one live worker per shoot, nothing lost when it dies, nothing written when it comes back late."""

import pytest

from bot.ledger import ERRORS, LEASE_S, STALLS
from bot.shoots import Checkpoint, Ending, ShootState
from engine.contract.errors import RenderFailed
from tests.ports.ledger.story import ANNA, BEN, GALLERY, Studio

pytestmark = pytest.mark.asyncio


async def test_a_shoot_is_claimed_once(studio: Studio) -> None:
    """However often the bell rings."""
    shoot_id = await studio.asks()
    lease = await studio.claims("w1")

    assert (lease.order.id, lease.owner, lease.next_index) == (shoot_id, "w1", 0)
    assert lease.order.payload == {"style": "corporate", "count": 12}
    assert await studio.ledger.leases.claim("shoots", "w2") is None


async def test_screenings_do_not_wait_for_shoots(studio: Studio) -> None:
    """Each lane has its own line, and a person's selfies are looked at side by side with their running shoot."""
    await studio.asks()
    screenings = [await studio.asks(kind="screening") for _ in range(2)]
    await studio.claims()

    assert [(await studio.claims(lane="screenings")).order.id for _ in range(2)] == screenings


async def test_one_shoot_of_a_person_runs_at_a_time(studio: Studio) -> None:
    """The second waits for the first, not for anybody else's."""
    first, second = await studio.asks(), await studio.asks()
    bens = await studio.asks(BEN)
    lease = await studio.claims("w1")

    assert lease.order.id == first
    assert (await studio.claims("w2")).order.id == bens
    assert await studio.ledger.leases.claim("shoots", "w3") is None
    await studio.ledger.leases.finish(lease, GALLERY)
    assert (await studio.claims("w3")).order.id == second


async def test_beats_keep_a_lease(studio: Studio) -> None:
    """A long shoot of a living worker is never given to another."""
    await studio.asks()
    lease = await studio.claims("w1")
    for _ in range(10):
        studio.clock.pass_s(LEASE_S / 2)
        kept = await studio.ledger.leases.beat(lease)
        assert kept is not None
        assert kept.until == studio.clock.now + LEASE_S
        assert await studio.ledger.leases.claim("shoots", "w2") is None


async def test_the_shoot_of_a_dead_worker_goes_on_where_it_stood(studio: Studio) -> None:
    """What was checkpointed is not made again."""
    shoot_id = await studio.asks()
    lease = await studio.claims("w1")
    await studio.makes(lease, 0)
    await studio.makes(lease, 1)
    studio.clock.pass_s(LEASE_S)
    heir = await studio.claims("w2")

    assert (heir.order.id, heir.next_index, heir.fence) == (shoot_id, 2, lease.fence + 1)
    assert [made.artifact for made in heir.checkpoints] == ["sha256-0", "sha256-1"]


async def test_a_worker_that_comes_back_late_writes_nothing(studio: Studio) -> None:
    """A paused machine wakes up and believes that it still holds the shoot; even the same name does not help it."""
    shoot_id = await studio.asks()
    late = await studio.claims("w1")
    studio.clock.pass_s(LEASE_S)
    heir = await studio.claims("w1")
    leases = studio.ledger.leases

    assert await leases.beat(late) is None
    assert not await studio.makes(late, 0)
    assert not await leases.finish(late, GALLERY)
    assert not await leases.give_back(late)
    assert not await leases.give_back(late, RenderFailed("nothing_rendered"))
    assert await studio.state(shoot_id) is ShootState.RUNNING
    assert await studio.makes(heir, 0)


async def test_a_late_worker_goes_on_when_nobody_took_over(studio: Studio) -> None:
    """A short pause costs nothing."""
    await studio.asks()
    lease = await studio.claims()
    studio.clock.pass_s(LEASE_S * 3)

    assert await studio.makes(lease, 0)
    assert await studio.ledger.leases.claim("shoots", "w2") is None


async def test_a_candidate_is_written_down_once(studio: Studio) -> None:
    """A repeated write changes nothing, the first one stands."""
    await studio.asks()
    lease = await studio.claims()

    assert await studio.makes(lease, 0)
    assert await studio.ledger.leases.checkpoint(lease, Checkpoint(0, "another"))
    assert await studio.makes(lease, 1)
    studio.clock.pass_s(LEASE_S)
    assert [made.artifact for made in (await studio.claims()).checkpoints] == ["sha256-0", "sha256-1"]


async def test_a_gap_between_candidates_is_our_mistake(studio: Studio) -> None:
    """Resuming at candidate N is only sound when all before it are there."""
    await studio.asks()
    lease = await studio.claims()

    with pytest.raises(ValueError, match="missing"):
        await studio.makes(lease, 1)
    assert await studio.makes(lease, 0)


async def test_a_gallery_comes_with_its_message_and_only_once(studio: Studio) -> None:
    """A repeated finish says nothing a second time."""
    shoot_id = await studio.asks()
    lease = await studio.claims()

    assert await studio.ledger.leases.finish(lease, GALLERY)
    assert not await studio.ledger.leases.finish(lease, GALLERY)
    found = await studio.ledger.acceptance.find(shoot_id, ANNA)
    assert found is not None
    assert (found.state, found.ending, found.ended_at) == (ShootState.FINISHED, GALLERY.payload, studio.clock.now)
    assert await studio.said() == [("ack", shoot_id), ("gallery", shoot_id)]


async def test_a_screening_ends_with_a_verdict_and_a_failure_with_an_explanation(studio: Studio) -> None:
    """The relay knows what it has to say from the kind of the message."""
    screening, shoot = await studio.asks(kind="screening"), await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(lane="screenings"), Ending(ShootState.FINISHED, {"ok": True}))
    sad = Ending(ShootState.EXPLAINED, {"code": "nothing_passed", "facts": {}})
    await studio.ledger.leases.finish(await studio.claims(), sad)

    assert ("verdict", screening) in (told := await studio.said())
    assert ("explanation", shoot) in told
    assert await studio.state(shoot) is ShootState.EXPLAINED


async def test_a_clean_stop_gives_the_start_back(studio: Studio) -> None:
    """Twenty deployments during one shoot do not make it a suspect."""
    await studio.asks()
    for number in range(20):
        lease = await studio.claims(f"w{number}")
        assert (lease.stalls, lease.errors) == (1, 0)
        assert await studio.ledger.leases.give_back(lease)
        assert await studio.ledger.leases.beat(lease) is None


async def test_errors_are_tried_again_after_a_pause_and_then_explained(studio: Studio) -> None:
    """The person hears the code of the last error with its facts, once."""
    shoot_id = await studio.asks()
    for number in range(ERRORS):
        lease = await studio.claims()
        assert (lease.errors, lease.stalls) == (number, 1)
        await studio.ledger.leases.give_back(lease, RenderFailed("engine_crashed", reason="signal 11"))
        assert await studio.ledger.leases.claim("shoots", "w2") is None
        studio.clock.pass_s(60)

    found = await studio.ledger.acceptance.find(shoot_id, ANNA)
    assert found is not None
    assert found.ending == {"code": "engine_crashed", "facts": {"reason": "signal 11"}}
    assert await studio.said() == [("ack", shoot_id), ("explanation", shoot_id)]


async def test_progress_clears_the_stalls(studio: Studio) -> None:
    """A shoot that gains a candidate at every start is unlucky, not poisonous."""
    await studio.asks()
    for index in range(STALLS["shoots"] * 2):
        lease = await studio.claims()
        assert (lease.stalls, lease.next_index) == (1, index)
        await studio.makes(lease, index)
        studio.clock.pass_s(LEASE_S)


async def test_a_shoot_that_stalls_thrice_leaves_the_lane(studio: Studio) -> None:
    """What kills workers is not handed to a fourth one."""
    await studio.asks()
    for number in range(STALLS["shoots"]):
        assert (await studio.claims()).stalls == number + 1
        studio.clock.pass_s(LEASE_S)

    assert await studio.ledger.leases.claim("shoots", "w4") is None
