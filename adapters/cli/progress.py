"""A bar for each stage, and Ctrl-C that stops a shoot between two steps instead of tearing it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from engine.contract.errors import Cancelled
from engine.contract.ports import Step


class StageBars:
    """Called with every step of the engine; draws it, and raises Cancelled once somebody pressed Ctrl-C."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[TaskID, int] = {}
        self._stopped = False

    def __call__(self, step: Step) -> None:
        """Draw a step."""
        if self._stopped:
            raise Cancelled
        if step.stage not in self._tasks:
            self._tasks[step.stage] = self._progress.add_task(step.stage.capitalize(), total=None)
        task = self._tasks[step.stage]
        known = max(step.total, self._totals.get(task, 0))  # a stage that ends may count itself as one
        self._totals[task] = known
        ended = 0 < step.total <= step.done
        self._progress.update(task, completed=known if ended else step.done, total=known or None)
        if ended:
            self._progress.stop_task(task)

    def stop(self) -> None:
        """The next step raises Cancelled."""
        self._stopped = True


@contextmanager
def stage_bars(console: Console, *, quiet: bool) -> Iterator[StageBars]:
    """Bars on the console for as long as the block runs. A second Ctrl-C stops at once."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(32), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet) as progress:
        bars = StageBars(progress)
        with _first_interrupt(bars, console):
            yield bars


@contextmanager
def _first_interrupt(bars: StageBars, console: Console) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        bars.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        console.print("Stopping after this step. Press Ctrl-C again to stop at once.", style="yellow")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
