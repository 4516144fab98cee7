"""A bot process: joined as `python -m bot` joins it, on a chat at the end of a wire, which hands in events over HTTP."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, UnixConnector, web

from adapters.queue.bell import RedisShootQueue
from adapters.records.inbox import SqlInbox
from adapters.records.ledger import Ledger, open_ledger
from adapters.records.outbox import SqlOutbox
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.conversation.conversation import Conversation
from bot.conversation.ports import Ports
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.events import from_json
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
from engine.contract.errors import StorageError
from tests.chaos.journal import FOLDER, LEASE, Journal
from tests.chaos.tripwires import watch_ledger
from tests.chaos.wire_chat import WireChat

PLATFORMS = ("discord", "slack")
HOLDS = 3
"""Leases until what a dead bot had in hand is handed out again; as in production, where it is 2 for messages and 4 for events."""
CHAT_SOCKET, DESK_SOCKET = "chat.sock", "desk.sock"


async def serve(settings: Settings, journal: Journal, folder: Path) -> None:
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
        wire = UnixConnector(str(folder / CHAT_SOCKET), limit=64)
        chat = WireChat(await stack.enter_async_context(ClientSession(connector=wire)), journal)
        desk, metrics = Desk(ledger.inbox), Metrics()
        ports = ports_of(settings, ledger, queue, pictures, chat)
        async with asyncio.TaskGroup() as loops:
            for loop in loops_of(settings, ledger, desk, ports, metrics):
                loops.create_task(loop())
            await listen(desk, folder / DESK_SOCKET)
            journal.up()


def ports_of(settings: Settings, ledger: Ledger, queue: RedisShootQueue, pictures: Pictures, chat: WireChat) -> Ports:
    """What the conversation needs, all of it real but the chat."""
    chats = dict.fromkeys(PLATFORMS, chat)
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


async def listen(desk: Desk, socket: Path) -> None:
    """200 means that the event is safe on disk; anything else, that it has to be delivered again."""

    async def receive(request: web.Request) -> web.Response:
        try:
            await desk.receive(from_json(await request.json()))
        except StorageError:
            return web.Response(status=503)
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/event", receive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()


def main() -> None:
    """Run until killed."""
    set_up_logs("info")
    journal = Journal.here()
    watch_ledger(journal, worker=False)
    asyncio.run(serve(load_settings(), journal, Path(os.environ[FOLDER])))
