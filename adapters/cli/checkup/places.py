"""What `headroom doctor` looks at elsewhere: the records, the pictures with their key, and Redis with its workers."""

import secrets
import stat
import time
from pathlib import Path

from adapters.cli.checkup.looks import Seen, from_error
from adapters.queue import health as queue_health
from adapters.queue.embedded import EmbeddedServer
from adapters.records.health import clock_ahead, schema
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import INSTALL
from adapters.storage.places import shelf_at
from adapters.storage.seals import InstallSeal
from adapters.storage.shelf import Shelf
from bot.doorbell import LANES
from bot.settings import Settings
from engine.contract.errors import QueueError, StorageError

PROBE = b"headroom doctor"
SKEW_S = 2.0


async def records(settings: Settings) -> Seen:
    """Reachable, and of a schema that this version can work with."""
    kind = settings.database.partition(":")[0]
    try:
        found = await schema(settings.database)
    except StorageError as error:
        advice = "Is the server up, and are address, user and password in HEADROOM_DATABASE_URL right?"
        return Seen(
            "bad", from_error(error).told, advice if "//" in settings.database_url else from_error(error).advice
        )
    if not found.found:
        return Seen("good", f"{kind}, empty; made at the first start")
    if not found.current:
        return Seen(
            "note",
            f"{kind}, revision {found.found}",
            f"The next start brings it to {found.wanted}. Make a backup first.",
        )
    return Seen("good", f"{kind}, revision {found.found}")


async def records_clock(settings: Settings) -> Seen:
    """Leases are written by one machine and read by another."""
    ahead_s = await clock_ahead(settings.database, time.time)
    if abs(ahead_s) > SKEW_S:
        advice = "Let both machines set their clocks by themselves, for example with systemd-timesyncd."
        return Seen("bad", f"the database's clock differs by {abs(ahead_s):.0f} s", advice)
    return Seen("good", "agrees with ours")


async def install_key(settings: Settings) -> Seen:
    """There, for its user only, and the one that the pictures are locked with. None is made here."""
    file = settings.install_key
    lock = None if _not_made(settings) else await _shelf(settings).read(INSTALL)
    if not file.exists():
        if lock is None:
            return Seen("good", "made at the first start")
        return Seen(
            "bad",
            f"{file} is missing, and there are pictures",
            "Put the copy of the install key back there: nothing can be read without it.",
        )
    key = load_install_key(file)
    if lock is not None:
        InstallSeal(key).check(lock)
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Seen("note", f"others may read {file}", f"Run: chmod 600 {file}")
    return Seen("good", f"{file}; keep a copy of it, away from the pictures")


async def pictures(settings: Settings) -> Seen:
    """Something is written, read again and removed."""
    if _not_made(settings):
        return Seen("good", f"{settings.pictures}, made at the first start")
    shelf, path = _shelf(settings), f"doctor/{secrets.token_hex(16)}"
    try:
        await shelf.write(path, PROBE)
        try:
            came_back = await shelf.read(path)
        finally:
            await shelf.remove(path)
    except StorageError as error:
        advice = "Is there room, may we write there, and for a bucket: does it exist, and are HEADROOM_S3_… right?"
        return Seen("bad", from_error(error).told, advice)
    if came_back != PROBE or await shelf.read(path) is not None:
        return Seen(
            "bad",
            f"{settings.pictures} does not keep its word",
            "What is written there does not come back, or does not go away. Is it a cache, or is versioning on?",
        )
    return Seen("good", f"{settings.pictures}: written, read, removed")


async def doorbell(settings: Settings) -> Seen:
    """A Redis that answers and throws nothing away, or the built-in server."""
    url = _redis(settings)
    if not url:
        return Seen("good", "the built-in Valkey, which runs with `headroom up`")
    await queue_health.check(url)
    return Seen("good", "answers, and throws nothing away")


async def workers(settings: Settings) -> Seen:
    """Who makes the headshots."""
    url = _redis(settings)
    try:
        alive = {lane: await queue_health.workers(url, lane) if url else 0 for lane in LANES}
    except QueueError:
        return Seen("note", "unknown, because Redis does not answer", "See above.")
    if not all(alive.values()):
        return Seen(
            "note", "none is running", "`headroom up` starts everything; on other machines, `python -m engine.worker`."
        )
    return Seen("good", f"{min(alive.values())} running")


def _not_made(settings: Settings) -> bool:
    """The pictures are to be in a folder that is not there yet; looking makes none."""
    return "://" not in settings.pictures and not Path(settings.pictures).exists()


def _shelf(settings: Settings) -> Shelf:
    return shelf_at(
        settings.pictures,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key.get_secret_value(),
    )


def _redis(settings: Settings) -> str:
    """The address; "" when the built-in server is meant and does not run."""
    return settings.redis_url or EmbeddedServer(settings.data_dir / "valkey").running_url()
