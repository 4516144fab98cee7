"""Whether this process lives and can do its work, for those who restart it and those who send it work."""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from bot.observe.metrics import Metrics
from engine.contract.errors import HeadroomError, StorageError

Check: TypeAlias = Callable[[], Awaitable[object]]
"""Returns when all is well; raises HeadroomError otherwise."""
LAG_S = 5.0
"""A loop that is so late answers nobody in time."""
FREE_BYTES = 2_000_000_000
PATIENCE_S = 2.0
FRESH_S = 1.0
"""Answers are kept for so long, so that asking often costs nothing."""
_BEAT_S = 0.5
_WATCH_S = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ready`: all is well. `degraded`: it works, more slowly. `unready`: it can accept nothing."""

    status: Literal["ready", "degraded", "unready"]
    checks: Mapping[str, str]
    """Name → "ok" or the code of what is wrong."""


class Health:
    """Checks of one process. What is `needed` makes it unready, what is only `wished` degraded."""

    def __init__(self, needed: Mapping[str, Check], wished: Mapping[str, Check], metrics: Metrics) -> None:
        self._needed, self._wished, self._metrics = needed, wished, metrics
        self._beat, self._late_s = time.monotonic(), 0.0
        self._stopping = False
        self._last: tuple[float, Readiness] | None = None
        self._turn = asyncio.Lock()

    @property
    def alive(self) -> bool:
        """False while the event loop is more than `LAG_S` late."""
        return max(self._late_s, time.monotonic() - self._beat - _BEAT_S) < LAG_S

    async def run(self) -> None:
        """Measure how late the event loop is, for ever."""
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(_BEAT_S)
            self._late_s = max(0.0, time.monotonic() - self._beat - _BEAT_S)
            self._metrics.lag(self._late_s)

    async def watch(self) -> None:
        """Look every few seconds, until it stops, and write down what breaks and what is well again."""
        known: dict[str, str] = {}
        while not self._stopping:
            for name, code in (await self.readiness()).checks.items():
                if name == "queue":
                    self._metrics.queue(code == "ok")
                if code != known.get(name, "ok"):
                    event = "check_recovered" if code == "ok" else "check_failed"
                    log.log(
                        logging.INFO if code == "ok" else logging.WARNING, event, extra={"check": name, "code": code}
                    )
                known[name] = code
            await asyncio.sleep(_WATCH_S)

    def stop(self) -> None:
        """From now on nothing new is wanted."""
        self._stopping = True

    async def readiness(self) -> Readiness:
        """All checks, side by side."""
        if self._stopping:
            return Readiness("unready", {"process": "stopping"})
        async with self._turn:
            if self._last and time.monotonic() - self._last[0] < FRESH_S:
                return self._last[1]
            checks = {**self._needed, **self._wished}
            told = dict(zip(checks, await asyncio.gather(*map(_code_of, checks.values())), strict=True))
            if any(told[name] != "ok" for name in self._needed):
                found = Readiness("unready", told)
            else:
                found = Readiness("ready" if set(told.values()) <= {"ok"} else "degraded", told)
            self._last = time.monotonic(), found
            return found


async def _code_of(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await check()
    except HeadroomError as error:
        return error.code
    except TimeoutError:
        return "too_slow"
    return "ok"


def free_disk(folder: Path) -> Check:
    """Raises StorageError when less than `FREE_BYTES` are free there, or the folder is gone."""

    async def check() -> None:
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
        except OSError as error:
            raise StorageError("storage_unavailable") from error
        if free < FREE_BYTES:
            raise StorageError("disk_nearly_full", gigabytes=f"{free / 1e9:.1f}")

    return check
