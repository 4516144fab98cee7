"""Bars in a terminal."""

import io
import os
import signal

import pytest
from rich.console import Console

from adapters.cli.progress import stage_bars
from engine.contract.errors import Cancelled
from engine.contract.ports import Step


def drawn(*steps: Step) -> list[str]:
    """The last picture of the bars."""
    paper = io.StringIO()
    with stage_bars(Console(file=paper, width=100), quiet=False) as on_step:
        for step in steps:
            on_step(step)
    return paper.getvalue().splitlines()


def test_each_stage_has_a_bar_in_its_order() -> None:
    """Somebody who waits sees how far the work is, and in which stage."""
    lines = drawn(Step("intake", 2, 2), Step("render", 7, 24))

    assert [line.split()[0] for line in lines] == ["Intake", "Render"]
    assert "7/24" in lines[1]


def test_a_stage_that_ends_keeps_its_count() -> None:
    """A stage that has counted pictures and then reports its own end is shown with all its pictures."""
    (line,) = drawn(Step("render", 0, 0), Step("render", 23, 24), Step("render", 1, 1))

    assert "24/24" in line


def test_ctrl_c_ends_the_shoot_at_the_next_step() -> None:
    """The first one waits for the step to end; afterwards Ctrl-C works as ever."""
    before = signal.getsignal(signal.SIGINT)

    with stage_bars(Console(file=io.StringIO()), quiet=True) as on_step:
        on_step(Step("render", 1, 24))
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            on_step(Step("render", 2, 24))

    assert signal.getsignal(signal.SIGINT) is before
