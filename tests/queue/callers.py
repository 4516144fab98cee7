"""What the tests of the doorbell share: a worker that remembers, ids, bounded waits."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter, sleep
from typing import TypeVar
from uuid import uuid4

from adapters.queue.embedded import EmbeddedServer
from adapters.queue.listening import listen
from adapters.queue.worker_settings import worker_settings
from bot.doorbell import Progress
from bot.shoots import Lane

T = TypeVar("T")


def new_id() -> str:
    """An id such as the ledger makes."""
    return uuid4().hex


def step(shoot_id: str, done: int, stage: str = "render") -> Progress:
    """A step of a shoot of 100."""
    return Progress(shoot_id, stage, done, 100, 1_700_000_000 + done)


async def soon(call: Awaitable[T], timeout_s: float = 5) -> T:
    """Its answer, or the test fails."""
    return await asyncio.wait_for(call, timeout_s)


async def timed(call: Awaitable[T]) -> tuple[T, float]:
    """Its answer and the seconds that it took."""
    started = perf_counter()
    return await call, perf_counter() - started


def kill(server: EmbeddedServer) -> None:
    """kill -9, and wait until its last thread is gone: only then does the owner see it."""
    os.kill(server.pid or 0, signal.SIGKILL)
    deadline = perf_counter() + 5
    while server.alive:
        assert perf_counter() < deadline
        sleep(0.005)


class Log:
    """A worker's `run` with a public history: ids in the order of their starts."""

    def __init__(self, work: Callable[[str], Awaitable[None]] | None = None) -> None:
        self.started: list[str] = []
        self.finished: list[str] = []
        self._work = work
        self._news = asyncio.Condition()

    async def run(self, shoot_id: str) -> None:
        """What the worker calls."""
        self.started.append(shoot_id)
        await self._tell()
        if self._work:
            await self._work(shoot_id)
        self.finished.append(shoot_id)
        await self._tell()

    async def until(self, holds: Callable[[], bool], timeout_s: float = 5) -> None:
        """Wait until something holds."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(holds), timeout_s)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


@asynccontextmanager
async def listening(url: str, log: Log, lane: Lane = "shoots", patience_s: float = 0) -> AsyncIterator[asyncio.Event]:
    """A worker on a lane; gives the event that stops it, and stops it in the end."""
    stop = asyncio.Event()
    task = asyncio.create_task(listen(worker_settings(lane, log.run, url), stop, patience_s))
    try:
        yield stop
    finally:
        stop.set()
        await soon(task)
