"""What those who restart Headroom, and those who send it work, are told."""

import asyncio
import time
from pathlib import Path

import aiohttp
import pytest

from bot.observe.health import Check, Health, free_disk
from bot.observe.metrics import Metrics
from bot.observe.server import observed
from engine.contract.errors import QueueError, SettingsError, StorageError


class Probe:
    """A check with a switch, and a count of how often it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1
        if self.error:
            raise self.error


async def hang() -> None:
    """A check that never answers."""
    await asyncio.sleep(3600)


async def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


@pytest.mark.asyncio
async def test_ready_degraded_and_unready_are_three_things() -> None:
    """Without Redis the bot still accepts; without its records it cannot."""
    ledger, queue, metrics = Probe(), Probe(), Metrics()

    async def told() -> tuple[str, dict[str, str]]:
        found = await Health({"ledger": ledger}, {"queue": queue}, metrics).readiness()
        return found.status, dict(found.checks)

    assert await told() == ("ready", {"ledger": "ok", "queue": "ok"})
    queue.error = QueueError("queue_unreachable")
    assert await told() == ("degraded", {"ledger": "ok", "queue": "queue_unreachable"})
    ledger.error = StorageError("records_full")
    assert await told() == ("unready", {"ledger": "records_full", "queue": "queue_unreachable"})


@pytest.mark.asyncio
async def test_a_check_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks gets an answer, whatever hangs."""
    monkeypatch.setattr("bot.observe.health.PATIENCE_S", 0.05)
    checks: dict[str, Check] = {"ledger": hang}

    found = await asyncio.wait_for(Health(checks, {}, Metrics()).readiness(), 2)

    assert (found.status, dict(found.checks)) == ("unready", {"ledger": "too_slow"})


@pytest.mark.asyncio
async def test_asking_often_costs_nothing() -> None:
    """A flood of questions is no flood of writes."""
    ledger = Probe()
    health = Health({"ledger": ledger}, {}, Metrics())

    await asyncio.gather(*(health.readiness() for _ in range(50)))

    assert ledger.asked == 1


@pytest.mark.asyncio
async def test_what_breaks_and_what_is_well_again_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator reads two lines for one outage, and Prometheus sees it."""
    monkeypatch.setattr("bot.observe.health._WATCH_S", 0.01)
    monkeypatch.setattr("bot.observe.health.FRESH_S", 0.0)
    caplog.set_level("INFO", "bot.observe.health")
    queue, metrics = Probe(), Metrics()
    watching = asyncio.create_task(Health({}, {"queue": queue}, metrics).watch())

    async def until_asked(more: int) -> None:
        wanted = queue.asked + more
        while queue.asked < wanted:
            await asyncio.sleep(0.005)

    await until_asked(2)
    queue.error = QueueError("queue_unreachable")
    await until_asked(3)
    assert b"headroom_queue_up 0.0" in metrics.page()
    queue.error = None
    await until_asked(3)
    watching.cancel()

    assert b"headroom_queue_up 1.0" in metrics.page()
    assert [record.message for record in caplog.records] == ["check_failed", "check_recovered"]


@pytest.mark.asyncio
async def test_the_addresses_answer_and_say_when_it_stops() -> None:
    """Load balancers read the status, people the body."""
    metrics = Metrics()
    metrics.failed("records_busy")
    health = Health({"ledger": Probe()}, {"queue": Probe(QueueError("queue_full"))}, metrics)

    async with observed("127.0.0.1", 0, health, metrics) as port:
        assert await ask(port, "/livez") == (200, '{"status": "live"}')
        assert await ask(port, "/readyz") == (
            200,
            '{"status": "degraded", "checks": {"ledger": "ok", "queue": "queue_full"}}',
        )
        status, page = await ask(port, "/metrics")
        assert status == 200
        assert 'headroom_failures_total{code="records_busy"} 1.0' in page
        health.stop()
        assert (await ask(port, "/readyz"))[0] == 503
        assert (await ask(port, "/livez"))[0] == 200
        assert (await ask(port, "/"))[0] == 404


@pytest.mark.asyncio
async def test_a_loop_that_stands_still_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something blocks everything: only a restart helps."""
    monkeypatch.setattr("bot.observe.health.LAG_S", 0.1)
    health = Health({}, {}, Metrics())
    measuring = asyncio.create_task(health.run())
    await asyncio.sleep(0.05)
    assert health.alive

    time.sleep(0.8)

    assert not health.alive
    measuring.cancel()


@pytest.mark.asyncio
async def test_a_port_that_is_taken_is_told_by_its_setting() -> None:
    """The operator is told which variable to change."""
    health, metrics = Health({}, {}, Metrics()), Metrics()
    async with observed("127.0.0.1", 0, health, metrics) as port:
        with pytest.raises(SettingsError) as caught:
            async with observed("127.0.0.1", port, health, metrics):
                pass

    assert (caught.value.code, caught.value.facts["name"]) == ("port_taken", "HEADROOM_OBSERVE_PORT")


@pytest.mark.asyncio
async def test_a_disk_that_fills_up_is_seen_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is time to make room."""
    await free_disk(tmp_path)()
    monkeypatch.setattr("bot.observe.health.FREE_BYTES", 10**18)
    with pytest.raises(StorageError, match="disk_nearly_full"):
        await free_disk(tmp_path)()
    with pytest.raises(StorageError, match="storage_unavailable"):
        await free_disk(tmp_path / "gone")()
