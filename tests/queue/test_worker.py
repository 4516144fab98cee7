"""The worker on arq 0.28: each trap that was measured there has a test here."""

import asyncio
import json
import logging
import pickle
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix, job_key_prefix, retry_key_prefix
from arq.worker import create_worker, get_kwargs
from redis.exceptions import NoPermissionError

from adapters.queue import worker_settings as module
from adapters.queue.bell import RedisShootQueue
from adapters.queue.connection import connect
from adapters.queue.embedded import EmbeddedServer
from adapters.queue.health import workers
from adapters.queue.keys import RING_EXPIRES_S, lane_key
from adapters.queue.listening import listen
from adapters.queue.wire import FUNCTION, pack_job, unpack_job
from adapters.queue.worker_settings import new_worker, worker_settings
from tests.queue.callers import Log, listening, new_id, soon
from tests.queue.test_wire import BAD, RING, Bomb
from tests.rules.source import ROOT

pytestmark = pytest.mark.asyncio
LANE = lane_key("shoots")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One server for all, flushed between tests."""
    with EmbeddedServer(tmp_path_factory.mktemp("queue")) as running:
        yield running


@pytest_asyncio.fixture
async def redis(server: EmbeddedServer) -> AsyncIterator[ArqRedis]:
    """Somebody with access to Redis."""
    client = connect(server.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def queue(redis: ArqRedis, server: EmbeddedServer) -> AsyncIterator[RedisShootQueue]:
    """The bot's side, on an empty server."""
    made = RedisShootQueue(server.url)
    yield made
    await made.close()


async def _settings(url: str = "unix:///nowhere") -> type:
    return worker_settings("shoots", Log().run, url)


async def _put(redis: ArqRedis, job_id: str | bytes, payload: bytes | None) -> None:
    """A ring as an intruder would write it."""
    if payload is not None:
        await redis.set(b"arq:job:" + (job_id.encode() if isinstance(job_id, str) else job_id), payload)
    await redis.zadd(LANE, {job_id: 1})


async def test_settings_reach_arq() -> None:
    """None of the defaults of arq that lose, leak or double work is left (E2, E5, E10, E11, E13)."""
    worker = new_worker(await _settings())

    assert (worker.job_serializer, worker.job_deserializer) == (pack_job, unpack_job)
    assert (worker.max_tries, worker.max_jobs) == (1000, 1)
    assert (worker.keep_result_s, worker.keep_result_forever, worker.log_results) == (0, False, False)
    assert worker.expires_extra_ms == RING_EXPIRES_S * 1000 > 24 * 3600 * 1000
    assert worker.health_check_interval == 10
    assert worker.allow_abort_jobs is False
    assert list(worker.functions) == [FUNCTION]
    assert set(get_kwargs(await _settings())) == {n for n in vars(await _settings()) if not n.startswith("__")}


async def test_inherited_settings_are_refused_at_the_start() -> None:
    """arq ignores what a class inherits and would unpickle (E10); we do not start then."""
    settings = await _settings()
    Changed = type("Changed", (settings,), {"functions": get_kwargs(settings)["functions"]})

    assert create_worker(Changed).job_deserializer is None
    with pytest.raises(TypeError, match="one flat class"):
        new_worker(Changed)


@pytest.mark.parametrize(("name", "value"), [("keep_result", 3600), ("log_results", True), ("max_tries", 5)])
async def test_settings_that_leak_or_give_up_are_refused(name: str, value: Any) -> None:
    """Results hold ids for an hour, logs hold what a run returns, and five clean stops would end a shoot (E5, E13)."""
    settings = await _settings()
    setattr(settings, name, value)

    with pytest.raises(TypeError, match="must not keep or log"):
        new_worker(settings)


async def test_connections_try_again_and_never_wait_for_ever() -> None:
    """A restart of Redis does not end the worker, a hung one does not hold it (E6, E7)."""
    pool = get_kwargs(await _settings())["redis_pool"].connection_pool
    options = pool.connection_kwargs

    assert options["socket_timeout"] == 5
    assert options["socket_connect_timeout"] == 1
    assert OSError in options["retry_on_error"]
    assert options["retry"]._retries == 30
    tls = get_kwargs(await _settings("rediss://localhost/0"))["redis_pool"].connection_pool.connection_kwargs
    assert tls["ssl_check_hostname"] is True


async def test_each_worker_has_its_own_sign_of_life(server: EmbeddedServer, redis: ArqRedis) -> None:
    """A live worker does not hide a dead one; a stopped one is gone at once."""
    del redis
    async with listening(server.url, Log()), listening(server.url, Log()), listening(server.url, Log(), "screenings"):
        for _ in range(50):
            if (seen := await workers(server.url, "shoots")) == 2:
                break
            await asyncio.sleep(0.05)
        assert seen == 2

    assert await workers(server.url, "shoots") == 0


async def test_a_pickle_in_redis_is_never_run(server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue) -> None:
    """Whoever can write to Redis does not own the worker (E10)."""
    log, shoot_id = Log(), new_id()
    await _put(redis, "b" * 32, pickle.dumps({**RING, "a": (Bomb(),)}))

    async with listening(server.url, log):
        await queue.wake(shoot_id, "shoots")
        await log.until(lambda: log.finished == [shoot_id])
        assert await redis.zcard(LANE) <= 1


async def test_malformed_rings_do_not_stop_the_worker(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """Also those that end arq's own worker at every start, such as a try that is text (E10)."""
    log, shoot_id = Log(), new_id()
    for number, change in enumerate(BAD.values()):
        await _put(redis, f"{number:032x}", json.dumps(RING | change).encode())
    await _put(redis, "e" * 32, b"")
    await _put(redis, "f" * 32, None)

    async with listening(server.url, log):
        await queue.wake(shoot_id, "shoots")
        await log.until(lambda: log.finished == [shoot_id])

    assert await redis.keys("*") == []


async def test_strange_keys_do_not_stop_the_worker(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """An id that is no text, and keys of the wrong type, written before the start and while it runs."""
    log, first, last = Log(), new_id(), new_id()
    await _put(redis, b"\xff\xfe", b"")

    async with listening(server.url, log):
        await queue.wake(first, "shoots")
        await log.until(lambda: log.finished == [first])
        await redis.lpush(job_key_prefix + "a" * 32, "x")
        await redis.set(retry_key_prefix + "b" * 32, "x")
        for strange in (b"\xff\xfe", b"a" * 32, b"b" * 32):
            await redis.zadd(LANE, {strange: 1})
            await queue.wake(last, "shoots")
            await log.until(lambda: log.finished and log.finished[-1] == last)
            log.finished.clear()


async def test_a_ring_that_expired_does_not_stop_the_worker(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """Rings outlive a weekend; of one that did not, only the id is left, and the reconciler rings again (E11)."""
    log, again = Log(), new_id()
    await queue.wake(new_id(), "shoots")
    (ring,) = await redis.zrange(LANE, 0, -1)
    assert await redis.ttl(job_key_prefix + ring.decode()) > 7 * 24 * 3600
    await redis.delete(job_key_prefix + ring.decode())

    async with listening(server.url, log):
        await queue.wake(again, "shoots")
        await log.until(lambda: log.finished == [again])


async def test_a_crashed_run_never_blocks_its_shoot(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """The ring of a killed worker stays locked for hours (E1, E2, E12); a new ring has a new id and is answered at once."""
    log, shoot_id = Log(), new_id()
    await queue.wake(shoot_id, "shoots")
    (ring,) = await redis.zrange(LANE, 0, -1)
    await redis.set(in_progress_key_prefix + ring.decode(), b"1", ex=3600)

    async with listening(server.url, log):
        await queue.wake(shoot_id, "shoots")
        await log.until(lambda: log.finished == [shoot_id])


async def test_clean_stops_never_use_a_shoot_up(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """Six deploys during one shoot: arq by itself fails it at the sixth (E5)."""
    release = asyncio.Event()

    async def work(_: str) -> None:
        await release.wait()

    log, shoot_id = Log(work), new_id()
    await queue.wake(shoot_id, "shoots")
    for deploys in range(1, 8):
        async with listening(server.url, log):
            await log.until(lambda: len(log.started) == deploys)  # noqa: B023 - used up within the turn
    release.set()
    async with listening(server.url, log):
        await log.until(lambda: log.finished == [shoot_id])

    assert len(log.started) == 8


async def test_a_stop_waits_for_the_running_shoot(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """SIGTERM finishes what runs, within reason, and takes nothing new (E5)."""
    release = asyncio.Event()

    async def work(_: str) -> None:
        await release.wait()

    log, first, second = Log(work), new_id(), new_id()
    async with listening(server.url, log, patience_s=3) as stop:
        await queue.wake(first, "shoots")
        await log.until(lambda: log.started == [first])
        await queue.wake(second, "shoots")
        stop.set()
        await asyncio.sleep(0.3)
        release.set()

    assert (log.started, log.finished) == ([first], [first])
    assert await redis.zcard(LANE) == 1


async def test_many_starts_of_a_poisonous_ring_do_not_touch_its_neighbours(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """arq counts tries before it runs and gives innocent neighbours up after five (E2); here the count means nothing."""
    log, innocent = Log(), new_id()
    await queue.wake(innocent, "shoots")
    (ring,) = await redis.zrange(LANE, 0, -1)
    await redis.set(retry_key_prefix + ring.decode(), 50)

    async with listening(server.url, log):
        await log.until(lambda: log.finished == [innocent])


async def test_a_run_that_fails_is_not_kept_and_the_worker_goes_on(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """arq never runs it again (E3): the ledger decides about that, not Redis."""

    async def work(shoot_id: str) -> None:
        if shoot_id == bad:
            raise RuntimeError("broken")

    log, bad, good = Log(work), new_id(), new_id()
    async with listening(server.url, log):
        await queue.wake(bad, "shoots")
        await queue.wake(good, "shoots")
        await log.until(lambda: log.finished == [good])

    assert await redis.keys("*") == []


async def test_logs_and_redis_hold_opaque_ids_only(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue, caplog: pytest.LogCaptureFixture
) -> None:
    """arq logs arguments and results, and keeps both for an hour (E13)."""
    caplog.set_level(logging.INFO)
    log, shoot_id = Log(), new_id()

    async with listening(server.url, log):
        await queue.wake(shoot_id, "shoots")
        await log.until(lambda: log.finished == [shoot_id])

    (line,) = [text for r in caplog.records if "answer('" in (text := r.getMessage())]
    assert line.endswith(f"answer('{shoot_id}')")
    assert await redis.keys("arq:result:*") == []


async def test_a_ring_costs_no_more_than_a_poll(
    server: EmbeddedServer, redis: ArqRedis, queue: RedisShootQueue
) -> None:
    """arq starts one ring per poll; a dozen needless rings must not hold the line up for long."""
    assert module.POLL_S <= 0.1
    log, last = Log(), new_id()
    for _ in range(12):
        await queue.wake(new_id(), "shoots")
    await queue.wake(last, "shoots")

    async with listening(server.url, log):
        await log.until(lambda: last in log.finished, 3)


async def test_the_documented_rights_are_enough_and_no_more(server: EmbeddedServer, redis: ArqRedis) -> None:
    """The line of ACL in the docs lets bell and worker work, and lets nobody flush, configure or read another's keys."""
    page = (ROOT / "docs" / "configuration.md").read_text()
    (line,) = [row.strip() for row in page.splitlines() if row.strip().startswith("user headroom ")]
    await redis.execute_command("ACL", "SETUSER", *line.replace("PASSWORD", "secret").split()[1:])
    url = server.url.replace("unix://", "unix://headroom:secret@")
    queue, log, shoot_id = RedisShootQueue(url), Log(), new_id()
    try:
        async with listening(url, log):
            assert await queue.wake(shoot_id, "shoots")
            await log.until(lambda: log.finished == [shoot_id])
        assert await queue.cancel(shoot_id)
        assert await queue.latest(shoot_id) is None
        assert await soon(workers(url, "shoots")) == 0
        refused = connect(url)
        for command in (("FLUSHALL",), ("CONFIG", "GET", "*"), ("SET", "other", "1"), ("GET", "other"), ("KEYS", "*")):
            with pytest.raises(NoPermissionError):
                await refused.execute_command(*command)
        await refused.aclose()
    finally:
        await queue.close()
        await redis.execute_command("ACL", "DELUSER", "headroom")


class DeafRedis(ArqRedis):
    """A client that takes a cancellation for an outage, once, and goes on: redis-py does while it connects."""

    async def zrange(self, *args: Any, **options: Any) -> Any:
        try:
            await asyncio.sleep(0.2)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
        return await super().zrange(*args, **options)


async def test_a_worker_that_is_told_to_stop_while_it_starts_stops(redis: ArqRedis, server: EmbeddedServer) -> None:
    """A deploy right after a deploy: the poll loop must not begin after it was cancelled, and be waited for, for ever."""
    settings, stop = worker_settings("shoots", Log().run, server.url), asyncio.Event()
    deaf = DeafRedis(connect(server.url).connection_pool, pack_job, unpack_job)
    deaf.auto_close_connection_pool = True
    settings.redis_pool = deaf  # type: ignore[attr-defined]
    listening_task = asyncio.create_task(listen(settings, stop, 0))
    await asyncio.sleep(0.05)
    stop.set()

    await soon(listening_task, 5)
