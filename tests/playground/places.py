"""A playground as tests see it: a real history, a real picture store in a folder, and a client in the place of a page."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.cast import CAST
from adapters.playground.server import Playground
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.events import Attachment, Event
from bot.people import Person
from engine.contract.errors import HeadroomError

PAGE = {"X-Headroom-Page": "1"}
EXAMPLE = b"\xff\xd8\xff a picture of a style"
STYLES = (("corporate", "Corporate"), ("linkedin-white", "LinkedIn white"), ("outdoor", "Outdoor"))


@dataclass
class Desk:
    """Takes events and remembers them, as the bot's desk does."""

    events: list[Event] = field(default_factory=list)
    error: HeadroomError | None = None
    """Raised while it is set."""

    async def __call__(self, event: Event) -> bool:
        if self.error is not None:
            raise self.error
        new = event.id not in {each.id for each in self.events}
        if new:
            self.events.append(event)
        return new


@dataclass
class Page:
    """What a page of somebody posts and reads."""

    client: "TestClient[Any, Any]"
    user: str
    tab: str = "0123456789abcdef"

    def url(self, path: str) -> str:
        return f"/as/{self.user}/{path}"

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.client.get(self.url(path), **options)

    async def post(self, path: str, document: Mapping[str, Any], **options: Any) -> ClientResponse:
        body = {"id": str(uuid4()), "tab": self.tab, **document}
        return await self.client.post(self.url(path), json=body, headers=PAGE, **options)

    async def says(
        self, text: str, conversation: str = "", photos: tuple[str, ...] = (), **more: Any
    ) -> ClientResponse:
        where = conversation or f"dm-{self.user}"
        return await self.post("messages", {"conversation": where, "text": text, "attachments": photos, **more})

    async def uploads(self, data: bytes) -> str:
        answer = await self.client.post(self.url("photos"), data=data, headers=PAGE)
        assert answer.status == 200
        return str((await answer.json())["artifact"])

    async def reads(self, conversation: str = "") -> list[dict[str, Any]]:
        """Messages of a conversation, from top to bottom."""
        answer = await self.get(f"conversations/{conversation or f'dm-{self.user}'}")
        assert answer.status == 200
        return list((await answer.json())["messages"])


@dataclass
class Scene:
    """A playground, its desk, and pages of all who may sit before one."""

    playground: Playground
    pictures: Pictures
    desk: Desk
    client: "TestClient[Any, Any]"

    def page(self, user: str = "alex") -> Page:
        return Page(self.client, user)

    async def keeps(self, user: str, data: bytes, media_type: str = "image/png") -> str:
        """A picture of somebody in the store, as the engine leaves it there."""
        later = datetime(2999, 1, 1, tzinfo=UTC)
        owner = CAST[user].person.key
        return (await self.pictures.put(owner, data, kind="headshot", media_type=media_type, expires_at=later)).id


@asynccontextmanager
async def scene(folder: Path, desk: Desk | None = None) -> AsyncIterator[Scene]:
    """Opened on a folder, as often as a test likes: each time is another start of the bot."""
    desk = desk or Desk()
    pictures = await open_pictures(folder_shelf(folder / "pictures"), bytes(range(32)), lambda: datetime.now(UTC))
    playground = Playground(0, desk, pictures, folder, lambda: STYLES, examples={"corporate": EXAMPLE}.get)
    async with TestClient(TestServer(playground.app())) as client:
        try:
            yield Scene(playground, pictures, desk, client)
        finally:
            playground.chat.visitors.close()
    playground.chat.history.close()


@dataclass
class PortPlace:
    """For the suite of the port `ChatPlatform`."""

    scene: Scene
    anna: Person = CAST["alex"].person
    ben: Person = CAST["sam"].person
    conversation: str = "team"

    def __post_init__(self) -> None:
        self.chat = self.scene.playground.chat
        self._forms: dict[str, list[str]] = {}

    async def reads(self, conversation: str, person: Person) -> list[str]:
        return [each["summary"] for each in await self.scene.page(person.user).reads(conversation)]

    async def uploads(self, person: Person, data: bytes) -> Attachment:
        return Attachment(await self.scene.page(person.user).uploads(data), "image/jpeg", len(data))

    async def sets_off(self, person: Person) -> str:
        """Somebody whose page is open."""
        self._visit = self.chat.visitors.visit(person.user, "0123456789abcdef")
        self._visitor = self._visit.__enter__()
        await self.scene.page(person.user).says("/headshot")
        happened = self.scene.desk.events[-1].happened
        assert happened.kind == "commanded"
        return happened.trigger

    async def forms(self, person: Person) -> list[str]:
        return [data["form"] for name, data in self._visitor.notes if name == "form"]


@asynccontextmanager
async def port_place(folder: Path) -> AsyncIterator[PortPlace]:
    """Nothing is left open behind."""
    async with scene(folder) as opened:
        yield PortPlace(opened)
