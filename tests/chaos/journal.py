"""What all processes of a storm write down in one file, line by line, and the places where a storm lets them die.

A process that reaches a named place looks whether the storm has ordered a death there; the first to come takes the order and is
killed on the spot, by SIGKILL: no handler, no flush, no goodbye.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = "CHAOS_FOLDER"
NAME = "CHAOS_NAME"
LEASE = "CHAOS_LEASE_S"
"""Environment variables of every process in a storm."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    at: float
    pid: int
    who: str
    what: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.who}[{self.pid}] {self.what} {told}"


class Journal:
    """Lines arrive whole and in order, whoever is killed: each is one write to a file that is only ever appended to."""

    def __init__(self, folder: Path, who: str) -> None:
        self._who = who
        folders = [folder / name for name in ("orders", "spared", "ready", "stored")]
        self._orders, self._spared, self._ready, self._stored = folders
        for made in folders:
            made.mkdir(exist_ok=True)
        self._path = folder / "journal"
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @classmethod
    def here(cls) -> "Journal":
        """The journal of this process."""
        return cls(Path(os.environ[FOLDER]), os.environ[NAME])

    def write(self, what: str, **facts: Any) -> None:
        """Add a line."""
        line = json.dumps({"at": time.time(), "pid": os.getpid(), "who": self._who, "what": what, "facts": facts})
        os.write(self._file, line.encode() + b"\n")

    def reach(self, place: str, *, about: str = "", victim: int = 0) -> None:
        """Die here, or let the `victim` die, when that was ordered. `about`: what is worked on; no two deaths are about the same,
        for three would make anything a suspect.
        """
        if self._takes(place, f"{about} {'worker' if victim else 'here'}" if about else ""):
            dies = victim or os.getpid()
            self.write("killed", victim=dies, place=place)
            os.kill(dies, signal.SIGKILL)

    def freeze(self, place: str, about: str, *pids: int) -> None:
        """Stop these processes here, the last one itself, when that was ordered; the storm lets them go on."""
        if self._takes(place, f"{about} sleeps"):
            self.write("frozen", victim=pids[0], place=place, pids=pids)
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)

    def _takes(self, place: str, about: str) -> bool:
        order = self._orders / place
        spared = self._spared / about.replace("/", " ")
        if not order.exists() or (about and spared.exists()):
            return False
        try:
            order.rename(self._orders / f"{place}.taken")
        except FileNotFoundError:
            return False  # somebody else was first
        if about:
            spared.touch()
        return True

    def order(self, place: str) -> None:
        """Whoever reaches this place next dies there."""
        (self._orders / place).touch()

    def withdraw(self, place: str) -> None:
        """Nobody needs to die there."""
        (self._orders / place).unlink(missing_ok=True)

    def up(self) -> None:
        """This process is ready for work."""
        self.write("up")
        (self._ready / str(os.getpid())).touch()

    def is_up(self, pid: int) -> bool:
        """Whether it was ever ready."""
        return (self._ready / str(pid)).exists()

    def stored(self) -> None:
        """This worker has written a candidate down, or this bot has posted something."""
        with open(self._stored / str(os.getpid()), "ab") as counter:
            counter.write(b".")

    def stored_by(self, pid: int) -> int:
        """How many candidates it has written down, or messages posted."""
        counter = self._stored / str(pid)
        return counter.stat().st_size if counter.exists() else 0

    def entries(self) -> Iterator[Entry]:
        """All lines of all processes, in the order in which they were written."""
        with open(self._path, encoding="utf-8") as lines:
            yield from (Entry(**json.loads(line)) for line in lines)

    async def written(self, looked_for: Callable[[Entry], bool], within_s: float) -> Entry | None:
        """The next new line of this kind; None when there is none in time."""
        until = time.monotonic() + within_s
        with open(self._path, encoding="utf-8") as lines:
            lines.seek(0, os.SEEK_END)
            while time.monotonic() < until:
                where, line = lines.tell(), lines.readline()
                if not line.endswith("\n"):
                    lines.seek(where)
                    await asyncio.sleep(0.02)
                elif looked_for(entry := Entry(**json.loads(line))):
                    return entry
        return None

    def close(self) -> None:
        """The file."""
        os.close(self._file)
