"""`headroom up`: the whole studio on this machine, with one command and until Ctrl-C."""

import importlib.util
import json
import socket
import time
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import click

from adapters.cli.answers import people
from engine.contract.errors import PersonError, SettingsError, StorageError
from engine.contract.sentences import sentence
from engine.weights import cards, present, pull

if TYPE_CHECKING:
    from adapters.cli.supervisor import Program
    from bot.settings import Settings

BOT_GRACE_S, ENGINE_GRACE_S = 15.0, 60.0
LAST_PORT = 65534
PATIENCE_S = 30.0
"""Until somebody who waits is told that it takes longer."""
_NEEDED = (
    "aiohttp", "alembic", "arq", "obstore", "pydantic_settings", "slack_bolt", "sqlalchemy", "structlog", "yaml",
)  # fmt: skip


def require_bot() -> None:
    """Raises PersonError where only the command line is installed."""
    if not all(importlib.util.find_spec(name) for name in _NEEDED):
        raise PersonError("bot_not_installed")


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path), metavar="FOLDER", help="Where everything is kept; default: data."
)
@click.option(
    "--port", type=click.IntRange(1, 65000), help="Of the playground; default: 8765. Health takes the next ports."
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Engine processes.")
@click.option("--open/--no-browser", "browser", default=False, help="Open the playground in a browser.")
def up(data: Path | None, port: int | None, workers: int, browser: bool) -> None:
    """Start everything on this machine: bot, playground, engine and a Valkey of its own. Ctrl-C stops it.

    What stands in the environment or in a file .env counts, see docs/configuration.md.
    """
    require_bot()
    from adapters.cli.supervisor import Supervisor
    from adapters.queue.embedded import EmbeddedServer
    from bot.settings import load_settings, pass_on

    settings = load_settings(**_given(data, port))
    pass_on(settings)
    _make_folder(settings.data_dir)
    _require_ports(settings)
    _require_models()
    server = None if settings.redis_url else EmbeddedServer(settings.data_dir / "valkey")
    if server:
        server.start()
    redis_url = settings.redis_url or (server.url if server else "")
    greeting = Greeting(settings, browser)
    Supervisor(_programs(settings, redis_url, workers), server, _tell).run(greeting.look)


def _given(data: Path | None, port: int | None) -> dict[str, Any]:
    """Options as settings. Health moves along with the playground, so that two studios can run side by side."""
    given: dict[str, Any] = {} if data is None else {"data_dir": data}
    if port is not None:
        from bot.settings import load_settings

        given["playground_port"] = port
        if "observe_port" not in load_settings().model_fields_set:
            given["observe_port"] = port + 1
    return given


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "logs").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError("data_folder_unwritable", folder=str(folder)) from error


def _require_ports(settings: "Settings") -> None:
    """Before anything is started, so that the answer is one sentence. Workers look for a free one by themselves."""
    wanted = [(settings.observe_host, settings.observe_port, "HEADROOM_OBSERVE_PORT")]
    if settings.playground:
        wanted.insert(0, (settings.playground_host, settings.playground_port, "--port"))
    if settings.slack_client_id or (settings.slack_bot_token and settings.slack_mode == "http"):
        wanted.append((settings.slack_http_host, settings.slack_http_port, "HEADROOM_SLACK_HTTP_PORT"))
    for host, port, name in wanted:
        try:
            socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
        except OSError as error:
            raise SettingsError("port_taken", name=name, port=port) from error


def _require_models() -> None:
    if missing := [card for card in cards().values() if card.default and not present(card)]:
        people().print(f"· fetching {len(missing)} small model files (once)")
        pull()


def _programs(settings: "Settings", redis_url: str, workers: int) -> list["Program"]:
    from adapters.cli.supervisor import Program
    from bot.settings import environment

    def program(number: int) -> Program:
        """0: the bot. A worker takes the port after the one that it is told, so each is told another."""
        port = settings.observe_port + number
        name = f"engine {number}" if number else "bot"
        return Program(
            name,
            "engine.worker" if number else "bot",
            environment(
                data_dir=str(settings.data_dir),
                redis_url=redis_url,
                playground_port=str(settings.playground_port),
                observe_port=str(min(port - bool(number), LAST_PORT)),
            ),
            settings.data_dir / "logs" / f"{name.replace(' ', '-')}.log",
            ENGINE_GRACE_S if number else BOT_GRACE_S,
            f"http://{_reachable(settings.observe_host)}:{port}/livez" if port <= LAST_PORT else "",
        )

    return [program(number) for number in range(workers + 1)]


def _tell(code: str, facts: Mapping[str, object]) -> None:
    people().print(f"· {sentence(code, **facts)}", markup=False)


class Greeting:
    """Says where everything is, once it answers."""

    def __init__(self, settings: "Settings", browser: bool) -> None:
        self._settings, self._browser = settings, browser
        self._health = f"http://{_reachable(settings.observe_host)}:{settings.observe_port}"
        self._started_at: float | None = time.monotonic()
        self._patient = True

    def look(self) -> None:
        """Called again and again by the supervisor."""
        if self._started_at is None:
            return
        if _ready(f"{self._health}/readyz"):
            self._started_at = None
            self._greet()
        elif self._patient and time.monotonic() > self._started_at + PATIENCE_S:
            self._patient = False
            _tell("still_starting", {"log": self._settings.data_dir / "logs" / "bot.log"})

    def _greet(self) -> None:
        settings, lines = self._settings, ["", "  Headroom is up.", ""]
        page = f"http://{_reachable(settings.playground_host)}:{settings.playground_port}"
        if settings.playground:
            lines += [f"  Playground  {page}", "              drop selfies in, then type /headshot corporate", ""]
        if settings.slack_bot_token or settings.slack_client_id:
            lines += ["  Slack       send the app a selfie, or type /headshot anywhere", ""]
        lines += [
            f"  Data        {settings.data_dir}",
            f"  Logs        {settings.data_dir / 'logs'}",
            f"  Health      {self._health}/readyz",
            "",
            "  Ctrl-C stops it. What was accepted is kept and goes on at the next start.",
            "",
        ]
        people().print("\n".join(lines), markup=False)
        if settings.playground and self._browser:
            webbrowser.open(page)


def _reachable(host: str) -> str:
    """An address to open for one to listen on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def _ready(url: str) -> bool:
    try:
        with urlopen(url, timeout=0.5) as answer:
            return json.load(answer)["status"] in {"ready", "degraded"}
    except (URLError, OSError, ValueError):
        return False
