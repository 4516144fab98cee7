"""Places between the statements of the ledger, in the very process that runs them: before a write, before its commit, after it.

Every write of a worker under a lease is written into the journal before it is committed, while SQLite lets nobody else write: so
the order in the journal is the order in the ledger.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Pool, event
from sqlalchemy.engine import Connection, Engine

from tests.chaos.journal import Journal

_WRITES = (
    ("receive", re.compile(r"INSERT INTO inbox ")),
    ("accept", re.compile(r"INSERT INTO shoots ")),
    ("done", re.compile(r"UPDATE inbox SET event=")),
    ("hand-out", re.compile(r"UPDATE outbox SET due_at=\?, tries=")),
    ("delivered", re.compile(r"UPDATE outbox SET due_at=\?, posted=")),
)
_WORKER_WRITES = (
    ("claim", re.compile(r"UPDATE shoots SET .*owner=\?.*fence=\(shoots\.fence \+ \?\).*stalls=\(shoots\.stalls \+")),
    ("checkpoint", re.compile(r"INSERT INTO checkpoints ")),
    ("finish", re.compile(r"INSERT INTO outbox ")),
    ("give-back", re.compile(r"UPDATE shoots SET state=\?, not_before=\?, .*errors=")),
)
BOT_PLACES = tuple(f"{write}-{when}" for write, _ in _WRITES for when in ("begin", "commit", "committed"))
WORKER_PLACES = tuple(f"{write}-{when}" for write, _ in _WORKER_WRITES[:3] for when in ("begin", "commit", "committed"))
_ID = re.compile(r"[0-9a-f]{32}")


def watch_ledger(journal: Journal, *, worker: bool) -> None:
    """Watch all databases of this process, for its whole life."""
    writes = _WORKER_WRITES if worker else _WRITES

    def before(connection: Connection, _: Any, statement: str, values: Any, *__: Any) -> None:
        for write, looks in writes:
            if looks.match(statement):
                shoot_id = next(filter(_is_id, _flat(values)), "")
                journal.reach(f"{write}-begin", about=shoot_id if worker else "")
                connection.info.setdefault("writes", {})[write] = shoot_id

    def after(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if worker and cursor.rowcount == 0:  # nobody's lease any more: nothing is written
            for write, looks in writes:
                if looks.match(statement):
                    connection.info.get("writes", {}).pop(write, None)

    def begin(connection: Connection) -> None:
        connection.info["writes"], connection.info["committed"] = {}, False

    def commit(connection: Connection) -> None:
        for write, shoot_id in connection.info.get("writes", {}).items():
            journal.reach(f"{write}-commit", about=shoot_id if worker else "")
            if worker:
                journal.write(write, shoot=shoot_id)
        connection.info["committed"] = True

    def checkin(_: Any, record: Any) -> None:
        if record.info.pop("committed", False):
            for write, shoot_id in record.info.pop("writes", {}).items():
                journal.reach(f"{write}-committed", about=shoot_id if worker else "")
                if write == "checkpoint":
                    journal.stored()

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "begin", begin)
    event.listen(Engine, "commit", commit)
    event.listen(Pool, "checkin", checkin)


def _flat(values: Any) -> Iterator[Any]:
    for value in values.values() if isinstance(values, dict) else values or ():
        yield from _flat(value) if isinstance(value, tuple | list | dict) else (value,)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
