"""The ports `ShootQueue` and `ShootFeedback` on a real Valkey: what rings arrives, and what breaks costs nothing but time."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.queue.bell import RedisShootQueue
from adapters.queue.connection import connect
from adapters.queue.embedded import EmbeddedServer
from adapters.queue.feedback import RedisShootFeedback
from adapters.queue.keys import PROGRESS_KEPT, cancel_key, lane_key, progress_key
from bot.doorbell import LANES, Progress, ShootFeedback, ShootQueue
from engine.contract.errors import QueueError
from tests.queue.callers import Log, kill, listening, new_id, soon, step, timed

pytestmark = pytest.mark.asyncio
IN_TIME_S = 1.3
"""The bound of a second, and what a busy machine adds."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server of its own for each test, because many of them hurt it."""
    with EmbeddedServer(tmp_path / "queue") as running:
        yield running


@pytest_asyncio.fixture
async def queue(server: EmbeddedServer) -> AsyncIterator[ShootQueue]:
    """The bot's side."""
    made = RedisShootQueue(server.url)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def feedback(server: EmbeddedServer) -> AsyncIterator[ShootFeedback]:
    """The worker's side."""
    made = RedisShootFeedback(server.url)
    yield made
    await made.close()


@pytest.mark.parametrize("lane", LANES)
async def test_a_ring_reaches_the_worker_of_its_lane(server: EmbeddedServer, queue: ShootQueue, lane: str) -> None:
    """The id arrives as it was given, and nothing is left of the ring afterwards."""
    log, shoot_id = Log(), new_id()

    async with listening(server.url, log, lane):
        while not await queue.wake(shoot_id, lane):
            pass  # a busy machine takes longer than the second that is allowed
        await log.until(lambda: shoot_id in log.finished)
        await log.until(lambda: len(log.finished) == len(log.started))

    assert set(log.finished) == {shoot_id}

    client = connect(server.url)
    assert await client.keys("*") == []
    await client.aclose()


async def test_a_ring_waits_for_a_worker(server: EmbeddedServer, queue: ShootQueue) -> None:
    """Whoever asks while no worker is there is served when one starts."""
    log, shoot_id = Log(), new_id()
    await queue.wake(shoot_id, "shoots")

    async with listening(server.url, log):
        await log.until(lambda: log.finished == [shoot_id])


async def test_ringing_twice_starts_the_worker_twice_and_never_side_by_side(
    server: EmbeddedServer, queue: ShootQueue
) -> None:
    """The reconciler may ring as often as it likes: the ledger lets only one run claim the shoot."""
    running = most = 0

    async def work(_: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    log, shoot_id = Log(work), new_id()
    async with listening(server.url, log):
        assert await queue.wake(shoot_id, "shoots")
        assert await queue.wake(shoot_id, "shoots")
        await log.until(lambda: log.finished == [shoot_id] * 2)

    assert most == 1


async def test_lanes_do_not_wait_for_one_another(server: EmbeddedServer, queue: ShootQueue) -> None:
    """While the device is busy for long, a selfie is looked at."""
    release = asyncio.Event()

    async def work(_: str) -> None:
        await release.wait()

    shoots, screenings, selfie = Log(work), Log(), new_id()
    async with listening(server.url, shoots), listening(server.url, screenings, "screenings"):
        await queue.wake(new_id(), "shoots")
        await shoots.until(lambda: len(shoots.started) == 1)
        await queue.wake(selfie, "screenings")
        await screenings.until(lambda: screenings.finished == [selfie])
        assert shoots.finished == []
        release.set()


async def test_a_flush_loses_rings_and_nothing_else(server: EmbeddedServer, queue: ShootQueue) -> None:
    """The worker stays, and the next ring of the reconciler arrives."""
    log, lost, again = Log(), new_id(), new_id()
    await queue.wake(lost, "shoots")
    client = connect(server.url)
    await client.flushall()
    await client.aclose()

    async with listening(server.url, log):
        await queue.wake(again, "shoots")
        await log.until(lambda: log.finished == [again])


async def test_rings_survive_a_killed_server(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """Bell, worker and watchers go on by themselves when the server is back, with what was in it."""
    log, before, during, after = Log(), new_id(), new_id(), new_id()
    await queue.wake(before, "shoots")
    await feedback.report(step(before, 1))
    kill(server)

    async with listening(server.url, log):
        heard, seconds = await timed(queue.wake(during, "shoots"))
        assert (heard, seconds < IN_TIME_S) == (False, True)
        await asyncio.sleep(0.3)
        server.start()
        assert await queue.wake(after, "shoots")
        await log.until(lambda: log.finished == [before, after])

    assert await queue.latest(before) == step(before, 1)


async def test_a_shoot_that_runs_through_an_outage_runs_once(server: EmbeddedServer, queue: ShootQueue) -> None:
    """The worker neither stops the shoot nor starts a second one beside it."""
    release = asyncio.Event()

    async def work(_: str) -> None:
        await release.wait()

    log, first, second = Log(work), new_id(), new_id()
    async with listening(server.url, log):
        await queue.wake(first, "shoots")
        await log.until(lambda: log.started == [first])
        kill(server)
        await asyncio.sleep(0.3)
        server.start()
        await queue.wake(second, "shoots")
        await asyncio.sleep(0.5)
        assert log.started == [first]
        release.set()
        await log.until(lambda: log.finished == [first, second], 10)


async def test_a_hung_server_costs_a_second(server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback) -> None:
    """A person is acknowledged in time, whatever Redis does; and what was hung works again."""
    shoot_id = new_id()
    assert await queue.wake(shoot_id, "shoots")
    os.kill(server.pid or 0, signal.SIGSTOP)
    answers = await asyncio.gather(
        timed(queue.wake(shoot_id, "shoots")),
        timed(queue.cancel(shoot_id)),
        timed(feedback.report(step(shoot_id, 1))),
    )
    with pytest.raises(QueueError, match="queue_unreachable"):
        await soon(queue.latest(shoot_id), IN_TIME_S)
    os.kill(server.pid or 0, signal.SIGCONT)

    assert [heard for heard, _ in answers] == [False] * 3
    assert max(seconds for _, seconds in answers) < IN_TIME_S
    assert await queue.wake(shoot_id, "shoots")


async def test_nobody_listens_costs_less_than_a_second(tmp_path: Path) -> None:
    """The same for a server that was never there."""
    queue = RedisShootQueue(f"unix://{tmp_path}/nothing.sock")

    heard, seconds = await timed(queue.wake(new_id(), "shoots"))
    await queue.close()

    assert (heard, seconds < IN_TIME_S) == (False, True)


async def test_a_wrong_password_is_named(server: EmbeddedServer) -> None:
    """The operator reads what is wrong, and the bot goes on."""
    client = connect(server.url)
    await client.config_set("requirepass", "right")
    queue = RedisShootQueue(server.url.replace("unix://", "unix://:wrong@"))

    heard, seconds = await timed(queue.wake(new_id(), "shoots"))
    with pytest.raises(QueueError, match="queue_login_refused"):
        await queue.latest(new_id())
    await queue.close()
    await client.aclose()

    assert (heard, seconds < IN_TIME_S) == (False, True)


async def test_a_full_server_is_named_and_costs_nothing(
    server: EmbeddedServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Redis refuses to write instead of throwing something away; the bot goes on."""
    client, queue = connect(server.url), RedisShootQueue(server.url)
    await client.config_set("maxmemory", "1")

    assert await queue.wake(new_id(), "shoots") is False
    assert [record.message for record in caplog.records] == ["queue_full"]
    await queue.close()
    await client.aclose()


async def test_progress_arrives_in_order_and_begins_with_the_latest(queue: ShootQueue, feedback: ShootFeedback) -> None:
    """Whoever comes late, or comes back after a restart, sees where it stands and then every step."""
    shoot_id = new_id()
    assert await queue.latest(shoot_id) is None
    for done in (1, 2, 3):
        assert await feedback.report(step(shoot_id, done))
    seen: list[Progress] = []

    async with aclosing(queue.changes(shoot_id)) as changes:
        seen.append(await soon(anext(changes)))
        for done in (4, 5):
            await feedback.report(step(shoot_id, done))
        seen += [await soon(anext(changes)), await soon(anext(changes))]

    assert seen == [step(shoot_id, done) for done in (3, 4, 5)]
    assert await queue.latest(shoot_id) == step(shoot_id, 5)


async def test_who_watches_before_the_first_step_hears_it(queue: ShootQueue, feedback: ShootFeedback) -> None:
    """The relay may watch a shoot that still waits."""
    shoot_id = new_id()
    async with aclosing(queue.changes(shoot_id)) as changes:
        first = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0.1)
        await feedback.report(step(shoot_id, 1))

        assert await soon(first) == step(shoot_id, 1)


async def test_watching_goes_on_after_a_restart_and_a_flush(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """An outage delays the steps; nobody has to start watching again."""
    shoot_id = new_id()
    await feedback.report(step(shoot_id, 1))
    async with aclosing(queue.changes(shoot_id)) as changes:
        assert await soon(anext(changes)) == step(shoot_id, 1)
        later = asyncio.ensure_future(anext(changes))
        kill(server)
        await asyncio.sleep(0.2)
        server.start()
        client = connect(server.url)
        await client.flushall()
        await client.aclose()
        await feedback.report(step(shoot_id, 2))

        assert await soon(later) == step(shoot_id, 2)


async def test_progress_is_capped_and_expires(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """A shoot of a thousand steps takes no more room than one of sixty, and none after a day."""
    shoot_id = new_id()
    for done in range(PROGRESS_KEPT + 20):
        await feedback.report(step(shoot_id, done))
    client = connect(server.url)

    assert await client.xlen(progress_key(shoot_id)) == PROGRESS_KEPT
    assert 86_000 < await client.ttl(progress_key(shoot_id)) <= 86_400
    assert await queue.latest(shoot_id) == step(shoot_id, PROGRESS_KEPT + 19)
    await client.aclose()


async def test_progress_that_is_not_ours_is_passed_over(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """Who writes nonsense into the stream cannot stop the relay."""
    shoot_id, client = new_id(), connect(server.url)
    for fields in ({"x": "y"}, {"stage": "<b>", "done": 1, "total": 1, "at_ms": 1}, {"stage": "render", "done": "x"}):
        await client.xadd(progress_key(shoot_id), fields)
    assert await queue.latest(shoot_id) is None
    await feedback.report(step(shoot_id, 7))

    async with aclosing(queue.changes(shoot_id)) as changes:
        assert await soon(anext(changes)) == step(shoot_id, 7)
    await client.aclose()


async def test_cancel_reaches_a_running_worker_at_once(queue: ShootQueue, feedback: ShootFeedback) -> None:
    """The GPU stops within a second of the press."""
    shoot_id = new_id()
    waiting = asyncio.create_task(feedback.cancelled(shoot_id))
    other = asyncio.create_task(feedback.cancelled(new_id()))
    await asyncio.sleep(0.1)
    assert await queue.cancel(shoot_id)

    await soon(waiting, 1)
    assert not other.done()
    other.cancel()


async def test_cancel_before_the_start_is_heard(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """A worker that begins late hears it as well, as does a second one; after a day nobody does."""
    shoot_id, client = new_id(), connect(server.url)
    await queue.cancel(shoot_id)
    await queue.cancel(shoot_id)

    await soon(feedback.cancelled(shoot_id), 1)
    await soon(feedback.cancelled(shoot_id), 1)
    assert await client.xlen(cancel_key(shoot_id)) == 1
    assert 86_000 < await client.ttl(cancel_key(shoot_id)) <= 86_400
    await client.aclose()


async def test_cancel_is_heard_through_an_outage(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """The worker keeps waiting while the server is away."""
    shoot_id = new_id()
    waiting = asyncio.create_task(feedback.cancelled(shoot_id))
    await asyncio.sleep(0.1)
    kill(server)
    await asyncio.sleep(0.1)
    server.start()
    assert await queue.cancel(shoot_id)

    await soon(waiting, 3)


async def test_cancel_after_the_end_harms_nothing(server: EmbeddedServer, queue: ShootQueue) -> None:
    """Who presses late gets no error, and the next shoot of the lane runs."""
    log, first, second = Log(), new_id(), new_id()
    async with listening(server.url, log):
        await queue.wake(first, "shoots")
        await log.until(lambda: log.finished == [first])
        assert await queue.cancel(first)
        await queue.wake(second, "shoots")
        await log.until(lambda: log.finished == [first, second])


async def test_forgetting_removes_what_was_said_of_these_shoots_and_counts_it(
    server: EmbeddedServer, queue: ShootQueue, feedback: ShootFeedback
) -> None:
    """Nothing of a forgotten person's shoots stays in Redis, and everything of others does."""
    mine, silent, other = new_id(), new_id(), new_id()
    for shoot_id in (mine, other):
        assert await feedback.report(step(shoot_id, 1))
        assert await queue.cancel(shoot_id)

    assert await queue.forget([mine, silent]) == 2
    assert await queue.forget([mine, silent]) == await queue.forget([]) == 0
    assert await queue.latest(mine) is None
    client = connect(server.url)
    assert {key.decode() for key in await client.keys("*")} == {progress_key(other), cancel_key(other)}
    await client.aclose()


async def test_forgetting_without_a_server_is_an_error(tmp_path: Path) -> None:
    """Whoever proves that all is gone must hear that it is not."""
    queue = RedisShootQueue(f"unix://{tmp_path / 'nobody.sock'}")

    with pytest.raises(QueueError, match="queue_unreachable"):
        await queue.forget([new_id()])
    await queue.close()


@pytest.mark.parametrize("name", ["", "Jane Doe", "A" * 32, "0" * 31, "0" * 32 + "\n"])
async def test_nothing_but_an_opaque_id_travels(server: EmbeddedServer, queue: ShootQueue, name: str) -> None:
    """A name or a prompt cannot get into Redis by mistake, and the refusal does not repeat it."""
    for call in (queue.wake(name, "shoots"), queue.cancel(name), queue.latest(name)):
        with pytest.raises(ValueError, match=r"^a shoot id is 32 lowercase hex digits$"):
            await call
    with pytest.raises(ValueError, match="snake_case"):
        Progress(new_id(), "Jane is nearly done", 1, 2, 0)

    client = connect(server.url)
    assert await client.keys("*") == []
    await client.aclose()


async def test_unknown_lanes_are_refused(queue: ShootQueue) -> None:
    """A ring on a lane that nobody answers would be lost in silence."""
    with pytest.raises(ValueError, match=r"^lanes are shoots, screenings, quarantine$"):
        await queue.wake(new_id(), "express")  # type: ignore[arg-type]
    assert len({lane_key(lane) for lane in LANES}) == 3
