"""What `headroom doctor` looks at on this machine: Python, memory, clock, data folder, model files, ports."""

import asyncio
import json
import os
import platform
import shutil
import socket
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from adapters.cli.checkup.looks import Seen
from bot.observe.health import FREE_BYTES
from bot.settings import Settings, unknown_variables
from engine.settings import arcface_dir
from engine.stages.style import styles
from engine.weights import cards, present

OLDEST_PYTHON, NEWEST_TRIED = (3, 11), (3, 13)
REST_GB = 1.0
"""What bot, Valkey and the system want beside the engine."""
ENGINES = 2
"""Engine processes of one worker: one makes headshots, one looks at selfies."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


async def python(_: Settings) -> Seen:
    """Versions that tests run on."""
    told = f"{platform.python_version()} on {platform.system()}"
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Seen("bad", told, "Install Python 3.11 or newer.")
    if sys.version_info[:2] > NEWEST_TRIED:
        return Seen("note", told, "This Python is newer than those that Headroom is tested with; 3.11 to 3.13 are.")
    if sys.platform != "linux":
        return Seen(
            "note",
            told,
            "Headroom is tested on Linux; here, the engine has no memory limit and Valkey may outlive a kill.",
        )
    return Seen("good", told)


async def settings_known(_: Settings) -> Seen:
    """A misspelled variable has no effect, and nobody notices."""
    if strange := unknown_variables():
        return Seen(
            "note", f"nobody reads {', '.join(strange)}", "Check the spelling in docs/configuration.md, or remove it."
        )
    return Seen("good", "all are known, and their values can be used")


async def memory(settings: Settings) -> Seen:
    """Enough for the engine processes of one worker."""
    wanted_gb = settings.engine_memory_gb * ENGINES + REST_GB
    try:
        page, total = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return Seen("note", "unknown on this system", f"One worker may want {wanted_gb:.1f} GB.")
    have_gb = page * total / 1e9
    told = f"{have_gb:.1f} GB; one worker may want up to {wanted_gb:.1f} GB"
    if have_gb < wanted_gb:
        return Seen("note", told, "Lower HEADROOM_ENGINE_MEMORY_GB and HEADROOM_BATCH, or use a larger machine.")
    return Seen("good", told)


async def clock(_: Settings) -> Seen:
    """Leases and expiries go by the clock; one that is older than this program is certainly wrong."""
    written = Path(str(files("engine").joinpath("models.toml"))).stat().st_mtime
    told = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if time.time() < written - 86400:
        return Seen(
            "bad", told, "The clock is behind. Let the machine set it by itself, for example with systemd-timesyncd."
        )
    return Seen("good", told)


async def data_folder(settings: Settings) -> Seen:
    """Writable, with room. It is not made before the first start."""
    folder = settings.data_dir
    standing = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=standing):
            free = shutil.disk_usage(standing).free
    except OSError:
        return Seen(
            "bad",
            f"{standing} cannot be written to",
            f"Let {_user()} write there, or choose another with HEADROOM_DATA_DIR.",
        )
    told = f"{folder}, {free / 1e9:.1f} GB free"
    if free < FREE_BYTES:
        return Seen("bad", told, f"Make room: {FREE_BYTES / 1e9:.0f} GB are needed.")
    return Seen("good", told if standing == folder else f"{told}; made at the first start")


async def models(_: Settings) -> Seen:
    """Every file of the default set is there and whole."""
    wanted = [card for card in cards().values() if card.default]
    missing = [card.name for card in wanted if not await asyncio.to_thread(present, card)]
    if missing:
        return Seen("bad", f"missing or damaged: {', '.join(missing)}", "Run `headroom models pull`.")
    return Seen("good", f"{len(wanted)} files, checksums are right")


async def extra_model(_: Settings) -> Seen:
    """The face model that an operator may bring."""
    if (folder := arcface_dir()) is None:
        return Seen("good", "none, which is fine")
    if not folder.is_dir():
        return Seen(
            "bad", f"{folder} is missing", "Put the model there, see docs/models.md, or unset HEADROOM_ARCFACE_DIR."
        )
    return Seen("good", str(folder))


async def own_styles(settings: Settings) -> Seen:
    """Each style file can be used; PersonError says what is wrong in it."""
    known = await asyncio.to_thread(styles, settings.styles_dir)
    own = len(known) - len(styles(None))
    return Seen(
        "good", f"{len(known)} styles, {own} of them your own" if settings.styles_dir else f"{len(known)} styles"
    )


async def ports(settings: Settings) -> Seen:
    """Free, or taken by the Headroom that runs."""
    wanted = {settings.observe_port: (settings.observe_host, "HEADROOM_OBSERVE_PORT")}
    if settings.playground:
        wanted[settings.playground_port] = settings.playground_host, "HEADROOM_PLAYGROUND_PORT"
    if settings.slack_client_id or (settings.slack_bot_token and settings.slack_mode == "http"):
        wanted[settings.slack_http_port] = settings.slack_http_host, "HEADROOM_SLACK_HTTP_PORT"
    numbers = " and ".join(map(str, sorted(wanted)))
    if await asyncio.to_thread(running, settings):
        return Seen("good", f"{numbers}: Headroom runs here")
    for port, (host, name) in wanted.items():
        if not is_free(host, port):
            return Seen("bad", f"{port} is taken by another program", f"Stop that, or set {name} to another port.")
    return Seen("good", f"{numbers} are free")


async def exposure(settings: Settings) -> Seen:
    """What answers beyond this machine."""
    if settings.playground and settings.playground_host not in LOOPBACK:
        advice = "The playground asks nobody who they are. Set HEADROOM_PLAYGROUND_HOST to 127.0.0.1, or let nobody else reach it."
        return Seen("note", f"the playground listens on {settings.playground_host}", advice)
    if settings.observe_host not in LOOPBACK:
        return Seen(
            "note",
            f"health and metrics listen on {settings.observe_host}",
            "They hold figures only; let your own monitoring reach them and nobody else.",
        )
    return Seen("good", "nothing answers beyond this machine")


def running(settings: Settings) -> bool:
    """Whether a bot answers where ours would."""
    host = "127.0.0.1" if settings.observe_host == "0.0.0.0" else settings.observe_host
    try:
        with urlopen(f"http://{host}:{settings.observe_port}/livez", timeout=1) as answer:
            return bool(json.load(answer) == {"status": "live"})
    except (URLError, OSError, ValueError):
        return False


def is_free(host: str, port: int) -> bool:
    """Whether something could listen there."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        return False
    return True


def _user() -> str:
    return f"user {os.getuid()}" if hasattr(os, "getuid") else "this user"
