"""The schema: built at start, by whoever comes first, never downgraded, and the same as the tables in the code."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from adapters.records.migrate import migrate
from adapters.records.tables import metadata
from engine.contract.errors import SettingsError, StorageError


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


def test_the_migrations_build_what_the_code_expects(url: str) -> None:
    """A column that was added to the tables only would be missing on every installation."""
    asyncio.run(migrate(url))
    engine = create_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert found == []


def test_starting_again_changes_nothing(url: str) -> None:
    """Every start migrates."""
    assert asyncio.run(migrate(url)) == asyncio.run(migrate(url)) == "0002"


def test_many_may_start_at_once(url: str) -> None:
    """Bot and worker come up together on a fresh machine."""

    async def start() -> list[str]:
        return await asyncio.gather(*[migrate(url) for _ in range(6)])

    assert asyncio.run(start()) == ["0002"] * 6


def test_records_of_a_newer_headroom_are_refused_and_left_alone(url: str, tmp_path: Path) -> None:
    """Going back to an older version cannot damage anything."""
    asyncio.run(migrate(url))
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SettingsError, match="records_newer") as caught:
        asyncio.run(migrate(url))
    assert caught.value.facts == {"revision": "9999"}
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_failed_migration_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    """Half a schema would neither work nor migrate."""
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection, connection:
        connection.execute("CREATE TABLE outbox (id INTEGER)")

    with pytest.raises(StorageError):
        asyncio.run(migrate(url))
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"outbox"}


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """An operator who mistyped the path reads that, not a trace."""
    with pytest.raises(StorageError, match="records_unreachable"):
        asyncio.run(migrate(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}"))
