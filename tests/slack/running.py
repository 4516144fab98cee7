"""The adapter as it runs in a bot, on the simulated Slack, with a desk that remembers what was handed in."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.app import Slack as Adapter
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.events import Event, Happening
from bot.settings import Settings, load_settings
from engine.contract.errors import StorageError
from engine.contract.styles import Style
from tests.ports.vault.fake_vault import FakeVault
from tests.slack.simulator.slack import Slack


@dataclass
class Desk:
    """Takes what adapters hand in, as the real one does: once by id and person, and never half."""

    events: list[Event] = field(default_factory=list)
    """What was kept, each once."""
    asked: int = 0
    """How often something was handed in, kept or not."""
    failing: int = 0
    """So many more times it cannot write."""
    taking_s: float = 0.0

    async def receive(self, event: Event) -> bool:
        """See `bot.desk.Desk`."""
        self.asked += 1
        await asyncio.sleep(self.taking_s)
        if self.failing:
            self.failing -= 1
            raise StorageError("records_unreachable")
        if any((each.id, each.person) == (event.id, event.person) for each in self.events):
            return False
        self.events.append(event)
        return True

    @property
    def happened(self) -> list[Happening]:
        """The same without who and where."""
        return [event.happened for event in self.events]

    async def has(self, count: int, within_s: float = 5.0) -> list[Event]:
        """That many events were kept."""
        await until(lambda: len(self.events) >= count, within_s)
        return self.events


@dataclass
class FewStyles:
    """A catalogue that offers nothing, so that nothing is put up before anybody asks."""

    def styles(self) -> tuple[Style, ...]:
        return ()

    def example(self, style: str) -> bytes | None:
        return None


@dataclass
class Running:
    """One bot's Slack."""

    slack: Slack
    adapter: Adapter
    desk: Desk


def settings_for(slack: Slack, **given: Any) -> Settings:
    """What an operator writes into `.env`: Socket Mode with one workspace, unless told otherwise."""
    usual = {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
        "slack_file_hosts": slack.file_host,
        "slack_http_port": 1,
    }
    return load_settings(**{**usual, **given})


async def adapter_for(slack: Slack, desk: Desk, folder: Any, vault: Any = None, **given: Any) -> Adapter:
    """Not started yet. The port is any free one, where there is a server."""
    pictures: Pictures = await open_pictures(folder_shelf(folder), bytes(range(32)), lambda: None)  # type: ignore
    made = Adapter(
        settings_for(slack, **given),
        desk.receive,
        pictures,
        vault or FakeVault(time.time),
        FewStyles(),  # type: ignore[arg-type]  # the adapter asks for no more of a catalogue
        time.time,
    )
    if made._server is not None:
        made._server._port = 0
    return made


@asynccontextmanager
async def running(slack: Slack, folder: Any, desk: Desk | None = None, **given: Any) -> AsyncIterator[Running]:
    """Until the block ends; by then nobody complained, and no token went astray."""
    desk = desk or Desk()
    adapter = await adapter_for(slack, desk, folder, **given)
    await adapter.start()
    try:
        if given.get("slack_mode") == "http":
            slack.use_http(f"{adapter.url}/slack/events")
        else:
            await asyncio.wait_for(slack.sockets.connected.wait(), 5)
        yield Running(slack, adapter, desk)
    finally:
        await adapter.stop()
    assert slack.world.complaints == []
    assert slack.world.leaks == []


async def until(seen: Callable[[], Any], within_s: float = 5.0) -> None:
    """Something comes true."""
    async with asyncio.timeout(within_s):
        while not seen():
            await asyncio.sleep(0.01)


def refs(happened: Iterable[Any]) -> list[str]:
    """Of attachments."""
    return [each.ref for each in happened]
