"""The engine in a process of its own that can be killed: what crashes, hangs or eats memory there costs one job and nothing here.

The engine itself is synchronous; this is its one asynchronous door, for the worker. Policies, one each:

- No step for `step_s`: killed, EngineError "engine_hung". A stopped (SIGSTOP) process counts as one that hangs.
- Crash: EngineError "engine_crashed" with the signal. Nonsense on the pipe counts as a crash.
- More memory than `memory_gb`: killed, OutOfMemory "engine_out_of_memory"; whether to try again smaller is the worker's to say.
- `cancel`: stops at the next step, killed after `cancel_s`; whoever iterates gets `Cancelled`.
- `wind_up` (our own SIGTERM): finishes the headshot being made, then `Stopped`; killed after `wind_up_s`, `Stopped` all the same.
- It was told to stop by somebody else (SIGTERM to every process of this host), working or idle: `Stopped`, too.
- Whoever stops iterating before the last event has the process killed.
- The parent dies: the process dies at once.

After each but the person's own errors, and `cancel` in time, the next job gets a fresh process.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from engine.child import messages
from engine.child.events import Checked, Done, Event, Stepped, Stopped
from engine.child.frames import Frame
from engine.child.messages import CANCEL, WIND_UP, Job, job_frame, to_error, to_event
from engine.child.program import MEMORY, TIDY, Program
from engine.contract.errors import Cancelled, EngineError, OutOfMemory, PersonError
from engine.contract.selfies import Photo
from engine.contract.shots import FileFormat, ShootRequest, VariationRequest

STUDIO: Final = "engine.pipeline:open_studio"
_NOTHING: Final[Mapping[int, str]] = MappingProxyType({})


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
        self._program: Program | None = None
        self._number = 0
        """Of the latest job."""
        self._working = False
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
        return self._program.pid if self._program else None

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

    def cancel(self) -> bool:
        """Stop the job that is being done; False when there is none."""
        if self._working and not self._cancelling:
            self._cancelling = True
            self._ask(CANCEL, self._limits.cancel_s)
        return self._working

    async def rest(self) -> None:
        """Between two jobs: give all memory back. The next job loads the models again."""
        async with self._turn:
            await self._end()

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
            program = self._program
            try:
                if self.pid is None and not self._winding_up:
                    await self._start()
                program = self._program
                if self._cancelling:
                    raise Cancelled
                if self._winding_up:
                    over = True
                    yield Stopped()
                    return
                self._stage = ""
                assert program is not None
                await program.say(job_frame(self._number, job), self._limits.step_s)
                while not over:
                    event = await self._next_event(program, self._limits.step_s)
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
                if not over or isinstance(event, Stopped) or (program and program.killed_for):
                    await self._end()

    async def _next_event(self, program: Program, patience_s: float) -> Event | None:
        """None: the process is ready."""
        try:
            frame = await program.hear(patience_s)
            match frame.kind:
                case messages.READY:
                    return None
                case messages.CANCELLED:
                    raise Cancelled
                case messages.FAILED:
                    failure = to_error(frame)
                case _:
                    return to_event(frame)
        except TimeoutError:
            raise EngineError("engine_hung", self._stage, seconds=round(patience_s, 1)) from None
        except ValueError:
            raise EngineError("engine_crashed", self._stage, reason="nonsense") from None
        except (EOFError, ConnectionError):
            return await self._last_event(program)
        raise failure

    async def _last_event(self, program: Program) -> Event:
        """What it means that the process is gone."""
        if program.killed_for == CANCEL:
            raise Cancelled from None
        if program.killed_for == MEMORY:
            raise OutOfMemory("engine_out_of_memory", self._stage) from None
        cause = await program.cause_of_death()
        if program.killed_for == WIND_UP or cause == TIDY:
            return Stopped()
        raise EngineError("engine_crashed", self._stage, reason=cause) from None

    async def _start(self) -> None:
        await self._end()
        self._stage = "start"
        own_styles = str(self._own_styles) if self._own_styles else None
        self._program = await Program.run(self._factory, own_styles, self._environment, self._limits.memory_gb)
        try:
            await self._next_event(self._program, self._limits.start_s)
        except BaseException as error:
            if isinstance(error, EngineError):
                error.stage = error.stage or "start"
            await self._end()
            raise

    async def _end(self) -> None:
        """Kill the process, if there is one, with all that it started, and wait until it is gone."""
        program, self._program = self._program, None
        if program is not None:
            await program.end()

    def _ask(self, kind: str, grace_s: float) -> None:
        """Send word to the process, and kill it when it is at the same job after the grace."""
        program, number = self._program, self._number
        if program is None or program.pid is None:
            return

        def lose_patience() -> None:
            if self._program is program and self._working and self._number == number:
                program.kill(kind)

        program.call(Frame(kind, {"number": number}))
        asyncio.get_running_loop().call_later(grace_s, lose_patience)
