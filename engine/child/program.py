"""One run of the engine program: started, spoken to, watched, ended. What its answers mean is for `process` to say."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from typing import Final, Self

from engine.child.frames import Frame, hear_frame, packed
from engine.child.memory import held_gb
from engine.child.settings import child_environment

MEMORY: Final = "memory"
"""Why it was killed, when it held too much."""
TIDY: Final = "exit 0"
"""Cause of death of a program that was told to end."""
_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])['paths']; from engine.child.main import main; main()"
)
_LOOK_S: Final = 0.05
"""Between two looks at the memory: at 2 GB a second it passes its limit by 100 MB at most."""
_DEATH_S: Final = 10.0
"""A killed process is gone long before, unless a driver holds it; then it is left to the system."""


class Program:
    """A process of its own group that is alive, or was."""

    def __init__(self, process: Process, memory_gb: float | None) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self._watch = asyncio.create_task(self._watch_memory(memory_gb))
        self.killed_for = ""
        """Why `kill` was called; "" when it was not."""

    @classmethod
    async def run(
        cls, factory: str, own_styles: str | None, environment: Mapping[str, str], memory_gb: float | None
    ) -> Self:
        """Start it. `environment` is added to the little that is passed on."""
        orders = {
            "paths": [path or os.getcwd() for path in sys.path],
            "parent_pid": os.getpid(),
            "factory": factory,
            "own_styles": own_styles,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(orders),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True, limit=2**20,
            env={**child_environment(), **environment},
        )  # fmt: skip
        return cls(process, memory_gb)

    @property
    def pid(self) -> int | None:
        """As long as it is alive."""
        return self._process.pid if self._process.returncode is None else None

    def call(self, frame: Frame) -> None:
        """Say something short without waiting."""
        self._stdin.write(packed(frame))

    async def say(self, frame: Frame, seconds: float) -> None:
        """A process that is gone or does not listen shows when its answer is waited for."""
        self.call(frame)
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stdin.drain()

    async def hear(self, seconds: float) -> Frame:
        """The next frame. Raises TimeoutError; EOFError or ConnectionError when it is gone; ValueError for nonsense."""
        async with asyncio.timeout(seconds):
            return await hear_frame(self._stdout)

    def kill(self, reason: str = "") -> None:
        """End it and all that it started, at once."""
        if self._process.returncode is None:
            self.killed_for = reason
            with contextlib.suppress(ProcessLookupError):  # it has just gone
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        self._watch.cancel()
        self.kill(self.killed_for)
        self._stdin.close()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(_DEATH_S):
                while await self._stdout.read(2**20):
                    pass  # nobody wants it any more; the transport closes at the end only
                await self._process.wait()

    async def cause_of_death(self) -> str:
        """The signal or the exit status."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._process.wait()
        status = self._process.returncode
        if status is None:
            return "silence"
        return signal.Signals(-status).name if status < 0 else f"exit {status}"

    async def _watch_memory(self, limit_gb: float | None) -> None:
        while limit_gb is not None and (held := held_gb(self._process.pid)) is not None:
            if held > limit_gb:
                self.kill(MEMORY)
                return
            await asyncio.sleep(_LOOK_S)
