"""The playground as a driver of scenarios: its page's requests and its line of live updates, over HTTP."""

import asyncio
import json
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from typing import Any
from uuid import uuid4

from aiohttp import ClientConnectionError, ClientPayloadError, ClientSession, ClientTimeout

from adapters.playground.cast import CAST
from tests.scenarios.house import House
from tests.scenarios.person import PATIENCE_S
from tests.scenarios.seen import Seen, SeenButton, SeenFile, SeenForm, SeenPicture
from tests.scenarios.window import DIRECT, NO_PHOTOS, TEAM, Refused

PAGE = {"X-Headroom-Page": "1"}
AGAIN_S = 0.1
"""Between two tries while nobody answers; a page takes longer."""
Json = dict[str, Any]


class PlaygroundWindow:
    """One open page. Made by `open_window`."""

    def __init__(self, session: ClientSession, url: str, user: str) -> None:
        self.history: list[Seen] = []
        self.forms: list[SeenForm] = []
        self.news = asyncio.Condition()
        self._session, self._root, self._user = session, f"{url}as/{user}", user
        self._tab = str(uuid4())
        self._here = asyncio.Event()
        self._since = 0

    async def say(self, place: str, text: str, photos: tuple[bytes, ...] = ()) -> None:
        """See `Window`."""
        artifacts = [(await self._post("photos", photo))["artifact"] for photo in photos]
        await self._post("messages", {"conversation": self._place(place), "text": text, "attachments": artifacts})

    async def command(self, place: str, text: str) -> None:
        """See `Window`."""
        await self.say(place, f"/headshot {text}".strip())

    async def press(self, ref: str, action: str) -> None:
        """See `Window`."""
        await self._post("presses", {"ref": ref, "action": action})

    async def fill(
        self, form: SeenForm, values: Mapping[str, str], photos: Mapping[str, tuple[bytes, ...]] = NO_PHOTOS
    ) -> None:
        """See `Window`."""
        files = {
            name: [(await self._post("photos", each))["artifact"] for each in given] for name, given in photos.items()
        }
        await self._post("forms", {**form.token, "values": dict(values), "files": files})

    async def save(self, ref: str) -> bytes | None:
        """See `Window`."""
        async with self._session.get(f"{self._root}/{ref}") as answer:
            return await answer.read() if answer.status == 200 else None

    async def listen(self) -> None:
        """Read the line of live updates, and come back when it breaks, as browsers do."""
        while True:
            with suppress(ClientConnectionError, ClientPayloadError, ConnectionError):
                url = f"{self._root}/live?tab={self._tab}&since={self._since}"
                async with self._session.get(url, timeout=ClientTimeout(None)) as answer:
                    fields: dict[str, str] = {}
                    async for line in answer.content:
                        name, _, value = line.decode().rstrip("\n").partition(": ")
                        if name:
                            fields[name] = value
                        elif fields:
                            await self._hear(fields)
                            fields = {}
            await asyncio.sleep(AGAIN_S)

    async def is_open(self) -> None:
        """Everything that was said before has arrived."""
        await self._here.wait()

    async def _hear(self, fields: Mapping[str, str]) -> None:
        document = json.loads(fields.get("data", "null"))
        match fields.get("event"):
            case "hello":
                self._here.set()
            case "message":
                self._since = int(fields["id"])
                seen = seen_of(document)
                if seen not in [each for each in self.history if each.ref == seen.ref][-1:]:
                    await self._note(self.history, seen)
            case "form":
                await self._note(self.forms, form_of(document))

    async def _note(self, notes: list[Any], note: object) -> None:
        async with self.news:
            notes.append(note)
            self.news.notify_all()

    def _place(self, place: str) -> str:
        return {DIRECT: f"dm-{self._user}", TEAM: "team"}.get(place, place)

    async def _post(self, path: str, body: Json | bytes) -> Json:
        """Again with the same id while nobody answers, as the page does."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": {"id": str(uuid4()), "tab": self._tab, **body}}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(ClientConnectionError):
                    async with self._session.post(f"{self._root}/{path}", headers=PAGE, **sent) as answer:
                        if answer.status < 500:
                            document: Json = await answer.json()
                            if answer.status != 200:
                                raise Refused(document["sentence"])
                            return document
                await asyncio.sleep(AGAIN_S)


class PlaygroundTown:
    """The playground of a house with one page for each of these people."""

    people = ("alex", "sam", "gus")

    def __init__(self, house: House, windows: Mapping[str, PlaygroundWindow]) -> None:
        self._house = house
        self.windows = windows
        self.keys = {user: CAST[user].person.key for user in windows}

    def traces(self, user: str, shoots: Collection[str]) -> Counter[str]:
        """What its history holds of somebody; what they typed themselves does not count."""
        found = Counter[str]()
        with closing(sqlite3.connect(self._house.folder / "playground.db")) as history:
            for (body,) in history.execute("SELECT body FROM messages WHERE author = '' AND body IS NOT NULL"):
                found["chat.messages"] += any(shoot_id in body for shoot_id in shoots)
            shown = "SELECT count(*) FROM shown WHERE owner = ? AND by_bot"
            (found["chat.shown"],) = history.execute(shown, (self.keys[user],)).fetchone()
        return found


@asynccontextmanager
async def open_playground(house: House) -> AsyncIterator[PlaygroundTown]:
    """Until the block ends."""
    async with AsyncExitStack() as stack:
        windows = {
            user: await stack.enter_async_context(open_window(house.url, user)) for user in PlaygroundTown.people
        }
        yield PlaygroundTown(house, windows)


@asynccontextmanager
async def open_window(url: str, user: str) -> AsyncIterator[PlaygroundWindow]:
    """A page of somebody."""
    async with ClientSession() as session:
        window = PlaygroundWindow(session, url, user)
        listening = asyncio.create_task(window.listen())
        try:
            async with asyncio.timeout(PATIENCE_S):
                await window.is_open()
            yield window
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


# ---- what the page is told, as what a person sees


def seen_of(message: Json) -> Seen:
    """A message."""
    parts: list[Json] = message["parts"]
    return Seen(
        ref=message["ref"],
        place=message["conversation"],
        author=message["author"],
        text="\n".join([message["summary"], message.get("text", ""), *(w for part in parts for w in _words(part))]),
        buttons=tuple(button for part in parts for button in _buttons(part)),
        pictures=tuple(_picture(part) for part in parts if part["part"] == "picture"),
        files=tuple(SeenFile(p["name"], f"files/{p['artifact']}") for p in parts if p["part"] == "file"),
        only_me=message["onlyYou"],
        gone=message.get("gone", False),
    )


def form_of(form: Json) -> SeenForm:
    """A form."""
    token = {name: form[name] for name in ("trigger", "conversation", "form")}
    return SeenForm(form["title"], {field["name"]: field["value"] for field in form["fields"]}, token)


def _words(part: Json) -> Iterator[str]:
    yield from (part[name] for name in ("text", "title", "label", "name") if part.get(name))
    for item in part.get("items", []):
        yield f"{item['title']}: {item['text']}"


def _buttons(part: Json) -> Iterator[SeenButton]:
    rank = _headshot(part)
    for holder in (part, *part.get("items", [])):
        for button in holder.get("buttons", []):
            yield SeenButton(button["label"], button["action"], button["hint"], rank)


def _picture(part: Json) -> SeenPicture:
    return SeenPicture(_headshot(part), part["title"], part["alt"], f"pictures/{part['artifact']}", part["marked"])


def _headshot(part: Json) -> int:
    found = re.match(r"Headshot (\d+)", part.get("alt", ""))
    return int(found[1]) if found else 0
