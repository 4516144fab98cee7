"""Headroom as it runs on a laptop: the real bot process with its platforms, the real worker process with a quick studio, a
real Valkey, SQLite and the folder store. Bot and worker can be stopped and started again.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession

from adapters.queue.embedded import EmbeddedServer
from adapters.records.ledger import Ledger, open_ledger
from tests.cli.test_up import two_free_ports
from tests.rules.source import ROOT
from tests.scenarios.studio import GATE

BOT, WORKER = "bot", "tests.scenarios.worker"
STARTED_S, STOPPED_S = 60.0, 20.0


class House:
    """Made by `open_house`."""

    def __init__(
        self,
        folder: Path,
        redis_url: str,
        ledger: Ledger,
        environment: Mapping[str, str],
        is_up: Callable[[], Awaitable[None]],
    ) -> None:
        self.folder = folder
        self.redis_url = redis_url
        self.ledger = ledger
        self.gate = folder / "gate"
        self.port = two_free_ports()
        self._settings, self._is_up = environment, is_up
        self._running: dict[str, asyncio.subprocess.Process] = {}

    @property
    def url(self) -> str:
        """Of the playground."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self, program: str) -> None:
        """`BOT` or `WORKER`; nothing when it runs. The bot answers when this returns."""
        if program not in self._running:
            with (self.folder / f"{program}.log").open("ab") as log:
                self._running[program] = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", program, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
                )
        if program == BOT:
            await self.until(self._answers, STARTED_S)
            await self._is_up()

    async def stop(self, program: str, by: signal.Signals = signal.SIGTERM) -> None:
        """Tell it to stop, or kill it; nothing when it does not run."""
        process = self._running.pop(program, None)
        if process is not None:
            process.send_signal(by)
            code = await asyncio.wait_for(process.wait(), STOPPED_S)
            assert code == (-by if by is signal.SIGKILL else 0), self.log(program)

    async def is_whole(self) -> None:
        """Everything runs and nothing is held up, whatever the scenario before did."""
        self.gate.unlink(missing_ok=True)
        await self.start(WORKER)
        await self.start(BOT)

    @contextmanager
    def taking_pictures(self) -> Iterator[None]:
        """Until the block ends, whatever is being made stays at this stage."""
        self.gate.touch()
        try:
            yield
        finally:
            self.gate.unlink()

    async def has_made_everything(self) -> None:
        """All that was accepted has its end, whether anybody has been told or not."""

        async def made() -> bool:
            return not (await self.ledger.reconciler.counts()).open

        await self.until(made, STOPPED_S)

    async def has_told_everything(self) -> None:
        """All that there was to say so far is said, and written down as said."""

        async def told() -> bool:
            return not (await self.ledger.reconciler.counts()).oldest_message_s

        await self.until(told, STOPPED_S)

    async def is_quiet(self) -> None:
        """Nobody waits for anything, and the books balance."""
        await self.has_made_everything()
        await self.has_told_everything()
        assert (await self.ledger.reconciler.counts()).lost == 0

    async def until(self, holds: Callable[[], object], within_s: float) -> None:
        """Wait for a condition."""
        until = time.monotonic() + within_s
        while not (await held if asyncio.iscoroutine(held := holds()) else held):
            assert time.monotonic() < until, f"{self.log(BOT)}\n{self.log(WORKER)}"
            await asyncio.sleep(0.02)

    def log(self, program: str) -> str:
        """The end of what it logged."""
        return (self.folder / f"{program}.log").read_text()[-3000:]

    async def _answers(self) -> bool:
        if (process := self._running[BOT]).returncode is not None:
            del self._running[BOT]
            raise AssertionError(f"the bot ended with {process.returncode}: {self.log(BOT)}")
        try:
            async with ClientSession() as session, session.get(f"http://127.0.0.1:{self.port + 1}/readyz") as answer:
                return answer.status == 200
        except (ClientError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        ours = {
            **self._settings,
            "HEADROOM_DATA_DIR": str(self.folder),
            "HEADROOM_REDIS_URL": self.redis_url,
            "HEADROOM_PLAYGROUND_PORT": str(self.port),
            "HEADROOM_OBSERVE_PORT": str(self.port + 1),
            "HEADROOM_LOG_LEVEL": "info",
            "OMP_NUM_THREADS": "1",
            GATE: str(self.gate),
        }
        return {name: value for name, value in os.environ.items() if not name.startswith("HEADROOM_")} | ours


@asynccontextmanager
async def open_house(
    folder: Path, environment: Mapping[str, str], is_up: Callable[[], Awaitable[None]]
) -> AsyncIterator[House]:
    """Nothing runs yet but the doorbell. `environment`: for the bot besides; `is_up`: returns when it is there for people."""
    with EmbeddedServer(folder / "valkey") as server:
        ledger = await open_ledger(f"sqlite:///{folder / 'ledger.db'}", time.time)
        house = House(folder, server.url, ledger, environment, is_up)
        try:
            yield house
        finally:
            for program in (BOT, WORKER):
                await house.stop(program, signal.SIGKILL)
            await ledger.close()
