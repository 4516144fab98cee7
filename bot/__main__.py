"""`python -m bot`: everything that talks to people, until it is told to stop. Joins the parts; nobody imports this.

Exit codes: 0 stopped, 1 something else is away or broken and starting again may help, 2 a setting is wrong.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, Final, Protocol

from adapters.playground.server import Playground
from adapters.queue import health as queue_health
from adapters.queue.bell import RedisShootQueue
from adapters.records import health as records_health
from adapters.records.ledger import Ledger, open_ledger
from adapters.records.vault import SqlVault
from adapters.slack.app import Slack
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.places import shelf_at
from adapters.storage.seals import InstallSeal
from bot.chat import ChatPlatform
from bot.conversation.conversation import Conversation
from bot.conversation.ports import Ports
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.exporting import Exporting
from bot.forgetting import Forgetting
from bot.observe.health import Check, Health, free_disk
from bot.observe.logs import quiet_loop, set_up_logs
from bot.observe.measured import Measured
from bot.observe.metrics import Metrics
from bot.observe.server import observed
from bot.placeholders import Placeholders
from bot.progress import ProgressBoard
from bot.relay import Relay
from bot.settings import Settings, load_settings, pass_on
from bot.upkeep import Upkeep
from bot.vault import Vault
from engine.catalogue import StudioCatalogue
from engine.contract.errors import ArtifactUnreadable, HeadroomError, SettingsError, StorageError
from engine.contract.sentences import sentence

log = logging.getLogger(__name__)


class Adapter(Protocol):
    """A platform that runs in this process."""

    @property
    def chat(self) -> ChatPlatform:
        """What the bot says there."""
        ...

    async def start(self) -> None:
        """From now on, what people do there is handed in."""
        ...

    async def stop(self) -> None:
        """Nothing more is handed in, and nothing can be said."""
        ...


def playground(
    settings: Settings, desk: Desk, pictures: Pictures, catalogue: StudioCatalogue, vault: Vault
) -> Adapter | None:
    """The web chat on this machine."""
    del vault
    if not settings.playground:
        return None
    return Playground(
        settings.playground_port,
        desk.receive,
        pictures,
        settings.data_dir,
        lambda: [(style.name, style.title) for style in catalogue.styles()],
        settings.playground_host,
        catalogue.example,
    )


def slack(
    settings: Settings, desk: Desk, pictures: Pictures, catalogue: StudioCatalogue, vault: Vault
) -> Adapter | None:
    """Where there is a token of a workspace, or an app that workspaces can add."""
    if not (settings.slack_bot_token or settings.slack_client_id):
        return None
    return Slack(settings, desk.receive, pictures, vault, catalogue, time.time)


PLATFORMS: Final[Mapping[str, Callable[[Settings, Desk, Pictures, StudioCatalogue, Vault], Adapter | None]]] = {
    "playground": playground,
    "slack": slack,
}
"""By `Person.platform`. None: not set up."""


async def serve(settings: Settings) -> None:
    """Talk until SIGTERM or SIGINT; the second one ends the process at once. Raises what keeps it from starting or going on."""
    if not settings.redis_url:
        raise SettingsError("redis_not_named")
    quiet_loop(asyncio.get_running_loop())
    stop, metrics = _stopped_by_signals(), Metrics(version("headroom"))
    async with AsyncExitStack() as stack:
        pictures = await _open_pictures(settings)
        ledger = await open_ledger(settings.database, time.time)
        stack.push_async_callback(ledger.close)
        queue = RedisShootQueue(settings.redis_url)
        stack.push_async_callback(queue.close)
        catalogue, desk = StudioCatalogue(settings.styles_dir), Desk(ledger.inbox)
        vault = SqlVault(ledger.database, InstallSeal(load_install_key(settings.install_key)).for_vault(), time.time)
        adapters = {
            name: made for name, make in PLATFORMS.items() if (made := make(settings, desk, pictures, catalogue, vault))
        }
        chats = {name: adapter.chat for name, adapter in adapters.items()}
        ports = Ports(
            acceptance=ledger.acceptance,
            people=ledger.people,
            galleries=ledger.galleries,
            inbox=ledger.inbox,
            queue=queue,
            pictures=pictures,
            catalogue=catalogue,
            platforms=chats,
            forgetting=Forgetting(ledger.people, pictures, queue, chats),
            exporting=Exporting(ledger.people, pictures, settings.retention, time.time),
            clock=time.time,
            operator=settings.operator,
            retention=settings.retention,
            allow_guests=settings.allow_guests,
            profiles={name: adapter.profiles for name, adapter in adapters.items() if isinstance(adapter, Slack)},
        )
        health = _health(settings, ledger, metrics)
        port = await stack.enter_async_context(observed(settings.observe_host, settings.observe_port, health, metrics))
        for adapter in adapters.values():
            stack.push_async_callback(adapter.stop)
            await adapter.start()
        log.info("bot_ready", extra={"port": port})
        await _run(_loops(ledger, desk, ports, metrics) | {"health": health.run, "watch": health.watch}, stop, health)
    log.info("bot_stopped")


async def _open_pictures(settings: Settings) -> Pictures:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("data_folder_unwritable", folder=str(settings.data_dir)) from error
    shelf = shelf_at(
        settings.pictures,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key.get_secret_value(),
    )
    return await open_pictures(shelf, load_install_key(settings.install_key), lambda: datetime.now(UTC))


def _health(settings: Settings, ledger: Ledger, metrics: Metrics) -> Health:
    """Without records or room on the disk nothing can be accepted; without Redis it only takes longer."""
    needed: Mapping[str, Check] = {
        "records": partial(records_health.check, ledger.database),
        "disk": free_disk(settings.data_dir),
    }
    return Health(needed, {"queue": partial(queue_health.check, settings.redis_url)}, metrics)


def _loops(
    ledger: Ledger, desk: Desk, ports: Ports, metrics: Metrics
) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
    """What runs for ever, by name."""
    placeholders = Placeholders(time.time)
    relay = Relay(
        ledger.outbox,
        ledger.acceptance,
        ledger.galleries,
        ports.platforms,
        placeholders,
        time.time,
        on_delivered=lambda platform, kind, _: metrics.delivered(platform, kind),
        on_failure=lambda _, code: metrics.failed(code),
    )
    board = ProgressBoard(
        ledger.reconciler,
        ledger.acceptance,
        ledger.galleries,
        ports.queue,
        ports.platforms,
        placeholders,
        time.time,
        on_failure=lambda _, code: metrics.failed(code),
    )
    upkeep = Upkeep(
        ledger.reconciler,
        ports.queue,
        ports.pictures,
        ports.retention,
        time.time,
        on_counts=metrics.books,
        on_swept=metrics.swept,
        on_failure=metrics.failed,
    )
    talks = Measured(Conversation(ports), metrics)
    dispatcher = Dispatcher(ledger.inbox, desk, talks, ports.platforms, relay.ring)
    return {
        "progress": board.run,
        "upkeep": upkeep.run,
        "dispatcher": dispatcher.run,
        "relay": relay.run,
    }


async def _run(
    loops: Mapping[str, Callable[[], Coroutine[Any, Any, None]]], stop: asyncio.Event, health: Health
) -> None:
    """All side by side until `stop`. One that ends by a mistake of ours ends the process: whoever started it starts it again."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop(), name=name) for name, loop in loops.items()]
        await stop.wait()
        log.info("bot_stopping")
        health.stop()
        for task in tasks:
            task.cancel()


def _stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()

    def told() -> None:
        if stop.is_set():
            os._exit(128 + signal.SIGTERM)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told)
    return stop


def main() -> int:
    """Run; the exit code."""
    try:
        settings = load_settings()
        set_up_logs(settings.log_level, settings.log_format)
        pass_on(settings)
        asyncio.run(serve(settings))
    except HeadroomError as error:
        sys.stderr.write(f"{sentence(error.code, **error.facts)}\n")
        return 2 if isinstance(error, SettingsError | ArtifactUnreadable) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
