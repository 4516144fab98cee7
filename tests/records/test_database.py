"""What SQLite and its file system do at their worst."""

import asyncio
import gc
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records import database as module
from adapters.records.database import Database
from adapters.records.ledger import open_ledger
from engine.contract.errors import StorageError
from tests.ports.ledger.story import ANNA, HandClock, to_order

pytestmark = pytest.mark.asyncio


async def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    """Write-ahead log, a flush at every commit, foreign keys, and no waiting inside SQLite."""
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())

    async def pragmas(connection: AsyncConnection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]

    found = await ledger.database.read(pragmas)
    await ledger.close()
    assert found == ["wal", 2, 1, 0]


async def test_a_write_waits_until_another_process_is_done(tmp_path: Path) -> None:
    """A lock that is held for a moment costs that moment, and is no error."""
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        accepting = asyncio.create_task(ledger.acceptance.accept(to_order()))
        await asyncio.sleep(0.05)
        assert not accepting.done()
        assert await ledger.acceptance.open_shoots(ANNA) == ()  # readers do not wait for writers
        other.execute("COMMIT")
        assert (await accepting).new
    await ledger.close()


async def test_a_lock_that_stays_is_an_error_before_the_platform_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a commit nobody is answered, so the platform delivers the event again."""
    assert module.PATIENCE_S < 3
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StorageError, match="records_busy") as caught:
            await ledger.acceptance.accept(to_order())
        assert caught.value.retryable
        assert time.monotonic() - began < 2
        other.execute("ROLLBACK")
    assert await ledger.acceptance.open_shoots(ANNA) == ()
    await ledger.close()


async def test_a_full_disk_is_said_and_keeps_nothing_half(tmp_path: Path) -> None:
    """No acknowledgement without a commit."""
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())

    async def fill(connection: AsyncConnection) -> None:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    await ledger.database.write(fill)
    with pytest.raises(StorageError, match="records_full"):
        await ledger.acceptance.accept(to_order(), {"words": "x" * 200_000})
    assert (await ledger.reconciler.counts()).open == 0
    await ledger.close()


async def test_a_server_that_is_away_is_a_storage_error() -> None:
    """And not one of a driver that nobody outside knows."""
    database = Database("postgresql://nobody@127.0.0.1:1/none")

    async def work(connection: AsyncConnection) -> None:
        raise AssertionError("never gets here")

    with pytest.raises(StorageError, match="records_unreachable"):
        await database.read(work)
    await database.close()


async def test_what_is_cancelled_in_the_middle_does_not_keep_the_process_from_ending(tmp_path: Path) -> None:
    """Whoever stops Headroom cancels what runs, sometimes twice; a transaction comes to its end, and the files are closed."""
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())
    before = asyncio.all_tasks()
    for turn in range(60):
        accepting = asyncio.create_task(ledger.acceptance.accept(to_order()))
        for _ in range(turn):
            await asyncio.sleep(0)
        accepting.cancel()
        await asyncio.sleep(0)
        accepting.cancel()
        await asyncio.gather(accepting, return_exceptions=True)

    async with asyncio.timeout(5):
        await ledger.close()
        while asyncio.all_tasks() - before:
            await asyncio.sleep(0.01)


async def test_whoever_left_hears_no_more_of_it_and_nor_does_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check of health that ran out of patience is no mistake of ours, however its transaction ends."""
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", HandClock())
    told: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ledger.acceptance.accept(to_order())
        await asyncio.sleep(0.5)
        gc.collect()
    await ledger.close()

    assert told == []
