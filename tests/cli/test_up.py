"""`headroom up`, really started: everything answers, what is killed comes back, and nothing is left when it stops."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

READY_S, STOP_S = 60.0, 30.0


class Studio:
    """A running `headroom up` in a folder of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data = folder / "data"
        self.port = two_free_ports()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HEADROOM_")}
        models = {name: value for name, value in os.environ.items() if name == "HEADROOM_MODELS_DIR"}
        self.screen = folder / "screen"
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "adapters.cli.__main__", "up", "--data", str(self.data), "--port", str(self.port), *options],
                cwd=folder, env=clean | models | {"OMP_NUM_THREADS": "1"}, stdout=screen, stderr=screen,
                start_new_session=True,
            )  # fmt: skip

    def ready(self) -> bool:
        """Whether the bot says so."""
        return page(self.port + 1, "/readyz") == {
            "status": "ready",
            "checks": {"records": "ok", "disk": "ok", "queue": "ok"},
        }

    def family(self) -> dict[int, str]:
        """Processes that belong to it, by id, wherever they hang: they carry its data folder or its id."""
        marks = (str(self.data), f"tied.py {self.process.pid}")
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.process.pid:
                try:
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    told = line + (entry / "environ").read_bytes().decode(errors="replace")
                except OSError:
                    continue
                if any(mark in told for mark in marks):
                    found[int(entry.name)] = line
        return found

    def bot(self) -> int | None:
        """Process id of the bot."""
        return next((pid for pid, line in self.family().items() if line.endswith("-m bot ")), None)

    def said(self) -> str:
        """What the operator has read."""
        return self.screen.read_text()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(STOP_S)


def page(port: int, path: str) -> object:
    """The document there; None when nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return json.load(answer)
    except (URLError, OSError, ValueError):
        return None


def two_free_ports() -> int:
    """The first of two neighbours, out of the range from which the system takes ports for connections."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        try:
            for neighbour in (port, port + 1):
                socket.create_server(("127.0.0.1", neighbour)).close()
        except OSError:
            continue
        return port


def until(holds: Callable[[], object], timeout_s: float, studio: Studio) -> None:
    """Wait, or fail with what was said."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, studio.said()
        assert studio.process.poll() is None, studio.said()
        time.sleep(0.05)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Studio]:
    """Up, until the block ends; then nothing of it lives."""
    studio = Studio(folder, *options)
    try:
        yield studio
    finally:
        studio.process.kill()
        studio.process.wait()
        for pid in studio.family():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_one_command_starts_everything_and_keeps_it_running(tmp_path: Path) -> None:
    """A person on a fresh laptop types one line; what breaks comes back; Ctrl-C leaves nothing behind."""
    with started(tmp_path) as studio:
        until(studio.ready, READY_S, studio)
        until(lambda: "Headroom is up." in studio.said(), 5, studio)
        assert f"http://127.0.0.1:{studio.port}" in studio.said()
        with urlopen(f"http://127.0.0.1:{studio.port}/", timeout=5) as answer:
            assert answer.status == 200
            assert b"<html" in answer.read().lower()

        killed = studio.bot()
        assert killed
        os.kill(killed, signal.SIGKILL)
        until(lambda: studio.bot() not in (None, killed) and studio.ready(), READY_S, studio)
        assert "The bot ended unexpectedly" in studio.said()

        assert studio.stop() == 0
        assert studio.family() == {}
        for port in (studio.port, studio.port + 1):
            socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.timeout(180)
def test_nothing_survives_a_killed_supervisor(tmp_path: Path) -> None:
    """Whoever kills the window finds no process and no taken port."""
    with started(tmp_path) as studio:
        until(studio.bot, READY_S, studio)
        studio.process.kill()
        studio.process.wait()
        deadline = time.monotonic() + STOP_S
        while studio.family():
            assert time.monotonic() < deadline, studio.family()
            time.sleep(0.05)


def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path) -> None:
    """With the option that helps, and before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "adapters.cli.__main__", "up", "--data", str(tmp_path / "other"), "--port", str(port)],
            cwd=tmp_path, capture_output=True, text=True, timeout=30,
        )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.startswith(f"Port {port} is taken")
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "adapters.cli.__main__", "up", "--data", str(tmp_path / "data")],
        cwd=tmp_path, capture_output=True, text=True, timeout=30,
    )  # fmt: skip

    assert done.returncode == 3
    assert "Nothing can be written to the data folder" in done.stderr
    assert "Traceback" not in done.stderr
