"""The running worker: opens what it needs, listens on its lanes, and stops without losing anything."""

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Final
from uuid import uuid4

from adapters.queue import health as queue_health
from adapters.queue.feedback import RedisShootFeedback
from adapters.queue.listening import listen
from adapters.queue.worker_settings import worker_settings
from adapters.records import health as records_health
from adapters.records.ledger import open_ledger
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import open_pictures
from adapters.storage.places import shelf_at
from bot.ledger import LEASE_S
from bot.observe.health import Health
from bot.observe.logs import quiet_loop
from bot.observe.metrics import Metrics
from bot.observe.server import observed
from bot.settings import Settings
from bot.shoots import Lane as LaneName
from bot.shoots import Lease
from engine.child.process import ChildLimits, EngineChild
from engine.contract.errors import SettingsError
from engine.worker.device import Device, NewChild
from engine.worker.lane import LOOK_S, Lane
from engine.worker.parts import Parts
from engine.worker.start import start

PORTS: Final = 20
"""Tried after the bot's own: several workers may run on one machine."""
_STOPPED_S: Final = 5.0
_WIND_UP_S: Final = 45.0
"""For the headshot in work when we stop: whoever stops us waits a minute, and the start must be given back within that."""
log = logging.getLogger(__name__)


async def serve(
    settings: Settings, new_child: NewChild | None = None, lease_s: float = LEASE_S, look_s: float = LOOK_S
) -> None:
    """Work until SIGTERM or SIGINT; the second one ends the process at once. Raises what keeps it from starting."""
    if not settings.redis_url:
        reason = "a worker needs the address of Redis; `headroom up` brings one and tells its workers"
        raise SettingsError("setting_wrong", name="HEADROOM_REDIS_URL", reason=reason)
    stop, metrics, owner = asyncio.Event(), Metrics(version("headroom")), _owner()
    quiet_loop(asyncio.get_running_loop())
    make = new_child or partial(_child, settings)
    device, desk = Device(make, settings.batch), Device(make, settings.batch)
    async with AsyncExitStack() as stack:
        _on_signals(stop, device, desk)
        shelf = shelf_at(
            settings.pictures,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key_id,
            secret_access_key=settings.s3_secret_access_key.get_secret_value(),
        )
        pictures = await open_pictures(shelf, load_install_key(settings.install_key), lambda: datetime.now(UTC))
        ledger = await open_ledger(settings.database, time.time, lease_s)
        stack.push_async_callback(ledger.close)
        feedback = RedisShootFeedback(settings.redis_url)
        stack.push_async_callback(feedback.close)
        await stack.enter_async_context(device)
        await stack.enter_async_context(desk)
        parts = Parts(ledger.leases, ledger.acceptance, pictures, feedback, settings.retention, metrics, lease_s)
        run = partial(_start, parts)
        where: Mapping[LaneName, Device] = {"shoots": device, "quarantine": device, "screenings": desk}
        lanes = [Lane(name, ledger.leases, owner, at, run, stop, look_s) for name, at in where.items()]
        health = Health(
            {"records": partial(records_health.check, ledger.database)},
            {"queue": partial(queue_health.check, settings.redis_url)},
            metrics,
        )
        port = await stack.enter_async_context(_observed(settings, health, metrics))
        log.info("worker_ready", extra={"worker": owner, "port": port})
        for loop in (health.run, health.watch):
            stack.callback(asyncio.create_task(loop()).cancel)
        async with asyncio.TaskGroup() as tasks:
            for lane in lanes:
                tasks.create_task(lane.run())
                heard = worker_settings(lane.name, lane.answer, settings.redis_url, worker_id=owner)
                tasks.create_task(listen(heard, stop, _STOPPED_S))
            await stop.wait()
            health.stop()
    log.info("worker_stopped", extra={"worker": owner})


def _child(settings: Settings, batch: int) -> EngineChild:
    return EngineChild(
        limits=ChildLimits(memory_gb=settings.engine_memory_gb, wind_up_s=_WIND_UP_S),
        own_styles=settings.styles_dir,
        environment={"HEADROOM_BATCH": str(batch)},
    )


async def _start(parts: Parts, lease: Lease, device: Device) -> bool:
    return await start(lease, device, parts)


def _on_signals(stop: asyncio.Event, *devices: Device) -> None:
    """The first finishes the headshots in work; whoever sends a second one does not want to wait for that."""

    def told() -> None:
        if stop.is_set():
            os._exit(128 + signal.SIGTERM)
        log.info("worker_stopping")
        stop.set()
        for device in devices:
            device.wind_up()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told)


@asynccontextmanager
async def _observed(settings: Settings, health: Health, metrics: Metrics) -> AsyncIterator[int]:
    """Health and figures on the first free port after the bot's; 0 and a warning when none is free: work goes on without."""
    async with AsyncExitStack() as stack:
        bound, first = 0, settings.observe_port + 1
        for port in range(first, min(first + PORTS, 65536)):
            try:
                bound = await stack.enter_async_context(observed(settings.observe_host, port, health, metrics))
                break
            except SettingsError:
                continue
        if not bound:
            log.warning("port_taken", extra={"port": first})
        yield bound


def _owner() -> str:
    """Names this worker in the ledger: no other process has ever had the name."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
