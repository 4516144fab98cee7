"""The engine in a process of its own that can be killed: what crashes, hangs or eats memory there costs one job and nothing here.

The engine itself is synchronous; this is its one asynchronous door, for the worker. Policies, one each:

- No step for `step_s`: killed, EngineError "engine_hung". A stopped (SIGSTOP) process counts as one that hangs.
- Crash: EngineError "engine_crashed" with the signal. Nonsense on the pipe counts as a crash.
- More memory than `memory_gb`: killed, OutOfMemory "engine_out_of_memory"; whether to try again smaller is the worker's to say.
- `cancel`: stops at the next step, killed after `cancel_s`; whoever iterates gets `Cancelled`.
- `wind_up` (our own SIGTERM): finishes the headshot being made, then `Stopped`; killed after `wind_up_s`, `Stopped` all the same.
- Whoever stops iterating before the last event has the process killed.
- The parent dies: the process dies at once.

After each but the person's own errors, and `cancel` in time, the next job gets a fresh process.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from engine.child import messages
from engine.child.events import Checked, Done, Event, Stepped, Stopped
from engine.child.frames import Frame, hear_frame, packed
from engine.child.memory import held_gb
from engine.child.messages import CANCEL, WIND_UP, Job, job_frame, to_error, to_event
from engine.child.settings import child_environment
from engine.contract.errors import Cancelled, EngineError, OutOfMemory, PersonError
from engine.contract.selfies import Photo
from engine.contract.shots import FileFormat, ShootRequest, VariationRequest

STUDIO: Final = "engine.pipeline:open_studio"
_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])['paths']; from engine.child.main import main; main()"
)
_NOTHING: Final[Mapping[int, str]] = MappingProxyType({})
_MEMORY: Final = "memory"
_LOOK_S: Final = 0.05
"""Between two looks at the memory: at 2 GB a second it passes its limit by 100 MB at most."""
_DEATH_S: Final = 10.0
"""A killed process is gone long before, unless a driver holds it; then it is left to the system."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one engine process may cost."""

    memory_gb: float | None = 2.5
    """GiB that it may really hold, of its own; looked at twenty times a second. None: no limit. Each photo is decoded in a
    process with a limit of its own."""
    start_s: float = 120.0
    """Until the studio is built."""
    step_s: float = 120.0
    """Between two steps. The first shoot on a machine compiles the matting kernels, which takes half a minute without one."""
    cancel_s: float = 5.0
    """Between asking and killing."""
    wind_up_s: float = 60.0
    """For the headshot that is being made when this host stops."""


LIMITS: Final = ChildLimits()


class EngineChild:
    """One engine process, one job at a time; a second one waits. Models stay loaded from job to job.

    Enter it from a thread that stays: Linux ties the process to the very thread that starts it.
    """

    def __init__(
        self,
        factory: str = STUDIO,
        *,
        allowed: Collection[str] = (STUDIO,),
        limits: ChildLimits = LIMITS,
        own_styles: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`factory` is "module:function" and among the `allowed`; it gets `own_styles`. `environment` is added to the little
        that is passed on, e.g. CUDA_VISIBLE_DEVICES. Raises ValueError for a factory that is not allowed.
        """
        if factory not in allowed:
            raise ValueError(f"{factory} is not among the studios that may be opened")
        self._factory = factory
        self._limits = limits
        self._own_styles = own_styles
        self._environment = environment
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._number = 0
        """Of the latest job."""
        self._working = False
        self._killed_for = ""
        """CANCEL or WIND_UP once grace for it has run out; _MEMORY."""
        self._watch: asyncio.Task[None] | None = None
        self._cancelling = False
        self._winding_up = False
        self._stage = ""

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    @property
    def pid(self) -> int | None:
        """Of the process, as long as there is one."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and alive else None

    def check(self, photos: Sequence[Photo]) -> AsyncIterator[Event]:
        """Steps, then `Checked`."""
        return self._events(Job(tuple(photos)))

    def shoot(
        self, request: ShootRequest, file_format: FileFormat = "jpeg", kept: Mapping[int, str] = _NOTHING
    ) -> AsyncIterator[Event]:
        """Steps and finished headshots, then `Done`. `kept` is rank → shot id of what an earlier start has stored.

        Raises PersonError, EngineError and `Cancelled` as the engine does.
        """
        return self._events(Job(request, file_format, kept))

    def vary(
        self, request: VariationRequest, file_format: FileFormat = "jpeg", kept: Mapping[int, str] = _NOTHING
    ) -> AsyncIterator[Event]:
        """Like `shoot`, from one headshot."""
        return self._events(Job(request, file_format, kept))

    def cancel(self) -> None:
        """Stop the job that is being done, if there is one."""
        if self._working and not self._cancelling:
            self._cancelling = True
            self._ask(CANCEL, self._limits.cancel_s)

    def wind_up(self) -> None:
        """Finish the headshot that is being made and begin no other, now or later."""
        if not self._winding_up:
            self._winding_up = True
            self._ask(WIND_UP, self._limits.wind_up_s)

    async def _events(self, job: Job) -> AsyncIterator[Event]:
        async with self._turn:
            self._number += 1
            self._working, self._cancelling, over = True, False, False
            event: Event | None = None
            try:
                if self.pid is None and not self._winding_up:
                    await self._start()
                if self._cancelling:
                    raise Cancelled
                if self._winding_up:
                    over = True
                    yield Stopped()
                    return
                self._stage = ""
                await self._say(job_frame(self._number, job))
                while not over:
                    event = await self._next_event(self._limits.step_s)
                    over = isinstance(event, Checked | Done | Stopped)
                    if isinstance(event, Stepped):
                        self._stage = event.step.stage
                    if event is not None:
                        yield event
            except (PersonError, Cancelled):
                over = True
                raise
            finally:
                self._working = False
                if not over or self._killed_for or isinstance(event, Stopped):
                    await self._end()

    async def _next_event(self, patience_s: float) -> Event | None:
        """None: the process is ready."""
        try:
            frame = await self._hear(patience_s)
            match frame.kind:
                case messages.READY:
                    return None
                case messages.CANCELLED:
                    raise Cancelled
                case messages.FAILED:
                    failure = to_error(frame)
                case _:
                    return to_event(frame)
        except ValueError:
            raise EngineError("engine_crashed", self._stage, reason="nonsense") from None
        except (EOFError, ConnectionError):
            match self._killed_for:
                case messages.CANCEL:
                    raise Cancelled from None
                case messages.WIND_UP:
                    return Stopped()
                case "memory":
                    raise OutOfMemory("engine_out_of_memory", self._stage) from None
                case _:
                    raise EngineError("engine_crashed", self._stage, reason=await self._cause_of_death()) from None
        raise failure

    async def _start(self) -> None:
        await self._end()
        self._killed_for, self._stage = "", "start"
        orders = {
            "paths": [path or os.getcwd() for path in sys.path],
            "parent_pid": os.getpid(),
            "factory": self._factory,
            "own_styles": str(self._own_styles) if self._own_styles else None,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(orders),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True, limit=2**20,
            env={**child_environment(), **self._environment},
        )  # fmt: skip
        self._watch = asyncio.create_task(self._watch_memory(self._process))
        try:
            await self._next_event(self._limits.start_s)
        except BaseException:
            await self._end()
            raise

    async def _end(self) -> None:
        """Kill the process, if there is one, with all that it started, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._watch is not None:
            self._watch.cancel()
        _kill(process)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(_DEATH_S):
                while await process.stdout.read(2**20):
                    pass  # nobody wants it any more; the transport closes at the end only
                await process.wait()

    async def _watch_memory(self, process: Process) -> None:
        limit_gb = self._limits.memory_gb
        while limit_gb is not None and (held := held_gb(process.pid)) is not None:
            if held > limit_gb:
                self._killed_for = _MEMORY
                _kill(process)
                return
            await asyncio.sleep(_LOOK_S)

    async def _cause_of_death(self) -> str:
        """The signal or the exit status."""
        assert self._process is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._process.wait()
        status = self._process.returncode
        if status is None:
            return "silence"
        return signal.Signals(-status).name if status < 0 else f"exit {status}"

    def _ask(self, kind: str, grace_s: float) -> None:
        """Send word to the process, and kill it when it is at the same job after the grace."""
        process, number = self._process, self._number
        if process is None or process.returncode is not None:
            return

        def lose_patience() -> None:
            if self._process is process and self._working and self._number == number:
                self._killed_for = kind
                _kill(process)

        assert process.stdin is not None
        process.stdin.write(packed(Frame(kind, {"number": number})))
        asyncio.get_running_loop().call_later(grace_s, lose_patience)

    async def _say(self, frame: Frame) -> None:
        """A process that is gone or does not listen shows when its answer is waited for."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(packed(frame))
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(self._limits.step_s):
                await self._process.stdin.drain()

    async def _hear(self, seconds: float) -> Frame:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                return await hear_frame(self._process.stdout)
        except TimeoutError:
            raise EngineError("engine_hung", self._stage, seconds=round(seconds, 1)) from None


def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):  # it has just gone
            os.killpg(process.pid, signal.SIGKILL)
