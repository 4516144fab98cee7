"""The port `Reconciler`: nothing depends on a bell having been heard, and nothing is tried for ever."""

import pytest

from bot.ledger import LEASE_S, STALLS, Kick
from bot.shoots import ShootState
from tests.ports.ledger.story import ANNA, BEN, GALLERY, Studio

pytestmark = pytest.mark.asyncio


async def _stall(studio: Studio, lane: str = "shoots") -> None:
    """A worker claims a shoot and is never heard of again."""
    await studio.claims(lane=lane)  # type: ignore[arg-type]
    studio.clock.pass_s(LEASE_S)


async def test_what_waits_or_was_left_behind_is_kicked(studio: Studio) -> None:
    """All of Redis may be lost: the next look over the ledger rings again."""
    shoot, screening = await studio.asks(), await studio.asks(kind="screening")
    reconciler = studio.ledger.reconciler

    assert (await reconciler.reconcile()).kicks == (Kick(shoot, "shoots"), Kick(screening, "screenings"))
    await studio.claims()
    assert (await reconciler.reconcile()).kicks == (Kick(screening, "screenings"),)
    studio.clock.pass_s(LEASE_S)
    assert (await reconciler.reconcile()).kicks == (Kick(shoot, "shoots"), Kick(screening, "screenings"))


async def test_a_healthy_shoot_is_left_alone(studio: Studio) -> None:
    """Looking changes nothing about what runs or is over."""
    await studio.asks()
    lease = await studio.claims()

    assert await studio.ledger.reconciler.reconcile() == await studio.ledger.reconciler.reconcile()
    assert await studio.ledger.leases.finish(lease, GALLERY)
    assert (await studio.ledger.reconciler.reconcile()).kicks == ()


async def test_a_shoot_that_stalls_is_quarantined_and_then_explained(studio: Studio) -> None:
    """A poison shoot takes no more than five starts, its neighbour none, and its person is told within two minutes."""
    poison = await studio.asks()
    began = studio.clock.now
    for _ in range(STALLS["shoots"]):
        await _stall(studio)
    found = await studio.ledger.reconciler.reconcile()
    neighbour = await studio.asks(BEN)

    assert (found.quarantined, found.explained, found.kicks) == ((poison,), (), (Kick(poison, "quarantine"),))
    assert (await studio.claims()).order.id == neighbour
    for _ in range(STALLS["quarantine"]):
        assert (await studio.ledger.reconciler.reconcile()).explained == ()
        await _stall(studio, "quarantine")
    assert (await studio.ledger.reconciler.reconcile()).explained == (poison,)
    assert studio.clock.now - began < 120
    assert await studio.state(poison) is ShootState.EXPLAINED
    told = [kind for kind, shoot_id in await studio.said() if shoot_id == poison]
    assert told == ["ack", "explanation"]


async def test_a_shoot_can_recover_in_quarantine(studio: Studio) -> None:
    """It may have been the machine's fault."""
    shoot_id = await studio.asks()
    for _ in range(STALLS["shoots"]):
        await _stall(studio)
    await studio.ledger.reconciler.reconcile()
    lease = await studio.claims(lane="quarantine")

    assert (lease.lane, lease.stalls) == ("quarantine", 1)
    assert await studio.makes(lease, 0)
    assert await studio.ledger.leases.finish(lease, GALLERY)
    assert await studio.state(shoot_id) is ShootState.FINISHED


async def test_the_last_worker_cannot_write_after_the_shoot_was_moved_or_explained(studio: Studio) -> None:
    """The fence moves with every decision about a shoot."""
    await studio.asks()
    for _ in range(STALLS["shoots"] - 1):
        await _stall(studio)
    late = await studio.claims()
    studio.clock.pass_s(LEASE_S)
    await studio.ledger.reconciler.reconcile()

    assert await studio.ledger.leases.beat(late) is None
    assert not await studio.ledger.leases.finish(late, GALLERY)


async def test_the_books_balance(studio: Studio) -> None:
    """Accepted = finished + explained + open, and ages tell whether somebody waits."""
    for person in (ANNA, BEN):
        for _ in range(2):
            await studio.asks(person)
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    await studio.ledger.acceptance.cancel(await studio.asks(), ANNA)
    studio.clock.pass_s(30)
    counts = await studio.ledger.reconciler.counts()

    assert (counts.accepted, counts.finished, counts.explained, counts.open, counts.lost) == (5, 1, 1, 3, 0)
    assert (counts.oldest_queued_s, counts.oldest_message_s) == (30, 30)
    await studio.said()
    assert (await studio.ledger.reconciler.counts()).oldest_message_s == 0


async def test_an_ending_without_its_message_counts_as_lost(studio: Studio) -> None:
    """The books would show a gallery that nobody was ever told of."""
    from adapters.records.tables import outbox

    await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(outbox.delete().where(outbox.c.kind == "gallery"))

    assert (await studio.ledger.reconciler.counts()).lost == 1
