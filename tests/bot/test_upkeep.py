"""Upkeep: what is stuck moves on, bells are rung sparingly, and what has expired goes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.ledger import LEASE_S, Counts, Kick, Reconciled
from bot.retention import Retention
from bot.shoots import Lane, new_shoot_id
from bot.upkeep import AGAIN_AT_ONCE, AGAIN_S, LONGEST_S, PURGE_S, RECONCILE_S, SWEEP_S, Upkeep
from engine.contract.errors import ArtifactUnreadable, StorageError
from tests.bot.stage import ANNA, BEN, Stage, open_stage
from tests.ports.ledger.story import HandClock

pytestmark = pytest.mark.asyncio


@dataclass
class Doorbell:
    """Who was rung for, and when."""

    clock: HandClock
    rings: list[tuple[float, str, Lane]] = field(default_factory=list)

    async def wake(self, shoot_id: str, lane: Lane) -> bool:
        """See `ShootQueue`. Nobody hears it."""
        self.rings.append((self.clock.now, shoot_id, lane))
        return False

    def ids(self) -> list[str]:
        """In order."""
        return [shoot_id for _, shoot_id, _ in self.rings]


@dataclass
class Kicking:
    """A reconciler that is told what it finds, and may break."""

    kicks: tuple[Kick, ...] = ()
    looks: int = 0
    purges: list[float] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    breaks: bool = False

    async def reconcile(self) -> Reconciled:
        """See `Reconciler`."""
        self.looks += 1
        if self.breaks:
            raise StorageError("records_unreachable")
        return Reconciled(self.kicks, (), ())

    async def counts(self) -> Counts:
        """Empty books."""
        return Counts(0, 0, 0, 0, 0.0, 0.0)

    async def purge(self, before: float) -> int:
        """What is left to delete."""
        self.purges.append(before)
        return self.gone.pop(0) if self.gone else 0


class HandSleep:
    """Sleepers wake when the clock by hand has come so far."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    async def __call__(self, seconds: float) -> None:
        """Sleep."""
        awake = asyncio.Event()
        self._sleepers.append((self.clock.now + seconds, awake))
        await awake.wait()

    async def until(self, at: float) -> None:
        """Let time pass, waking each in its turn."""
        await self._settle()
        while self._sleepers and (first := min(self._sleepers, key=lambda each: each[0]))[0] <= at:
            self._sleepers.remove(first)
            self.clock.now = first[0]
            first[1].set()
            await self._settle()
        self.clock.now = at

    async def _settle(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """An empty one."""
    async with open_stage(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


@pytest_asyncio.fixture
async def pictures(tmp_path: Path, stage: Stage) -> Pictures:
    """A real store on the clock of the stage."""
    return await open_pictures(
        folder_shelf(tmp_path / "pictures"), bytes(range(32)), lambda: datetime.fromtimestamp(stage.clock.now, UTC)
    )


def upkeep(reconciler: object, bell: Doorbell, pictures: object, clock: HandClock, **more: object) -> Upkeep:
    """As a process starts it."""
    return Upkeep(reconciler, bell, pictures, Retention(), clock, **more)  # type: ignore[arg-type]


async def test_a_shoot_whose_ring_was_lost_is_rung_for(stage: Stage, pictures: Pictures) -> None:
    """Losing all of Redis costs one look."""
    bell = Doorbell(stage.clock)
    shoot_id = await stage.asks()
    await upkeep(stage.ledger.reconciler, bell, pictures, stage.clock).reconcile()

    assert bell.rings == [(stage.clock.now, shoot_id, "shoots")]


async def test_a_shoot_that_still_waits_is_rung_for_less_and_less_often(stage: Stage, pictures: Pictures) -> None:
    """A needless ring costs a worker a tenth of a second."""
    bell, kicking = Doorbell(stage.clock), Kicking((Kick(new_shoot_id(), "shoots"),))
    keeps = upkeep(kicking, bell, pictures, stage.clock)
    began = stage.clock.now
    for _ in range(int(LONGEST_S * 4 / RECONCILE_S)):
        await keeps.reconcile()
        stage.clock.pass_s(RECONCILE_S)
    gaps = [round(at - began) for at, _, _ in bell.rings]

    assert gaps[:6] == [0, 10, 30, 70, 150, 310]
    assert all(later - sooner <= LONGEST_S + RECONCILE_S for sooner, later in pairwise(gaps))


async def test_a_shoot_that_was_left_behind_is_rung_for_at_once(stage: Stage, pictures: Pictures) -> None:
    """Its worker died a moment after it had been rung for: nobody waits for the next turn of the bell."""
    bell = Doorbell(stage.clock)
    keeps = upkeep(stage.ledger.reconciler, bell, pictures, stage.clock)
    shoot_id = await stage.asks()
    await keeps.reconcile()
    await stage.claims()
    await keeps.reconcile()
    stage.clock.pass_s(LEASE_S + 0.1)
    await keeps.reconcile()

    assert bell.ids() == [shoot_id] * 2


async def test_a_long_line_is_not_rung_for_all_at_once_again_and_again(stage: Stage, pictures: Pictures) -> None:
    """A worker that is awake goes on until nothing is left; so two in a lane at a time are enough, and lanes do not share."""
    kicks = tuple(Kick(new_shoot_id(), lane) for lane in ("shoots", "screenings") for _ in range(20))  # type: ignore[arg-type]
    bell, kicking = Doorbell(stage.clock), Kicking(kicks)
    keeps = upkeep(kicking, bell, pictures, stage.clock)
    await keeps.reconcile()
    assert len(bell.rings) == 40
    stage.clock.pass_s(AGAIN_S)
    await keeps.reconcile()

    assert [lane for _, _, lane in bell.rings[40:]] == ["shoots"] * AGAIN_AT_ONCE + ["screenings"] * AGAIN_AT_ONCE


async def test_a_clock_that_was_set_back_does_not_silence_the_bell(stage: Stage, pictures: Pictures) -> None:
    """Time servers do that."""
    bell, kicking = Doorbell(stage.clock), Kicking((Kick(new_shoot_id(), "shoots"),))
    keeps = upkeep(kicking, bell, pictures, stage.clock)
    await keeps.reconcile()
    stage.clock.pass_s(-3600)
    await keeps.reconcile()

    assert len(bell.rings) == 2


async def test_pictures_go_when_their_time_has_come(stage: Stage, pictures: Pictures) -> None:
    """The sweep enforces what was promised, and says how many went."""
    swept = []
    now = datetime.fromtimestamp(stage.clock.now, UTC)
    day = timedelta(hours=24)
    short = await pictures.put(ANNA.key, b"one", kind="selfie", media_type="image/jpeg", expires_at=now + day)
    long = await pictures.put(BEN.key, b"two", kind="headshot", media_type="image/jpeg", expires_at=now + 7 * day)
    keeps = upkeep(stage.ledger.reconciler, Doorbell(stage.clock), pictures, stage.clock, on_swept=swept.append)
    stage.clock.pass_s(day.total_seconds() + 1)
    await keeps.sweep()

    assert [removed.artifacts for removed in swept] == [1]
    assert (await pictures.get(BEN.key, long.id))[1] == b"two"
    with pytest.raises(ArtifactUnreadable):
        await pictures.get(ANNA.key, short.id)


async def test_rows_go_when_their_time_has_come(stage: Stage, pictures: Pictures) -> None:
    """Those of shoots that ended and were told."""
    shoot_id = await stage.asks()
    await stage.finishes()
    await stage.relays()
    keeps = upkeep(stage.ledger.reconciler, Doorbell(stage.clock), pictures, stage.clock)
    stage.clock.pass_s(Retention().records.total_seconds() - 1)
    await keeps.purge()
    assert await stage.ledger.acceptance.find(shoot_id, ANNA)
    stage.clock.pass_s(2)
    await keeps.purge()

    assert await stage.ledger.acceptance.find(shoot_id, ANNA) is None


async def test_everything_has_its_own_pace_and_nothing_ends_it(stage: Stage, pictures: Pictures) -> None:
    """Every two seconds, five minutes, an hour; while the records are away too."""
    sleep, kicking, failures, swept, books = HandSleep(stage.clock), Kicking(gone=[500, 3]), [], [], []
    keeps = upkeep(
        kicking, Doorbell(stage.clock), pictures, stage.clock,
        sleep=sleep, on_failure=failures.append, on_swept=swept.append, on_counts=books.append,
    )  # fmt: skip
    began = stage.clock.now
    running = asyncio.create_task(keeps.run())
    await sleep.until(began)
    assert len(kicking.purges) == 3  # as long as there is something to delete
    await sleep.until(began + 60)
    assert kicking.looks == 31
    kicking.breaks = True
    await sleep.until(began + 70)
    assert failures == ["records_unreachable"] * 5
    kicking.breaks = False
    async with asyncio.timeout(90):
        await sleep.until(began + PURGE_S)
        while len(swept) < 1 + PURGE_S / SWEEP_S:  # the store works in threads
            await asyncio.sleep(0.01)
            await sleep.until(stage.clock.now + 1)

    assert kicking.looks >= PURGE_S / RECONCILE_S
    assert len(kicking.purges) >= 4
    assert kicking.purges[3] == pytest.approx(stage.clock.now - Retention().records.total_seconds(), abs=SWEEP_S)
    assert len(books) > 300
    running.cancel()
    await asyncio.wait([running])


async def test_two_processes_do_each_other_no_harm(stage: Stage, pictures: Pictures) -> None:
    """Every process of the bot does all of it."""
    await stage.asks()
    keeps = [upkeep(stage.ledger.reconciler, Doorbell(stage.clock), pictures, stage.clock) for _ in range(2)]
    for work in ("reconcile", "sweep", "purge", "count"):
        await asyncio.gather(*[getattr(each, work)() for each in keeps])

    assert (await stage.ledger.reconciler.counts()).lost == 0
