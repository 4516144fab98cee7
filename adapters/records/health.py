"""Whether a database can be written to, and which schema it has. Nothing here changes it."""

from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database
from adapters.records.migrate import revisions
from bot.ledger import Clock
from engine.contract.errors import SettingsError, StorageError


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database holds, compared with what this version wants."""

    found: str
    """Revision of the database; "" = none yet, the first start builds it."""
    wanted: str

    @property
    def current(self) -> bool:
        """False: the next start migrates it."""
        return self.found == self.wanted


async def schema(url: str) -> Schema:
    """The schema of a database, which is neither made nor migrated. StorageError; SettingsError "records_newer"."""
    known, wanted = revisions()
    database = Database(url)
    try:
        if database.is_sqlite and not Path(database.engine.url.database or "").exists():
            return Schema("", wanted)

        async def work(connection: AsyncConnection) -> str:
            return await connection.run_sync(_revision)

        found = await database.read(work)
    finally:
        await database.close()
    if found and found not in known:
        raise SettingsError("records_newer", revision=found)
    return Schema(found, wanted)


async def clock_ahead(url: str, clock: Clock) -> float:
    """Seconds that the database's clock is ahead of ours; 0 for a file, which has none. StorageError."""
    database = Database(url)
    try:
        if database.is_sqlite:
            return 0.0

        async def work(connection: AsyncConnection) -> float:
            asked_at = clock()
            theirs = (await connection.execute(text("SELECT extract(epoch FROM clock_timestamp())"))).scalar_one()
            return float(theirs) - (asked_at + clock()) / 2

        return await database.read(work)
    finally:
        await database.close()


async def check(database: Database) -> None:
    """Write one row that changes nothing, as an order would be written. StorageError when that cannot be done."""

    async def work(connection: AsyncConnection) -> int:
        return (await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))).rowcount

    if await database.write(work) != 1:
        raise StorageError("records_damaged")


def _revision(connection: Connection) -> str:
    return ", ".join(sorted(MigrationContext.configure(connection).get_current_heads()))
