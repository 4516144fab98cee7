"""How fast the bot answers under load: `python -m bench.bot [--seconds 60] [--json]`, each figure beside its limit.

- Acknowledgement: 50 events a second from 20 workspaces go through the desk, while dispatcher, relay and progress board serve
  them in the same process, and a worker process makes a real shoot of the sample sitter on the same machine. Events come when
  they come: one that had to wait for an earlier one has waited.
- Place in line of one of 5,000 that wait, on SQLite and PostgreSQL.
- Fair share: shoots that a newcomer's first one waits for, when another workspace has one running and 1,000 in line.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.queue.embedded import EmbeddedServer
from adapters.records.ledger import Ledger, open_ledger
from bench.ledger import database, fill
from bench.running.bot import Bot, opened, sits, worker
from bot.events import Commanded, Event, Happening, Said
from bot.people import Person
from bot.shoots import Ending, ShootOrder, ShootState, new_shoot_id

EVENTS_A_SECOND, WORKSPACES, PEOPLE, WITH_PHOTOS = 50, 20, 400, 40
LIMITS = {
    "acknowledged p99 ms": 300.0,
    "acknowledged max ms": 2500.0,
    "place p95 ms": 20.0,
    "newcomer waits for shoots": 1.0,
}
MANY = 1000
"""Shoots in line of one workspace."""


def main() -> None:
    """Measure and print; `--json` prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of load")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asyncio.run(acknowledgement(options.seconds))
    for kind in ("sqlite", "postgresql"):
        figures |= asyncio.run(place_in_line(kind))
    figures |= asyncio.run(fair_share())
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        limit = next((limit for known, limit in LIMITS.items() if name.endswith(known)), None)
        print(f"{name:>26} {value:10.1f}" + (f" {value / limit:7.0%} of {limit:g}" if limit else ""))


async def acknowledgement(seconds: float) -> dict[str, float]:
    """Events through the desk while a shoot runs in a worker process."""
    with TemporaryDirectory(prefix="headroom-") as name, EmbeddedServer(Path(name) / "valkey") as server:
        async with opened(Path(name), server.url) as bot:
            for number in range(PEOPLE):
                await bot.ledger.people.give_consent(somebody(number), bot.ports.text())
            for number in range(WITH_PHOTOS):
                await sits(bot, somebody(10 * number))
            await bot.desk.receive(event(0, somebody(0), Commanded("corporate 8")))
            async with worker(Path(name), server.url):
                await running(bot)
                worked = time.process_time()
                took = await load(bot, seconds)
                worked = time.process_time() - worked
            return {
                "acknowledged p50 ms": share(took, 0.5),
                "acknowledged p99 ms": share(took, 0.99),
                "acknowledged max ms": took[-1],
                "bot's share of a core %": worked / seconds * 100,
                "messages posted": bot.chat.posted,
                "placeholders edited": bot.chat.edited,
            }


async def load(bot: Bot, seconds: float) -> list[float]:
    """Milliseconds from when each event was due to its acknowledgement, ascending."""
    took: list[float] = []

    async def one(number: int, due: float) -> None:
        await bot.desk.receive(event(number, somebody(number * 7), happening(number)))
        took.append((time.perf_counter() - due) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as events:
        for number in range(1, int(EVENTS_A_SECOND * seconds) + 1):
            due = began + number / EVENTS_A_SECOND
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            events.create_task(one(number, due))
    return sorted(took)


def happening(number: int) -> Happening:
    """Those with photos ask for headshots, the rest talks."""
    if number % 10 == 0:
        return Commanded("corporate 4")
    return Said(("status", "help", "styles", "photos", "hello")[number % 5])


async def running(bot: Bot) -> None:
    """Wait until the worker makes the first shoot."""
    async with asyncio.timeout(120):
        while not any(s.state is ShootState.RUNNING for s in await bot.ledger.reconciler.standing(("slack",))):
            await asyncio.sleep(0.1)


async def place_in_line(kind: str) -> dict[str, float]:
    """How long the place of one of 5,000 takes."""
    with database(kind) as url:
        ledger = await open_ledger(url, time.time)
        waiting, took = await fill(ledger), []
        for shoot_id in waiting[::25]:
            began = time.perf_counter()
            await ledger.acceptance.place(shoot_id)
            took.append((time.perf_counter() - began) * 1000)
        await ledger.close()
    took.sort()
    return {f"{kind} place p50 ms": share(took, 0.5), f"{kind} place p95 ms": share(took, 0.95)}


async def fair_share() -> dict[str, float]:
    """One workspace has a running shoot and a long line; how many of them end before a newcomer's first begins."""
    with database("sqlite") as url:
        ledger = await open_ledger(url, time.time)
        for number in range(MANY + 1):
            await asks(ledger, Person("slack", "T-many", f"U{number // 3}"), number)
        lease = await ledger.leases.claim("shoots", "bench")
        newcomer = Person("slack", "T-few", "U1")
        await asks(ledger, newcomer, -1)
        waited_for = 0
        while lease is not None and lease.order.person != newcomer:
            await ledger.leases.finish(lease, Ending(ShootState.FINISHED, {}))
            lease = await ledger.leases.claim("shoots", "bench")
            waited_for += 1
        await ledger.close()
    return {"newcomer waits for shoots": waited_for}


async def asks(ledger: Ledger, person: Person, number: int) -> None:
    """Accept a shoot."""
    order = ShootOrder(new_shoot_id(), person, f"Ev{number}", "shoot", {"style": "corporate", "count": 4}, "D1")
    await ledger.acceptance.accept(order)


def event(number: int, person: Person, happened: Happening) -> Event:
    """Something that a person does."""
    return Event(f"Ev{number}", person, f"D-{person.user}", f"D-{person.user}", happened)


def somebody(number: int) -> Person:
    """Every tenth has sent photos, two in each workspace."""
    number %= PEOPLE
    return Person("slack", f"T{number // 10 % WORKSPACES}", f"U{number}")


def share(ordered: list[float], part: float) -> float:
    """The value below which this part of an ascending list lies."""
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


if __name__ == "__main__":
    main()
