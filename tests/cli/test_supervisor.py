"""The supervisor of `headroom up`, with real processes that do nothing."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from socket import socket

import pytest

from adapters.cli import pulse, supervisor
from adapters.cli.supervisor import Program, Supervisor
from adapters.queue.embedded import EmbeddedServer
from engine.contract.errors import HeadroomError, SettingsError
from tests.queue.callers import kill
from tests.rules.source import ROOT


class Story:
    """What the programs wrote down, what people were told, and a plan of what to do when."""

    def __init__(self, folder: Path) -> None:
        self.diary = folder / "diary"
        self.diary.touch()
        self.folder = folder
        self.told: list[str] = []
        self.deadline = time.monotonic() + 15

    def tell(self, code: str, _: Mapping[str, object]) -> None:
        self.told.append(code)

    def program(self, role: str, grace_s: float = 5) -> Program:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PROGRAM": role, "DIARY": str(self.diary)}
        return Program(role, "tests.cli.programs", environment, self.folder / f"{role}.log", grace_s)

    def noted(self, what: str, role: str = "stay") -> list[int]:
        """Process ids that wrote it."""
        lines = [line.split() for line in self.diary.read_text().splitlines()]
        return [int(pid) for word, by, pid in lines if (word, by) == (what, role)]

    def when(self, holds: Callable[[], bool], then: Callable[[], None]) -> Callable[[], None]:
        """A look that does something as soon as something holds, once; the test fails when that takes too long."""
        pending = [then]

        def look() -> None:
            assert time.monotonic() < self.deadline
            if pending and holds():
                pending.pop()()

        return look


def free_port() -> int:
    """A port that nobody has now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop() -> None:
    """What Ctrl-C and `docker stop` do."""
    os.kill(os.getpid(), signal.SIGTERM)


def gone(pid: int) -> bool:
    """Whether no such process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """Short pauses."""
    monkeypatch.setattr(supervisor, "BACKOFF_S", (0.01, 0.02, 0.04))
    monkeypatch.setattr(supervisor, "LOOK_S", 0.02)
    return Story(tmp_path)


def test_programs_run_until_it_is_asked_to_stop(story: Story) -> None:
    """The first is asked before the second, and nothing is left behind."""
    first, second = story.program("stay"), story.program("stubborn", grace_s=0.3)
    look = story.when(lambda: bool(story.noted("started") and story.noted("started", "stubborn")), stop)

    Supervisor([first, second], None, story.tell).run(look)

    assert [line.split()[:2] for line in story.diary.read_text().splitlines()][2:] == [
        ["asked", "stay"],
        ["asked", "stubborn"],
    ]
    assert all(gone(pid) for pid in story.noted("started") + story.noted("started", "stubborn"))
    assert story.told == ["supervisor_stopping"]


def test_what_ends_is_started_again(story: Story) -> None:
    """kill -9 costs a moment; the operator is told once."""

    def murder() -> None:
        os.kill(story.noted("started")[0], signal.SIGKILL)

    kills = story.when(lambda: len(story.noted("started")) == 1, murder)
    stops = story.when(lambda: len(story.noted("started")) == 2, stop)

    Supervisor([story.program("stay")], None, story.tell).run(lambda: (kills(), stops(), None)[-1])

    assert story.told == ["program_ended", "supervisor_stopping"]
    assert len(story.noted("asked")) == 1


def test_what_keeps_ending_is_given_up(story: Story) -> None:
    """A program that cannot run does not burn the machine; the sentence names its log, and the others end too."""
    with pytest.raises(HeadroomError) as caught:
        Supervisor([story.program("stay"), story.program("die")], None, story.tell).run(lambda: None)

    assert (caught.value.code, caught.value.facts["name"]) == ("program_keeps_ending", "die")
    assert len(story.noted("started", "die")) == supervisor.EARLY_ENDS
    assert all(gone(pid) for pid in story.noted("started"))


def test_ends_long_after_the_start_are_forgiven(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that breaks down once a day is started again for ever."""
    monkeypatch.setattr(supervisor, "EARLY_S", 0.0)
    look = story.when(lambda: len(story.noted("started", "die")) == supervisor.EARLY_ENDS + 2, stop)

    Supervisor([story.program("die")], None, story.tell).run(look)

    assert "supervisor_stopping" in story.told


def test_a_wrong_setting_is_told_and_not_tried_again(story: Story) -> None:
    """Exit code 2 means that only a person can help; what the program said is passed on."""
    with pytest.raises(SettingsError) as caught:
        Supervisor([story.program("wrong")], None, story.tell).run(lambda: None)

    assert caught.value.code == "program_refused"
    assert caught.value.facts["reason"] == "The setting HEADROOM_X cannot be used."
    assert len(story.noted("started", "wrong")) == 1


def test_a_second_signal_ends_everything_at_once(story: Story) -> None:
    """Whoever presses Ctrl-C twice does not want to wait."""
    looks = story.when(lambda: bool(story.noted("started", "stubborn")), lambda: (stop(), stop(), None)[-1])
    started = time.monotonic()

    Supervisor([story.program("stubborn", grace_s=60)], None, story.tell).run(looks)

    assert time.monotonic() - started < 5
    assert all(gone(pid) for pid in story.noted("started", "stubborn"))


def test_valkey_is_started_again(story: Story, tmp_path: Path) -> None:
    """Its address stays the same, so nobody else has to be told."""
    server = EmbeddedServer(tmp_path / "valkey")
    server.start()
    url, first = server.url, server.pid
    kills = story.when(lambda: True, lambda: kill(server))
    stops = story.when(lambda: server.pid not in (None, first), stop)

    Supervisor([], server, story.tell).run(lambda: (kills(), stops(), None)[-1])

    assert (server.alive, server.url) == (False, url)
    assert story.told == ["queue_server_restarted", "supervisor_stopping"]


def test_what_hangs_is_started_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs and answers nobody is worth nothing; one that has never answered may be slow to start."""
    monkeypatch.setattr(pulse, "LOOK_S", 0.02)
    monkeypatch.setattr(pulse, "ANSWER_S", 0.1)
    monkeypatch.setattr(pulse, "HANGS_AFTER", 3)
    port = free_port()
    answering = story.program("answer")
    program = replace(
        answering, environment={**answering.environment, "PORT": str(port)}, livez=f"http://127.0.0.1:{port}/livez"
    )
    mute = replace(story.program("stay"), livez=f"http://127.0.0.1:{free_port()}/livez")

    def freeze() -> None:
        time.sleep(0.3)  # it has answered at least once
        os.kill(story.noted("started", "answer")[0], signal.SIGSTOP)

    hangs = story.when(lambda: len(story.noted("started", "answer")) == 1, freeze)
    stops = story.when(lambda: len(story.noted("started", "answer")) == 2, stop)

    Supervisor([program, mute], None, story.tell).run(lambda: (hangs(), stops(), None)[-1])

    assert story.told == ["program_hangs", "supervisor_stopping"]
    assert len(story.noted("started")) == 1
