"""A real vault in a real file, for tests that look for tokens where none may be."""

import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import structlog

from adapters.records.ledger import Ledger, open_ledger
from adapters.records.vault import SqlVault
from adapters.storage.seals import InstallSeal
from bot.observe.logs import OURS, set_up_logs
from tests.ports.ledger.story import HandClock


@dataclass
class Strongroom:
    """The ledger of an install with its vault."""

    ledger: Ledger
    vault: SqlVault
    clock: HandClock
    folder: Path

    def bytes_on_disk(self) -> bytes:
        """All that a thief of the database has."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob("ledger.db*")))


@asynccontextmanager
async def open_strongroom(folder: Path) -> AsyncIterator[Strongroom]:
    """Until the block ends."""
    clock = HandClock()
    ledger = await open_ledger(f"sqlite:///{folder / 'ledger.db'}", clock)
    try:
        vault = SqlVault(ledger.database, InstallSeal(bytes(range(32))).for_vault(), clock)
        yield Strongroom(ledger, vault, clock, folder)
    finally:
        await ledger.close()


@contextmanager
def everything_logged() -> Iterator[StringIO]:
    """What the log of an operator holds who turned everything on; all is put back afterwards."""
    root, hooks = logging.getLogger(), (sys.excepthook, sys.unraisablehook, threading.excepthook)
    kept = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in OURS}
    stream = StringIO()
    set_up_logs("debug", stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level, logging.raiseExceptions = kept
        sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()
