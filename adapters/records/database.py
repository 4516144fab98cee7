"""Transactions on SQLite and PostgreSQL: repeated when the database is busy, with their errors translated."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import nullcontext
from typing import Any, TypeVar

from sqlalchemy import Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.records.failures import is_busy, to_storage_error
from adapters.records.writers import Writers

T = TypeVar("T")

PATIENCE_S = 2.5
"""How long a transaction is repeated; below the three seconds in which chat platforms want an answer."""
PAUSE_S = (0.0005, 0.004)
"""SQLite's own waiting starves writers for up to seconds; short random pauses keep the longest wait near a tenth."""
LAST_S = 5.0
"""What transactions have left to end when the database is closed."""
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_READ_ONLY = "headroom_read_only"


class Database:
    """One database by URL, `sqlite:///file` or `postgresql://…`. A unit of work is a coroutine over one connection."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        parsed = parsed.set(drivername=DRIVERS[parsed.get_backend_name()])
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True}
        self.engine = create_async_engine(parsed, hide_parameters=True, **options)
        self._writers = Writers() if self.is_sqlite else None
        self._running: set[asyncio.Task[Any]] = set()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare)
            event.listen(self.engine.sync_engine, "begin", _begin)

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]], *, urgent: bool = False) -> T:
        """Run `work` in one transaction and commit it. It may run several times, so it changes nothing else.

        `urgent`: a platform waits for it, so it goes before all others of this process.
        """
        # Writers of one process queue up instead of fighting for the file.
        async with self._writers.turn(urgent=urgent) if self._writers else nullcontext():
            return await self._whole(self._repeat(work, read_only=False))

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `work` on one consistent picture of the data."""
        return await self._whole(self._repeat(work, read_only=True))

    async def close(self) -> None:
        """Close all connections, when what runs has come to its end."""
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_S)
        await self.engine.dispose()

    async def _whole(self, transaction: Coroutine[Any, Any, T]) -> T:
        """Whoever is cancelled goes at once, and the transaction ends by itself. Cancelled in the middle, and perhaps twice,
        SQLAlchemy 2.1 closes a connection of aiosqlite 0.22 in two ways at once, and waits for ever for one of them.
        """
        task = asyncio.create_task(transaction)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has it, or has gone

    async def _repeat(self, work: Callable[[AsyncConnection], Awaitable[T]], *, read_only: bool) -> T:
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            try:
                async with self.engine.connect() as connection:
                    await connection.execution_options(**{_READ_ONLY: read_only})
                    async with connection.begin():
                        return await work(connection)
            except (SQLAlchemyError, OSError) as error:
                if not is_busy(error) or time.monotonic() > give_up_at:
                    raise to_storage_error(error) from error
            await asyncio.sleep(random.uniform(*PAUSE_S))


def insert(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """INSERT with ON CONFLICT, which both databases have and SQL's standard has not."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def alone(connection: AsyncConnection, lock: int) -> None:
    """Until this transaction ends, no other one has the same lock. On SQLite a writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _prepare(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("busy_timeout=0", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads before it writes could not be repeated by waiting; so writers take their turn first.
    reads = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
