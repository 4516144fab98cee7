"""The port `Reconciler`: nothing depends on a bell having been heard, and nothing is tried for ever."""

import pytest
from sqlalchemy import func, select

from adapters.records import reconciler
from adapters.records.tables import checkpoints, inbox, marks, outbox, shoots
from bot.ledger import LEASE_S, STALLS, Kick
from bot.people import Person
from bot.shoots import ShootState
from tests.ports.ledger.story import ANNA, BEN, CARLA, GALLERY, PLATFORMS, Studio, to_reply

pytestmark = pytest.mark.asyncio
DORA = Person("playground", "local", "dora")


async def _stall(studio: Studio, lane: str = "shoots") -> None:
    """A worker claims a shoot and is never heard of again."""
    await studio.claims(lane=lane)  # type: ignore[arg-type]
    studio.clock.pass_s(LEASE_S)


async def test_what_waits_or_was_left_behind_is_kicked(studio: Studio) -> None:
    """All of Redis may be lost: the next look over the ledger rings again."""
    shoot, screening = await studio.asks(), await studio.asks(kind="screening")
    reconcile = studio.ledger.reconciler.reconcile

    assert (await reconcile()).kicks == (Kick(shoot, "shoots"), Kick(screening, "screenings"))
    await studio.claims()
    assert (await reconcile()).kicks == (Kick(screening, "screenings"),)
    studio.clock.pass_s(LEASE_S)
    assert (await reconcile()).kicks == (Kick(shoot, "shoots"), Kick(screening, "screenings"))


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


async def test_the_age_of_the_oldest_message_includes_replies(studio: Studio) -> None:
    """An answer that does not get out is as bad as a gallery that does not."""
    await studio.answers(to_reply())
    studio.clock.pass_s(7)

    assert (await studio.ledger.reconciler.counts()).oldest_message_s == 7


async def test_an_ending_without_its_message_counts_as_lost(studio: Studio) -> None:
    """The books would show a gallery that nobody was ever told of."""
    await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(outbox.delete().where(outbox.c.kind == "gallery"))

    assert (await studio.ledger.reconciler.counts()).lost == 1


async def test_open_shoots_stand_in_their_chats_those_that_run_first(studio: Studio) -> None:
    """Whoever edits their progress needs no other look-up."""
    standing = studio.ledger.reconciler.standing
    waiting, running, carlas, over = [await studio.asks(each) for each in (ANNA, BEN, CARLA, DORA)]
    assert await standing(PLATFORMS) == ()
    await studio.said()
    await studio.ledger.acceptance.cancel(over, DORA)
    silent = await studio.asks(DORA)
    lease = await studio.claims()
    while lease.order.id != running:
        await studio.ledger.leases.give_back(lease)
        lease = await studio.claims()
    await studio.makes(lease, 0)
    studio.clock.pass_s(3)

    found = await standing(PLATFORMS)
    assert [each.shoot_id for each in found] == [running, waiting, carlas]
    assert silent not in {each.shoot_id for each in found}
    first = found[0]
    assert (first.kind, first.person, first.state, first.next_index) == ("shoot", BEN, ShootState.RUNNING, 1)
    assert (first.payload["style"], first.created_at) == ("corporate", first.started_at)
    assert first.placeholder.startswith("ts-")
    assert [each.shoot_id for each in await standing(["discord"])] == [carlas]
    assert await standing([]) == ()
    assert [each.shoot_id for each in await standing(PLATFORMS, 1)] == [running]


async def _rows(studio: Studio) -> dict[str, int]:
    async with studio.ledger.database.engine.connect() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (shoots, checkpoints, outbox, inbox, marks)
        }


async def test_what_is_long_over_is_purged_and_the_books_still_balance(studio: Studio) -> None:
    """Shoot, candidates, messages, events and marks go together; consent stays."""
    await studio.ledger.people.give_consent(ANNA, "I agree.")
    await studio.asks()
    lease = await studio.claims()
    await studio.makes(lease, 0)
    await studio.ledger.leases.finish(lease, GALLERY)
    await studio.sends(ANNA, "s1")
    await studio.judges("s1")
    for artifact in ("sha256-0", "s1"):
        await studio.ledger.galleries.mark(ANNA, artifact, "favourite")
    await studio.answers(to_reply())
    await studio.said()
    purge = studio.ledger.reconciler.purge

    assert await purge(studio.clock.now) == 0
    assert await _rows(studio) == {"shoots": 2, "checkpoints": 1, "outbox": 4, "inbox": 1, "marks": 2}
    assert await purge(studio.clock.now + 1) == 2
    assert set((await _rows(studio)).values()) == {0}
    counts = await studio.ledger.reconciler.counts()
    assert (counts.accepted, counts.lost) == (0, 0)
    assert await studio.ledger.people.consent(ANNA) is not None


async def test_what_is_still_owed_is_never_purged(studio: Studio) -> None:
    """Open shoots, endings that nobody has heard of, replies that wait and events that nobody has handled."""
    for person in (ANNA, BEN, CARLA):
        await studio.asks(person)
    await studio.said()
    await studio.claims()
    await studio.ledger.acceptance.cancel((await studio.ledger.acceptance.open_shoots(CARLA))[0].order.id, CARLA)
    await studio.answers(to_reply())
    await studio.says(BEN)
    before = await _rows(studio)

    assert await studio.ledger.reconciler.purge(studio.clock.now + 1) == 0
    assert await _rows(studio) == before | {"inbox": 1}
    assert (await studio.ledger.reconciler.counts()).lost == 0
    await studio.said()
    assert await studio.ledger.reconciler.purge(studio.clock.now + 1) == 1


async def test_a_mark_stays_as_long_as_its_picture_has_a_row(studio: Studio) -> None:
    """A photo that was deleted long ago does not come back because its mark went first."""
    await studio.sends(ANNA, "s1", "s2")
    await studio.ledger.galleries.mark(ANNA, "s1", "deleted")
    studio.clock.pass_s(100)
    await studio.judges("s1", "s2")
    await studio.said()

    assert await studio.ledger.reconciler.purge(studio.clock.now) == 0
    assert [each.artifact for each in await studio.ledger.galleries.selfies(ANNA)] == ["s2"]


async def test_a_variation_outlives_its_parent(studio: Studio) -> None:
    """Its link dangles, and it can be made all the same."""
    parent = await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    await studio.said()
    studio.clock.pass_s(1)
    child = await studio.asks(kind="variation", parent=parent)
    await studio.said()

    assert await studio.ledger.reconciler.purge(studio.clock.now) == 1
    lease = await studio.claims()
    assert (lease.order.id, lease.order.parent) == (child, parent)


async def test_a_huge_backlog_is_purged_bit_by_bit(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits seconds for the clean-up of a year."""
    monkeypatch.setattr(reconciler, "PURGED", 2)
    for _ in range(3):
        await studio.ledger.acceptance.cancel(await studio.asks(), ANNA)
    await studio.said()

    assert [await studio.ledger.reconciler.purge(studio.clock.now + 1) for _ in range(3)] == [2, 1, 0]
