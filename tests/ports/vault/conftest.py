"""The implementations of `Vault` that the suite runs on: a SQLite file, a PostgreSQL server, and the fake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import delete

from adapters.records.database import Database
from adapters.records.tables import vault as rows
from adapters.records.vault import SqlVault
from adapters.storage.seals import InstallSeal
from bot.vault import Vault
from tests.ports.ledger.conftest import migrated, postgres  # noqa: F401
from tests.ports.ledger.story import HandClock
from tests.ports.vault.fake_vault import FakeVault

INSTALL_KEY = bytes(range(32))


@dataclass
class Place:
    """A vault and its clock."""

    vault: Vault
    clock: HandClock


@dataclass
class Strongroom:
    """A vault on a database, and what stands behind it."""

    database: Database
    url: str
    clock: HandClock

    def opened_with(self, install_key: bytes = INSTALL_KEY) -> SqlVault:
        """As one process has it."""
        return SqlVault(self.database, InstallSeal(install_key).for_vault(), self.clock)


def _address(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "postgresql":
        return str(request.getfixturevalue("postgres"))
    (folder / "ledger.db").write_bytes(request.getfixturevalue("migrated"))
    return f"sqlite:///{folder / 'ledger.db'}"


@asynccontextmanager
async def _built(url: str) -> AsyncIterator[Strongroom]:
    made = Strongroom(Database(url), url, HandClock())
    async with made.database.engine.begin() as connection:
        await connection.execute(delete(rows))
    yield made
    await made.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each database in turn."""
    return _address(request.param, request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql", "fake"])
def url_or_fake(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The fake has no address."""
    return "" if request.param == "fake" else _address(request.param, request, tmp_path)


@pytest_asyncio.fixture
async def strongroom(url: str) -> AsyncIterator[Strongroom]:
    """An empty one on a database."""
    async with _built(url) as made:
        yield made


@pytest_asyncio.fixture
async def place(url_or_fake: str) -> AsyncIterator[Place]:
    """Any implementation, empty."""
    if not url_or_fake:
        clock = HandClock()
        yield Place(FakeVault(clock), clock)
        return
    async with _built(url_or_fake) as made:
        yield Place(made.opened_with(), made.clock)
