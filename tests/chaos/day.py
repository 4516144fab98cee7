"""One storm from its first process to its last: people come in waves while it rages, and may go on until all is told."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.records.ledger import Ledger, open_ledger
from adapters.records.tables import inbox, outbox, shoots
from bot.people import Person
from bot.shoots import ShootState
from tests.chaos import wire_bot
from tests.chaos.chat import Chat
from tests.chaos.evidence import Evidence
from tests.chaos.people import Post, Sitter
from tests.chaos.storm import Storm
from tests.chaos.studio import AT_SIGHT
from tests.chaos.town import Town
from tests.chaos.tripwires import BOT_PLACES
from tests.chaos.wire_bot import CHAT_SOCKET
from tests.chaos.wire_chat import PLACES

WORKSPACES = (("slack", "T1"), ("slack", "T2"), ("slack", "T3"), ("discord", "G1"), ("discord", "G2"))
POISONS = ("crash", "hang", "eat", "stumble", "kill_worker", f"{AT_SIGHT}crash")
"""One person in each wave for every one of them."""
PEOPLE, SHOOTS, HEADSHOTS = 30, 4, 3
"""In a wave, of each person who is well, and of each shoot."""
RAGE_S = 40.0
"""The storm goes on until all of the last wave is told, but no longer than this."""
LATE_S = 120.0
"""For what is still open then, on a machine that has much else to do."""


async def day(folder: Path, seed: int, lease_s: float, minutes: float) -> Evidence:
    """All that is left of it. `minutes`: how long new waves come; 0: one wave."""
    rng = random.Random(seed)
    chat = Chat(random.Random(rng.random()))
    runner = await chat.serve(folder / CHAT_SOCKET)
    began = time.time()
    try:
        async with Town(folder, lease_s, wire_bot.main) as town:
            post = Post(town, random.Random(rng.random()))
            storm = Storm(town, random.Random(rng.random()), (*BOT_PLACES, *PLACES))
            sitters: list[Sitter] = []
            left = await rage(storm.rages(), sitters, partial(people, chat, post, rng), began + minutes * 60)
            chat.faults = 0.0
            await calm(town, sitters, left, post.again)
        return await Evidence.gather(town, chat, post, sitters, began)
    finally:
        await runner.cleanup()


async def rage(
    storm: Coroutine[Any, Any, None],
    sitters: list[Sitter],
    wave: Callable[[int], list[Sitter]],
    until: float,
    shoots: int = SHOOTS,
    headshots: int = HEADSHOTS,
) -> set[asyncio.Task[None]]:
    """People come while it rages: `wave` tells who, given how many came before. Visits that are not over when it ends."""
    raging = asyncio.create_task(storm)
    visits: set[asyncio.Task[None]] = set()
    while not sitters or time.time() < until:
        came = wave(len(sitters))
        sitters += came
        visits = {asyncio.create_task(s.visits(1 if s.poison else shoots, headshots)) for s in came} | visits
        visits = await over(visits, RAGE_S)
    raging.cancel()
    with suppress(asyncio.CancelledError):
        await raging
    return visits


async def calm(
    town: Town, sitters: Sequence[Sitter], visits: set[asyncio.Task[None]], again: set[asyncio.Task[None]]
) -> None:
    """After the storm: until nobody has anything to do. `again`: what the platform is about to deliver again."""
    await finished(visits | again)
    await finished({asyncio.create_task(last_guest(town, sitters[-1]))})
    await finished(set(again))
    await quiet(town)


async def over(visits: set[asyncio.Task[None]], within_s: float) -> set[asyncio.Task[None]]:
    """Wait for them; those that are not over in time."""
    done, late = await asyncio.wait(visits, timeout=within_s) if visits else (set(), set())
    for visit in done:
        visit.result()
    return late


async def finished(visits: set[asyncio.Task[None]]) -> None:
    """Wait for the last of them; whoever takes too long is sent home, and the judge will see why."""
    late = await over(visits, LATE_S)
    for visit in late:
        visit.cancel()
    await asyncio.gather(*late, return_exceptions=True)


def people(chat: Chat, post: Post, rng: random.Random, before: int) -> list[Sitter]:
    """Some in every workspace; those whose photos are poison first, because it takes longest to find out."""
    made = []
    for number in range(PEOPLE):
        platform, workspace = WORKSPACES[number % len(WORKSPACES)]
        who = Person(platform, workspace, f"u{before + number}")
        poison = POISONS[number] if number < len(POISONS) else ""
        made.append(Sitter(who, chat, post, random.Random(rng.random()), poison))
    return made


async def last_guest(town: Town, sitter: Sitter) -> None:
    """Asks when Redis is away, and the worker dies with it in hand: no later ring will remind anybody."""
    town.kill_server(1.0, wipe=True)
    town.journal.order("engine-render-worker")
    await sitter.asks(HEADSHOTS)
    await sitter.waits(1)


async def quiet(town: Town) -> None:
    """Wait until nobody has anything to do, `LATE_S` at most."""
    ledger = await open_ledger(town.database, time.time)
    try:
        async with asyncio.timeout(LATE_S):
            while await _left(ledger):
                await asyncio.sleep(0.2)
    except TimeoutError:
        pass  # the judge will say what is left
    finally:
        await ledger.close()


async def _left(ledger: Ledger) -> int:
    opened = select(func.count()).where(shoots.c.state.in_([state for state in ShootState if state.is_open]))
    heard = select(func.count()).where(inbox.c.due_at.is_not(None))
    said = select(func.count()).where(outbox.c.due_at.is_not(None))

    async def work(connection: AsyncConnection) -> int:
        return sum([(await connection.execute(figure)).scalar_one() for figure in (opened, heard, said)])

    return await ledger.database.read(work)
