"""Slack as tests of the platform see it: the simulated Slack, a real picture store in a folder, and the chat on both."""

import io
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from adapters.slack.files import Patience
from adapters.slack.installs import SingleInstall
from adapters.slack.line import Line
from adapters.slack.modals import Kept
from adapters.slack.places import find_place
from adapters.slack.platform import SlackChat
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.artifacts import ArtifactStore
from bot.events import Attachment
from bot.messages import Picture
from bot.people import Person
from bot.vault import Vault
from tests.ports.vault.fake_vault import FakeVault
from tests.slack.simulator.records import Call, Message
from tests.slack.simulator.slack import Slack, open_slack

ANNA, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
DIRECT = "T1/@U1"
"""The conversation with Anna alone."""
LATER = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass
class Town:
    """A simulated Slack with a bot in it, which can be started anew."""

    slack: Slack
    pictures: Pictures
    vault: FakeVault
    chat: SlackChat
    examples: dict[str, bytes] = field(default_factory=dict)

    async def restart(
        self,
        pictures: ArtifactStore | None = None,
        patience: Patience | None = None,
        file_hosts: Sequence[str] = (),
    ) -> None:
        """Another process: what stood in memory is gone."""
        await self.chat.close()
        hosts = file_hosts or [self.slack.file_host]
        self.chat = chat_of(self.slack, pictures or self.pictures, self.vault, self.examples, hosts, patience)

    async def keeps(self, person: Person, colour: str = "teal", size: tuple[int, int] = (60, 75)) -> str:
        """A headshot of somebody in the store."""
        put = self.pictures.put(
            person.key, jpeg(colour, size), kind="headshot", media_type="image/jpeg", expires_at=LATER
        )
        return (await put).id

    def reads(self, person: Person, conversation: str = DIRECT) -> list[Message]:
        """What somebody sees in a conversation."""
        place = find_place(conversation)
        assert place is not None
        channel = self.slack.world.bot_im(place.user).id if place.user else place.channel
        return self.slack.person(person.user).reads(channel, place.thread_ts or None)

    def calls(self, method: str) -> list[Call]:
        """Of one method, that took effect or not."""
        return [call for call in self.slack.world.calls if call.method == method]

    def stored(self) -> list[str]:
        """Ids of all files of ours that Slack still has."""
        return [
            f.id for f in self.slack.world.files.values() if f.user == self.slack.bot_user and not f.deleted and f.data
        ]


def jpeg(colour: str = "teal", size: tuple[int, int] = (60, 75)) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def picture(artifact: str, person: Person = ANNA, alt: str = "Headshot 1") -> Picture:
    """As a gallery shows it."""
    return Picture(artifact, person.key, alt, title=f"{alt} · likeness 0.71")


def chat_of(
    slack: Slack,
    pictures: ArtifactStore,
    vault: Vault,
    examples: Mapping[str, bytes],
    file_hosts: Sequence[str],
    patience: Patience | None = None,
) -> SlackChat:
    """As at a start of the bot."""
    line = Line(file_hosts)
    installs = SingleInstall(slack.bot_token, slack.api_url, line)
    return SlackChat(installs, line, pictures, vault, examples.get, patience=patience or Patience())


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Until the block ends; nobody may have complained by then, and no token may have gone astray."""
    pictures = await open_pictures(folder_shelf(folder / "pictures"), bytes(range(32)), lambda: datetime.now(UTC))
    vault, examples = FakeVault(time.time), dict[str, bytes]()
    async with open_slack() as slack:
        here = Town(slack, pictures, vault, chat_of(slack, pictures, vault, examples, [slack.file_host]), examples)
        try:
            yield here
        finally:
            await here.chat.close()
        assert slack.world.complaints == []
        assert slack.world.leaks == []


@dataclass
class PortPlace:
    """For the suite of the port `ChatPlatform`."""

    town: Town
    anna: Person = ANNA
    ben: Person = BEN
    conversation: str = "T1/C1"

    def __post_init__(self) -> None:
        self.chat = self.town.chat

    async def reads(self, conversation: str, person: Person) -> list[str]:
        return [message.text for message in self.town.reads(person, conversation)]

    async def uploads(self, person: Person, data: bytes) -> Attachment:
        sent = await self.town.slack.person(person.user).dm(files=[("selfie.jpg", data)])
        return Attachment(sent.files[0], "image/jpeg", len(data))

    async def sets_off(self, person: Person) -> str:
        return f"T1|{self.town.slack.world.new_trigger(person.user)}|T1/@{person.user}"

    async def forms(self, person: Person) -> list[str]:
        view = self.town.slack.view(person.user)
        return [form_of(view.body["private_metadata"])] if view else []


def form_of(private_metadata: str) -> str:
    """The form that a modal says it is."""
    return Kept.model_validate_json(private_metadata).form


@asynccontextmanager
async def port_place(folder: Path) -> AsyncIterator[PortPlace]:
    """Nothing is left open behind."""
    async with town(folder) as opened:
        yield PortPlace(opened)
