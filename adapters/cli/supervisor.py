"""Keeps a few programs running: starts them in order, starts again what ends, stops them in reverse. Owns the built-in Valkey.

Runs in the main thread, for two reasons: signals arrive there, and what it starts dies with the thread that started it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.cli.pulse import Pulse
from adapters.queue import tied
from adapters.queue.embedded import EmbeddedServer
from engine.contract.errors import HeadroomError, QueueError, SettingsError

LOOK_S = 0.1
BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 10.0)
"""Pause before each start that follows an early end."""
EARLY_S = 60.0
"""Whoever ran for so long has started well; an earlier end counts against it."""
EARLY_ENDS = 5
WRONG_SETTING = 2
"""Exit code of a program that no further start will help."""
LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """A Python module to be kept running."""

    name: str
    """In sentences and in the name of its log."""
    module: str
    environment: Mapping[str, str]
    log: Path
    grace_s: float
    """How long it may take to end when asked to."""
    livez: str = ""
    """URL where it says that it is alive; "" = nowhere, and whether it hangs is not looked at."""


@dataclass(slots=True)
class Endings:
    """How often something ended soon after its start, and when it may start again."""

    started_at: float = 0.0
    early: int = 0
    again_at: float = 0.0
    seen: bool = True
    """The last end has been counted."""

    def started(self) -> None:
        """It was started now."""
        self.started_at, self.seen = time.monotonic(), False

    def ended(self) -> bool:
        """Count an end, once. False: it has ended early too often."""
        if not self.seen:
            self.seen, now = True, time.monotonic()
            self.early = self.early + 1 if now - self.started_at < EARLY_S else 1
            self.again_at = now + BACKOFF_S[min(self.early, len(BACKOFF_S)) - 1]
        return self.early < EARLY_ENDS


@dataclass(slots=True)
class Running:
    """A program and its process."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    endings: Endings = field(default_factory=Endings)
    pulse: Pulse | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; it gets SIGTERM when we die, and no Ctrl-C of our terminal."""
        log = self.program.log
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".earlier.log"))
        # -P: a folder called “bot” where the operator stands is not our bot.
        command = [sys.executable, "-I", "-S", str(tied.__file__), str(os.getpid()), sys.executable, "-P", "-m"]
        with log.open("ab") as written:
            self.process = subprocess.Popen(
                [*command, self.program.module], env=self.program.environment, stdin=subprocess.DEVNULL,
                stdout=written, stderr=written, start_new_session=True,
            )  # fmt: skip
        self.pulse = Pulse(self.program.livez) if self.program.livez else None
        self.endings.started()

    def hangs(self) -> bool:
        """Whether it runs and has stopped to answer."""
        return self.pulse is not None and self.pulse.hangs

    def ended(self) -> None:
        """There is nobody left to feel the pulse of."""
        if self.pulse is not None:
            self.pulse.let_go()
            self.pulse = None

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.program.log.read_bytes()[-2000:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


class Supervisor:
    """Programs are started in order; the server runs already. `run` returns after SIGTERM or SIGINT, when everything has ended; a second signal ends everything at once."""

    def __init__(
        self,
        programs: Sequence[Program],
        server: EmbeddedServer | None,
        tell: Callable[[str, Mapping[str, object]], None],
    ) -> None:
        self._running = [Running(program) for program in programs]
        self._server, self._server_endings = server, Endings()
        self._server_endings.started()
        self._tell = tell
        self._asked_to_stop = 0

    def run(self, on_look: Callable[[], None]) -> None:
        """Keep everything running; `on_look` is called about ten times a second. HeadroomError: something does not stay up."""
        with self._signals():
            try:
                while not self._asked_to_stop:
                    self._look_after_server()
                    for each in self._running:
                        self._look_after(each)
                    on_look()
                    time.sleep(LOOK_S)
                self._tell("supervisor_stopping", {})
            finally:
                self._stop()

    def _look_after(self, each: Running) -> None:
        if each.alive and each.process is not None and each.hangs():
            self._tell("program_hangs", {"name": each.program.name, "log": each.program.log})
            each.process.kill()
            each.process.wait()
            each.endings.ended()
        if each.alive:
            return
        each.ended()
        if each.process is not None:
            if each.process.returncode == WRONG_SETTING:
                raise SettingsError("program_refused", name=each.program.name, reason=each.last_words())
            if not each.endings.seen:
                self._tell("program_ended", {"name": each.program.name, "log": each.program.log})
            if not each.endings.ended():
                raise HeadroomError("program_keeps_ending", name=each.program.name, log=str(each.program.log))
        if time.monotonic() >= each.endings.again_at:
            each.start()

    def _look_after_server(self) -> None:
        if self._server is None or self._server.alive:
            return
        if not self._server_endings.ended():
            raise QueueError("queue_server_failed", log="valkey.log")
        if time.monotonic() >= self._server_endings.again_at:
            self._server.start()
            self._server_endings.started()
            self._tell("queue_server_restarted", {})

    def _stop(self) -> None:
        """The first program, which asks the others for work; then those, side by side; then Valkey."""
        for group in (self._running[:1], self._running[1:]):
            asked_at = time.monotonic()
            for each in group:
                if each.process and each.alive:
                    each.process.terminate()
            for each in group:
                self._await_end(each, asked_at + each.program.grace_s)
        if self._server:
            self._server.stop()

    def _await_end(self, each: Running, deadline: float) -> None:
        while each.process and each.alive:
            if self._asked_to_stop > 1 or time.monotonic() > deadline:
                each.process.kill()
                each.process.wait()
            time.sleep(LOOK_S / 4)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def ask(*_: object) -> None:
            self._asked_to_stop += 1

        kept = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
