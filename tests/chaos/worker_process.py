"""A worker process: the engine's own worker, with a recording studio and a short lease."""

import asyncio
import logging
import os

from bot.observe.logs import set_up_logs
from bot.settings import load_settings
from engine.child.process import ChildLimits, EngineChild
from engine.worker import service
from tests.chaos.journal import FOLDER, LEASE, NAME, Journal
from tests.chaos.studio import STUDIO
from tests.chaos.tripwires import watch_ledger

LIMITS = ChildLimits(memory_gb=0.4, start_s=40.0, step_s=5.0, cancel_s=1.0, wind_up_s=5.0)


def new_child(batch: int) -> EngineChild:
    """An engine process with a small room and little time."""
    told = {FOLDER: os.environ[FOLDER], NAME: f"engine of {os.environ[NAME]}", "HEADROOM_BATCH": str(batch)}
    return EngineChild(STUDIO, allowed=(STUDIO,), limits=LIMITS, environment=told)


class Up(logging.Handler):
    """Hears when the worker says that it is ready."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Every line of the worker's log comes by here."""
        if record.getMessage() == "worker_ready":
            self._journal.up()


def main() -> None:
    """Run until killed."""
    set_up_logs("info")
    journal = Journal.here()
    watch_ledger(journal, worker=True)
    logging.getLogger(service.__name__).addHandler(Up(journal))
    asyncio.run(service.serve(load_settings(), new_child, float(os.environ[LEASE])))
