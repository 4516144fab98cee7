"""The whole ledger on one database."""

from dataclasses import dataclass

from adapters.records.acceptance import SqlAcceptance
from adapters.records.database import Database
from adapters.records.galleries import SqlGalleries
from adapters.records.inbox import SqlInbox
from adapters.records.leases import SqlLeases
from adapters.records.migrate import migrate
from adapters.records.outbox import SqlOutbox
from adapters.records.people import SqlPeople
from adapters.records.reconciler import SqlReconciler
from bot.ledger import LEASE_S, Acceptance, Clock, Galleries, Inbox, Leases, Outbox, People, Reconciler


@dataclass(frozen=True, slots=True)
class Ledger:
    """The seven ports over one pool of connections."""

    database: Database
    acceptance: Acceptance
    leases: Leases
    reconciler: Reconciler
    outbox: Outbox
    people: People
    inbox: Inbox
    galleries: Galleries

    async def close(self) -> None:
        """Close all connections."""
        await self.database.close()


async def open_ledger(url: str, clock: Clock, lease_s: float = LEASE_S) -> Ledger:
    """Migrate and connect. `url`: sqlite:///folder/file or postgresql://user@host/name."""
    await migrate(url)
    return connect(url, clock, lease_s)


def connect(url: str, clock: Clock, lease_s: float = LEASE_S) -> Ledger:
    """The ledger on a database that has the schema of this version."""
    database = Database(url)
    return Ledger(
        database,
        SqlAcceptance(database, clock),
        SqlLeases(database, clock, lease_s),
        SqlReconciler(database, clock),
        SqlOutbox(database, clock),
        SqlPeople(database, clock),
        SqlInbox(database, clock),
        SqlGalleries(database, clock),
    )
