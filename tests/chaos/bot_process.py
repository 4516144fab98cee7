"""A bot process, whatever its chat: joined as `python -m bot` joins it, and killed again and again."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.queue.bell import RedisShootQueue
from adapters.records.inbox import SqlInbox
from adapters.records.ledger import Ledger, open_ledger
from adapters.records.outbox import SqlOutbox
from adapters.records.vault import SqlVault
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.seals import InstallSeal
from adapters.storage.shelf import folder_shelf
from bot.chat import ChatPlatform
from bot.conversation.conversation import Conversation
from bot.conversation.ports import Ports
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.exporting import Exporting
from bot.forgetting import Forgetting
from bot.observe.logs import set_up_logs
from bot.observe.measured import Measured
from bot.observe.metrics import Metrics
from bot.placeholders import Placeholders
from bot.progress import ProgressBoard
from bot.relay import Relay
from bot.settings import Settings, load_settings
from bot.upkeep import Upkeep
from engine.catalogue import StudioCatalogue
from tests.chaos.journal import LEASE, Journal
from tests.chaos.tripwires import watch_ledger

HOLDS = 2
"""Leases until what a dead bot had in hand is handed out again; as in production, where it is 4 for events, of which the next
process would have nothing to do for most of a short storm.
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a chat is joined to."""

    settings: Settings
    journal: Journal
    desk: Desk
    pictures: Pictures
    vault: SqlVault


Join = Callable[[AsyncExitStack, Parts], Awaitable[Mapping[str, ChatPlatform]]]
"""Listens to chats from now on; by name of the platform."""


async def serve(settings: Settings, journal: Journal, join: Join) -> None:
    """Until killed."""
    async with AsyncExitStack() as stack:
        pictures = await open_pictures(
            folder_shelf(settings.data_dir / "pictures"),
            load_install_key(settings.install_key),
            lambda: datetime.now(UTC),
        )
        hold_s = HOLDS * float(os.environ[LEASE])
        ledger = await open_ledger(settings.database, time.time)
        inbox, outbox = SqlInbox(ledger.database, time.time, hold_s), SqlOutbox(ledger.database, time.time, hold_s)
        ledger = replace(ledger, inbox=inbox, outbox=outbox)
        queue = RedisShootQueue(settings.redis_url)
        desk, metrics = Desk(ledger.inbox), Metrics()
        vault = SqlVault(ledger.database, InstallSeal(load_install_key(settings.install_key)).for_vault(), time.time)
        chats = await join(stack, Parts(settings, journal, desk, pictures, vault))
        ports = ports_of(settings, ledger, queue, pictures, chats)
        async with asyncio.TaskGroup() as loops:
            for loop in loops_of(settings, ledger, desk, ports, metrics):
                loops.create_task(loop())
            journal.up()


def ports_of(
    settings: Settings, ledger: Ledger, queue: RedisShootQueue, pictures: Pictures, chats: Mapping[str, ChatPlatform]
) -> Ports:
    """What the conversation needs, all of it real."""
    return Ports(
        acceptance=ledger.acceptance,
        people=ledger.people,
        galleries=ledger.galleries,
        inbox=ledger.inbox,
        queue=queue,
        pictures=pictures,
        catalogue=StudioCatalogue(None),
        platforms=chats,
        forgetting=Forgetting(ledger.people, pictures, queue, chats),
        exporting=Exporting(ledger.people, pictures, settings.retention, time.time),
        clock=time.time,
        operator=settings.operator,
        retention=settings.retention,
    )


def loops_of(
    settings: Settings, ledger: Ledger, desk: Desk, ports: Ports, metrics: Metrics
) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
    """What runs for ever."""
    placeholders = Placeholders(time.time)
    relay = Relay(ledger.outbox, ledger.acceptance, ledger.galleries, ports.platforms, placeholders, time.time)
    board = ProgressBoard(
        ledger.reconciler, ledger.acceptance, ledger.galleries, ports.queue, ports.platforms, placeholders, time.time
    )
    upkeep = Upkeep(ledger.reconciler, ports.queue, ports.pictures, settings.retention, time.time)
    dispatcher = Dispatcher(ledger.inbox, desk, Measured(Conversation(ports), metrics), ports.platforms)
    return dispatcher.run, relay.run, board.run, upkeep.run


def run(join: Join) -> None:
    """Until killed."""
    set_up_logs("info")
    journal = Journal.here()
    watch_ledger(journal, worker=False)
    asyncio.run(serve(load_settings(), journal, join))
