"""Whether the records can be written to, asked without changing them."""

import sqlite3
from pathlib import Path

import pytest

from adapters.records.health import check, schema
from adapters.records.ledger import open_ledger
from engine.contract.errors import SettingsError, StorageError


@pytest.mark.asyncio
async def test_looking_at_records_that_are_not_there_makes_none(tmp_path: Path) -> None:
    """`headroom doctor` may be run before the first start."""
    found = await schema(f"sqlite:///{tmp_path / 'ledger.db'}")

    assert (found.found, found.current) == ("", False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.asyncio
async def test_records_that_work_are_current_and_writable(tmp_path: Path) -> None:
    """On the first day and after every start; and asking changes nothing."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledger = await open_ledger(url, lambda: 0.0)
    try:
        before = await schema(url)
        await check(ledger.database)
        assert before.current
        assert await schema(url) == before
    finally:
        await ledger.close()


@pytest.mark.asyncio
async def test_records_of_a_newer_headroom_are_told_apart(tmp_path: Path) -> None:
    """Somebody went back to an older version."""
    file = tmp_path / "ledger.db"
    await (await open_ledger(f"sqlite:///{file}", lambda: 0.0)).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(SettingsError, match="records_newer"):
        await schema(f"sqlite:///{file}")


@pytest.mark.asyncio
async def test_records_that_cannot_be_written_to_are_not_ready(tmp_path: Path) -> None:
    """A reader would be content; an order would be lost."""
    file = tmp_path / "ledger.db"
    ledger = await open_ledger(f"sqlite:///{file}", lambda: 0.0)
    blocker = sqlite3.connect(file, isolation_level=None)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="records_busy"):
            await check(ledger.database)
        blocker.execute("ROLLBACK")
        await check(ledger.database)
    finally:
        blocker.close()
        await ledger.close()


@pytest.mark.asyncio
async def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """Wrong host, or it is down."""
    with pytest.raises(StorageError, match="records_unreachable"):
        await schema("postgresql://nobody@127.0.0.1:1/nothing")
