"""The processes of a storm, as on one host in production: a bot, two workers, a Valkey; whatever dies is started again."""

import asyncio
import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import MappingProxyType
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, UnixConnector

from adapters.queue.connection import FAULTS, connect
from adapters.queue.embedded import EmbeddedServer
from bot.events import Event, to_json
from engine.child.tether import die_with_parent
from tests.chaos import worker_process
from tests.chaos.journal import FOLDER, LEASE, NAME, Entry, Journal
from tests.chaos.wire_bot import DESK_SOCKET

BREATH_S = 0.2
"""Between a death and the next start."""
WORKERS = ("worker 1", "worker 2")
PROGRAMS = ("bot", *WORKERS)
Program = Callable[[], None]
_STEM = multiprocessing.get_context("forkserver")
_STEM.set_forkserver_preload(["tests.chaos.wire_bot", "tests.chaos.slack_bot", worker_process.__name__])
"""Processes come from one that has imported everything: a death costs 0.1 s instead of 2, so a minute has room for many."""


class Town:
    """Enter it, and everything runs; leave it, and everything is killed."""

    def __init__(
        self, folder: Path, lease_s: float, bot: Program, told: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`told`: more variables of the environment."""
        self._programs = {"bot": bot, **dict.fromkeys(WORKERS, worker_process.main)}
        self._told = told
        self.folder = folder
        self.lease_s = lease_s
        self.data = folder / "data"
        self.journal = Journal(folder, "storm")
        self.server = EmbeddedServer(folder / "valkey")
        self.processes: dict[str, BaseProcess] = {}
        self.server_away_until = 0.0
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def database(self) -> str:
        """URL of the ledger."""
        return f"sqlite:///{self.data / 'ledger.db'}"

    async def __aenter__(self) -> Self:
        self.data.mkdir()
        (self.folder / "logs").mkdir()
        self.server.start()
        self._post = ClientSession(connector=UnixConnector(str(self.folder / DESK_SOCKET), limit=64))
        self._keepers = [asyncio.create_task(self._keep(name)) for name in PROGRAMS]
        self._keepers.append(asyncio.create_task(self._keep_server()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._keepers:
            task.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for process in self.processes.values():
            process.kill()
            process.join()
        await self._post.close()
        self.server.stop()
        self.journal.close()

    async def hand_in(self, event: Event) -> bool:
        """Deliver an event once; True when the bot says that it is safe."""
        try:
            told = self._post.post("http://bot/event", json=to_json(event), timeout=ClientTimeout(3))
            async with told as answer:
                return answer.status == 200
        except (ClientError, OSError, TimeoutError):
            return False

    def kill(self, name: str) -> None:
        """SIGKILL; nothing when it is dead already."""
        if self.alive(name):
            self._signal(self.pid(name), signal.SIGKILL)
            self.journal.write("killed", victim=self.pid(name), place="anywhere", name=name)

    def kill_engine(self, worker: str) -> None:
        """SIGKILL for one of the worker's engine processes."""
        if children := self.children(worker):
            self._signal(children[-1], signal.SIGKILL)
            self.journal.write("killed", victim=children[-1], place="anywhere", name=f"engine of {worker}")

    def freeze(self, worker: str) -> list[int]:
        """SIGSTOP for the worker and its engines, as when a host is suspended."""
        pids = [self.pid(worker), *self.children(worker)] if self.alive(worker) else []
        for pid in pids:
            self._signal(pid, signal.SIGSTOP)
        self.journal.write("frozen", victim=self.pid(worker), name=worker)
        return pids

    async def death_at(self, place: str, within_s: float) -> None:
        """Let the next process that comes to this place die there, if one comes in time."""
        await self._happens("killed", place, within_s)

    async def freeze_at(self, place: str, within_s: float) -> list[int]:
        """Let the next engine that comes to this place, and its worker, freeze there; [] when none comes in time."""
        frozen = await self._happens("frozen", place, within_s)
        return list(frozen.facts["pids"]) if frozen else []

    async def _happens(self, what: str, place: str, within_s: float) -> Entry | None:
        self.journal.order(place)
        try:
            return await self.journal.written(lambda e: e.what == what and e.facts.get("place") == place, within_s)
        finally:
            self.journal.withdraw(place)

    async def robbed(self, worker: int, within_s: float) -> bool:
        """Wait until somebody else goes on with what a worker had in hand."""
        claims = {e.facts["shoot"]: e.pid for e in self.journal.entries() if e.what == "claim"}
        held = {shoot_id for shoot_id, pid in claims.items() if pid == worker}
        taken = await self.journal.written(lambda e: e.what == "claim" and e.facts["shoot"] in held, within_s)
        return taken is not None

    async def lets_others_write(self, frozen: int) -> None:
        """SQLite belongs to one host: who sleeps there with a transaction in hand keeps everybody from writing, for as long as it
        sleeps. A host that is suspended does not do that to others; so let it come to the end of the transaction.
        """
        while True:
            with closing(sqlite3.connect(self.data / "ledger.db", timeout=0.2, isolation_level=None)) as ledger:
                try:
                    ledger.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    self._signal(frozen, signal.SIGCONT)
                    await asyncio.sleep(0.005)
                    self._signal(frozen, signal.SIGSTOP)
                else:
                    return

    def thaw(self, pids: list[int]) -> None:
        """SIGCONT."""
        self.journal.write("thawed", victim=next(iter(pids), 0))
        for pid in pids:
            self._signal(pid, signal.SIGCONT)

    def kill_server(self, away_s: float, *, wipe: bool) -> None:
        """SIGKILL; it comes back later, with its files or without."""
        if (pid := self.server.pid) is not None:
            self.server_away_until = time.monotonic() + away_s
            self._signal(pid, signal.SIGKILL)
            self.journal.write("killed", victim=pid, place="anywhere", name="valkey", wiped=wipe)
            if wipe:
                for file in (self.folder / "valkey").glob("appendonlydir/*"):
                    file.unlink(missing_ok=True)

    async def flush(self) -> None:
        """FLUSHALL."""
        client = connect(self.server.url)
        with suppress(*FAULTS):
            await client.flushall()
            self.journal.write("flushed")
        await client.aclose()

    def pid(self, name: str) -> int:
        """Of the latest process of this name."""
        return self.processes[name].pid or 0

    def alive(self, name: str) -> bool:
        """Whether it runs."""
        return name in self.processes and self.processes[name].is_alive()

    def thriving(self, name: str) -> bool:
        """Whether it runs, was ready for work, and has got something done."""
        pid = self.pid(name) if self.alive(name) else 0
        return bool(pid) and self.journal.is_up(pid) and self.journal.stored_by(pid) > 0

    def children(self, name: str) -> list[int]:
        """Processes that it has started, the oldest first."""
        if not self.alive(name):
            return []
        with suppress(OSError):
            tasks = Path(f"/proc/{self.pid(name)}/task").glob("*/children")
            return sorted(int(pid) for task in tasks for pid in task.read_text().split())
        return []

    async def _keep(self, name: str) -> None:
        told = {
            **self._told,
            "HEADROOM_DATA_DIR": str(self.data),
            "HEADROOM_REDIS_URL": self.server.url,
            "HEADROOM_OBSERVE_PORT": "38766",
            FOLDER: str(self.folder),
            NAME: name,
            LEASE: str(self.lease_s),
        }
        while True:
            log = str(self.folder / "logs" / f"{name}.log")
            process = self.processes[name] = _STEM.Process(target=_run, args=(self._programs[name], told, log))
            process.start()
            while process.is_alive():
                await asyncio.sleep(0.05)
            self.journal.write("ended", victim=process.pid, name=name, code=process.exitcode)
            await asyncio.sleep(BREATH_S)

    async def _keep_server(self) -> None:
        while True:
            if not self.server.alive and time.monotonic() >= self.server_away_until:
                self.server.start()
            await asyncio.sleep(0.1)

    def _signal(self, pid: int, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _run(program: Program, told: Mapping[str, str], log: str) -> None:
    """The first lines of a new process."""
    die_with_parent(os.getppid())
    os.environ.update(told)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(out, 2)
    program()
