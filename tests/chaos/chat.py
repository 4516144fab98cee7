"""A chat with a truth of its own: what stands where, with all its history; and a wire to it that fails one call in five.

Sends are idempotent by key, as those of real platforms are made to be. It listens on a Unix socket, in the test's own process,
which nobody kills.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.messages import Album, Buttons, Items, Message, Picture, from_json, pictures_of
from tests.chaos.posted import Posted, Version


@dataclass
class Chat:
    """Every platform's, with references that tell the conversation."""

    rng: random.Random
    faults: float = 0.2
    """Share of calls that go wrong; 0 after the storm."""
    messages: dict[str, Posted] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Reference → key of the person who sent it, and the bytes."""
    repeats: int = 0
    """Sends with a key that had been used before: what would stand there twice without one."""
    troubles: dict[str, int] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def told(self) -> str:
        """See `Talk`."""
        return f"{self.repeats} sends repeated, faults {self.troubles}"

    def below(self, posted: Posted) -> str:
        """See `Talk`."""
        return posted.ref

    def within(self, root: str) -> list[Posted]:
        """All messages of a conversation and the threads below it."""
        return [m for m in self.messages.values() if m.conversation == root or m.conversation.startswith(f"{root}:")]

    async def change(self) -> None:
        """Wait until anybody posts or edits anything, or for a second."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1), self._news:
                await self._news.wait()

    async def serve(self, socket: Path) -> web.AppRunner:
        """Listen until the runner is cleaned up."""
        app = web.Application(client_max_size=2**24)
        app.add_routes(
            [
                web.post("/send", self._send),
                web.post("/edit", self._edit),
                web.post("/delete", self._delete),
                web.post("/fetch", self._fetch),
                web.post("/form", self._form),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.UnixSite(runner, str(socket)).start()
        return runner

    async def _send(self, request: web.Request) -> web.StreamResponse:
        asked, fault = await request.json(), self._fault()
        if (refused := self._refused(fault)) is not None:
            return refused
        conversation, key = asked["conversation"], asked["key"]
        if (ref := self._keys.get(key)) is not None:
            self.repeats += 1
        elif ":" in conversation and conversation not in self.messages:
            return web.json_response({"code": "conversation_closed"}, status=404)
        else:
            ref = self._keys[key] = f"{conversation}:{len(self._keys) + 1}"
            version = version_of(from_json(asked["message"]), key)
            self.messages[ref] = Posted(ref, conversation, [version])
            await self._tell()
        return self._answered(request, fault, {"ref": ref})

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        asked, fault = await request.json(), self._fault()
        if (refused := self._refused(fault)) is not None:
            return refused
        if (posted := self.messages.get(asked["ref"])) is None:
            return web.json_response({"code": "message_gone"}, status=404)
        posted.versions.append(version_of(from_json(asked["message"])))
        await self._tell()
        return self._answered(request, fault, {})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        asked, fault = await request.json(), self._fault()
        if (refused := self._refused(fault)) is not None:
            return refused
        return self._answered(request, fault, {"stood": self.messages.pop(asked["ref"], None) is not None})

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        asked, fault = await request.json(), self._fault()
        if (refused := self._refused(fault)) is not None:
            return refused
        owner, data = self.files.get(asked["ref"], ("", b""))
        if owner != asked["person"]:
            return web.json_response({"code": "file_unavailable"}, status=403)
        return web.Response(body=data)

    async def _form(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"code": "form_too_late"}, status=404)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _fault(self) -> str:
        """A 5xx, or 429, before anything has happened; an answer that gets lost; "" for a call that works."""
        luck = self.rng.random()
        for fault, share in (("answer_lost", 0.4), ("refused", 0.4), ("busy", 0.2)):
            if (luck := luck - self.faults * share) < 0:
                self.troubles[fault] = self.troubles.get(fault, 0) + 1
                return fault
        return ""

    def _refused(self, fault: str) -> web.Response | None:
        match fault:
            case "refused":
                return web.Response(status=self.rng.choice((500, 502, 503)), text="<html>Bad Gateway</html>")
            case "busy":
                return web.Response(status=429, headers={"Retry-After": f"{self.rng.uniform(0.2, 1.0):.2f}"})
            case _:
                return None

    def _answered(self, request: web.Request, fault: str, answer: dict[str, Any]) -> web.Response:
        """It has happened; whether the caller hears of it is another question."""
        if fault == "answer_lost" and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer)


def version_of(message: Message, key: str = "") -> Version:
    """What a message says from now on."""
    pictures = tuple(picture.artifact for picture in pictures_of(message))
    return Version(time.time(), key, message.summary, tuple(_actions(message)), pictures)


def _actions(message: Message) -> Iterator[str]:
    for part in message.parts:
        match part:
            case Buttons(buttons) | Picture(buttons=buttons):
                yield from (button.action for button in buttons)
            case Album(pictures):
                yield from (button.action for picture in pictures for button in picture.buttons)
            case Items(items):
                yield from (button.action for item in items for button in item.buttons)
            case _:
                pass
