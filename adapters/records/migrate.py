"""Bring a database to the schema of this version. Runs at every start; several processes may start at once."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, alone
from engine.contract.errors import SettingsError, StorageError

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x48656164726F6F6D
"""Key of PostgreSQL's advisory lock: one migrates, the others wait."""
_SWITCH_TRIES = 100


async def migrate(url: str) -> str:
    """Build or update the schema in one transaction and return its revision. SettingsError when it is a newer one."""
    database = Database(url)
    try:
        if database.is_sqlite:
            await _turn_on_write_ahead_log(database.engine.url.database or "")
        return await database.write(_upgrade)
    finally:
        await database.close()


async def _turn_on_write_ahead_log(file: str) -> None:
    """Two processes that start at once may both want to switch, and SQLite then refuses one at once instead of waiting."""
    for attempt in range(_SWITCH_TRIES):
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.Error as error:
            busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or attempt == _SWITCH_TRIES - 1:
                raise StorageError("records_unreachable") from error
            await asyncio.sleep(random.uniform(0.01, 0.05))


async def _upgrade(connection: AsyncConnection) -> str:
    await alone(connection, _LOCK)
    return await connection.run_sync(_run)


def revisions() -> tuple[frozenset[str], str]:
    """All revisions that this version knows, and the one that it wants."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(revision.revision for revision in script.walk_revisions()), script.get_current_head() or ""


def _config(**attributes: object) -> Config:
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(connection: Connection) -> str:
    known, wanted = revisions()
    found = set(MigrationContext.configure(connection).get_current_heads())
    if not found <= known:
        raise SettingsError("records_newer", revision=", ".join(sorted(found - known)))
    command.upgrade(_config(connection=connection), "head")
    return wanted
