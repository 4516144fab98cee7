"""The embedded Valkey server: starts, keeps, comes back, and never outlives its owner."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from adapters.queue import embedded
from adapters.queue.bell import RedisShootQueue
from adapters.queue.connection import connect
from adapters.queue.embedded import EmbeddedServer
from adapters.queue.health import check
from bot.doorbell import Progress
from engine.contract.errors import QueueError
from tests.queue.callers import kill, new_id
from tests.rules.source import ROOT


def _set(server: EmbeddedServer, value: str) -> None:
    async def ask() -> None:
        client = connect(server.url)
        await client.set("kept", value)
        await client.aclose()

    asyncio.run(ask())


def _get(server: EmbeddedServer) -> bytes | None:
    async def ask() -> bytes | None:
        client = connect(server.url)
        try:
            return await client.get("kept")
        finally:
            await client.aclose()

    return asyncio.run(ask())


def _ended(pid: int, timeout_s: float = 5) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_what_is_in_it_survives_a_stop_and_a_kill(tmp_path: Path) -> None:
    """Kept on disk, under the same address, whichever way it ended; and it takes no longer than a blink."""
    server = EmbeddedServer(tmp_path / "queue")
    server.start()
    url = server.url
    try:
        _set(server, "first")
        server.stop()
        assert not server.alive
        server.start()
        assert _get(server) == b"first"
        _set(server, "second")
        kill(server)
        assert server.pid is None
        server.start()
        assert (_get(server), server.url) == (b"second", url)
    finally:
        server.stop()


def test_starting_and_stopping_twice_harms_nothing(tmp_path: Path) -> None:
    """A supervisor may call both without asking first."""
    server = EmbeddedServer(tmp_path / "queue")
    server.stop()
    server.start()
    pid = server.pid
    server.start()
    assert server.pid == pid
    server.stop()
    server.stop()
    assert not server.alive


def test_it_can_be_reached_by_its_own_user_only(tmp_path: Path) -> None:
    """No port is open, and neither socket nor data can be read by other users of the machine."""
    with EmbeddedServer(tmp_path / "queue") as server:
        _set(server, "value")
        asyncio.run(check(server.url))
        files = [
            tmp_path / "queue",
            *(p for p in (tmp_path / "queue").rglob("*") if p.suffix in {".sock", ".aof", ".manifest"}),
        ]
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) & 0o077 for p in files}
        inodes = {os.readlink(p) for p in Path(f"/proc/{server.pid}/fd").iterdir() if "socket:" in os.readlink(p)}
        tcp = {f"socket:[{row.split()[9]}]" for row in Path("/proc/net/tcp").read_text().splitlines()[1:]}

    assert len(modes) >= 4
    assert set(modes.values()) == {0}
    assert inodes
    assert inodes & tcp == set()


def test_a_second_owner_of_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers on one folder would write over one another."""
    monkeypatch.setattr(embedded, "READY_S", 0.3)
    with EmbeddedServer(tmp_path / "queue") as first:
        _set(first, "mine")
        with pytest.raises(QueueError, match="queue_folder_in_use"):
            EmbeddedServer(tmp_path / "queue").start()
        assert _get(first) == b"mine"


def test_leftovers_of_a_crash_do_not_stop_it(tmp_path: Path) -> None:
    """A socket file and a torn last entry, as a power cut leaves them."""
    with EmbeddedServer(tmp_path / "queue") as server:
        _set(server, "whole")
    leftover = socket.socket(socket.AF_UNIX)
    leftover.bind(str(tmp_path / "queue" / "valkey.sock"))
    leftover.close()
    (log,) = (tmp_path / "queue").rglob("*.incr.aof")
    log.write_bytes(log.read_bytes() + b"*3\r\n$3\r\nSET\r\n$4\r\nke")

    with EmbeddedServer(tmp_path / "queue") as server:
        assert _get(server) == b"whole"


def test_a_data_file_that_cannot_be_read_is_said_at_once(tmp_path: Path) -> None:
    """The error names the log, and nothing is left running."""
    with EmbeddedServer(tmp_path / "queue") as server:
        _set(server, "value")
    (log,) = (tmp_path / "queue").rglob("*.incr.aof")
    log.write_bytes(b"*3\r\nnonsense\r\n" * 20)
    server = EmbeddedServer(tmp_path / "queue")

    with pytest.raises(QueueError, match=r"queue_server_failed.*valkey\.log"):
        server.start()
    assert not server.alive


def test_a_long_path_works(tmp_path: Path) -> None:
    """A socket's path has about a hundred bytes; a data folder may have more."""
    with EmbeddedServer(tmp_path / ("long" * 30) / "queue with ö & space") as server:
        _set(server, "far")
        assert _get(server) == b"far"
        place = Path(server.url.removeprefix("unix://")).parent
    assert not place.exists()


def test_spaces_in_a_path_work(tmp_path: Path) -> None:
    """The address quotes them."""
    with EmbeddedServer(tmp_path / "my queue ö") as server:
        _set(server, "here")
        assert _get(server) == b"here"


OWNER = """
import sys, time
from pathlib import Path
from adapters.queue.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_it_dies_with_its_owner_and_the_next_owner_finds_everything(tmp_path: Path) -> None:
    """kill -9 of the supervisor leaves no orphan and no lock."""
    folder = tmp_path / "queue"
    with subprocess.Popen([sys.executable, "-c", OWNER, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        pid = int(owner.stdout.readline())
        client = EmbeddedServer(folder)
        _set(client, "inherited")
        owner.kill()
    with EmbeddedServer(folder) as server:
        assert _get(server) == b"inherited"
        assert _ended(pid)


def test_a_server_that_hangs_is_stopped_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping takes no longer than it may."""
    monkeypatch.setattr(embedded, "STOP_S", 0.3)
    server = EmbeddedServer(tmp_path / "queue")
    server.start()
    pid = server.pid or 0
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    server.stop()

    assert time.monotonic() - started < 1.5
    assert _ended(pid)


def test_only_the_main_thread_may_own_it(tmp_path: Path) -> None:
    """On Linux the server ends with the thread that started it; a pool's thread may end at any time."""
    caught: list[BaseException] = []

    def start() -> None:
        try:
            EmbeddedServer(tmp_path / "queue").start()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join(5)

    assert [str(error) for error in caught] == ["start the server in the main thread, it ends with its thread"]


def test_a_server_that_may_evict_is_named(tmp_path: Path) -> None:
    """The operator reads it from `check` before the first ring is thrown away."""
    with EmbeddedServer(tmp_path / "queue") as server:

        async def ask() -> None:
            client = connect(server.url)
            await client.config_set("maxmemory-policy", "allkeys-lru")
            await client.aclose()
            with pytest.raises(QueueError, match="queue_may_evict") as caught:
                await check(server.url)
            assert caught.value.facts == {"policy": "allkeys-lru"}

        asyncio.run(ask())


def test_a_queue_outlives_the_restart_of_its_server(tmp_path: Path) -> None:
    """Whoever holds a queue needs no new one."""
    with EmbeddedServer(tmp_path / "queue") as server:

        async def ask() -> Progress | None:
            queue = RedisShootQueue(server.url)
            assert await queue.wake(new_id(), "shoots")
            server.stop()
            assert not await queue.wake(new_id(), "shoots")
            server.start()
            assert await queue.wake(new_id(), "shoots")
            await queue.close()

        asyncio.run(ask())
