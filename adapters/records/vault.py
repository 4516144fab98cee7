"""The vault on SQL: one row for each secret, in a box that opens under its own name only."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.database import Database, insert
from adapters.records.tables import vault
from bot.ledger import Clock
from engine.contract.errors import ArtifactUnreadable


class Seal(Protocol):
    """Locks and unlocks; whoever opens the vault brings it, because the key stands elsewhere."""

    def close(self, data: bytes, bound_to: str) -> bytes:
        """A box."""
        ...

    def open(self, box: bytes, bound_to: str) -> bytes:
        """What was closed; ArtifactUnreadable when anything differs, or what it is bound to."""
        ...


class SqlVault:
    """See `bot.vault.Vault`."""

    def __init__(self, database: Database, seal: Seal, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock

    async def put(self, name: str, secret: bytes, expires_at: float | None = None) -> None:
        """Sealed before the transaction begins."""
        row = {"sealed": self._seal.close(secret, name), "expires_at": expires_at}

        async def work(connection: AsyncConnection) -> None:
            made = insert(connection, vault).values(name=name, **row)
            await connection.execute(made.on_conflict_do_update(index_elements=[vault.c.name], set_=row))

        await self._database.write(work)

    async def get(self, name: str) -> bytes | None:
        """One row."""

        async def work(connection: AsyncConnection) -> bytes | None:
            found = select(vault.c.sealed).where(vault.c.name == name, self._is_kept())
            return (await connection.execute(found)).scalar_one_or_none()

        return self._opened(name, await self._database.read(work))

    async def take(self, name: str) -> bytes | None:
        """One statement, so that both databases let one caller have it."""

        async def work(connection: AsyncConnection) -> bytes | None:
            taken = delete(vault).where(vault.c.name == name, self._is_kept()).returning(vault.c.sealed)
            return (await connection.execute(taken)).scalar_one_or_none()

        return self._opened(name, await self._database.write(work))

    async def names(self, prefix: str) -> tuple[str, ...]:
        """Each is opened, so that what is named can be got."""

        async def work(connection: AsyncConnection) -> list[tuple[str, bytes]]:
            found = select(vault.c.name, vault.c.sealed).where(begins(prefix), self._is_kept())
            return [(name, sealed) for name, sealed in await connection.execute(found)]

        rows = await self._database.read(work)
        return tuple(sorted(name for name, sealed in rows if self._opened(name, sealed) is not None))

    async def drop(self, prefix: str) -> int:
        """What has expired goes, too, and is not counted."""

        async def work(connection: AsyncConnection) -> int:
            await connection.execute(delete(vault).where(begins(prefix), is_over(self._clock())))
            return (await connection.execute(delete(vault).where(begins(prefix)))).rowcount

        return await self._database.write(work)

    def _opened(self, name: str, sealed: bytes | None) -> bytes | None:
        if sealed is None:
            return None
        try:
            return self._seal.open(sealed, name)
        except ArtifactUnreadable:
            return None

    def _is_kept(self) -> ColumnElement[bool]:
        return or_(vault.c.expires_at.is_(None), ~is_over(self._clock()))


def begins(prefix: str) -> ColumnElement[bool]:
    """Rows whose name begins so. LIKE would not do: SQLite's knows no capital letters."""
    return func.substr(vault.c.name, 1, len(prefix)) == prefix


def is_over(now: float) -> ColumnElement[bool]:
    """Rows that nobody gets any more."""
    return and_(vault.c.expires_at.is_not(None), vault.c.expires_at <= now)
