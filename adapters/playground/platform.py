"""`PlaygroundChat`: the port `ChatPlatform` on the playground's own history and pages."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from adapters.playground.cast import CAST, PLATFORM, WORKSPACE
from adapters.playground.history import History
from adapters.playground.limits import KEY
from adapters.playground.outbound import form_for_page
from adapters.playground.places import Place, channels_of, find_place
from adapters.playground.triggers import Triggers
from adapters.playground.visitors import Visitors
from bot.artifacts import ArtifactStore
from bot.events import Attachment
from bot.messages import Form, Message
from bot.people import Person
from engine.contract.errors import (
    ArtifactUnreadable,
    FileUnavailable,
    PersonError,
    PlatformError,
    StorageError,
    Undeliverable,
)

T = TypeVar("T")


class PlaygroundChat:
    """One in a folder. Its pages, if any are open, hear of every change."""

    def __init__(self, folder: Path, pictures: ArtifactStore, now: Callable[[], float] = time.time) -> None:
        self.history = History(folder / "playground.db")
        self.visitors = Visitors()
        self.triggers = Triggers(now)
        self.now = now
        self._pictures = pictures

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:  # noqa: ARG002 the history knows its keys
        """See `ChatPlatform`."""
        if not 0 < len(key) <= KEY:
            raise ValueError(f"a key has 1 to {KEY} characters")
        if (place := find_place(conversation)) is None:
            raise Undeliverable("conversation_closed")
        added = await asked(self.history.add, place, "", key, message, self.now(), message.only_to)
        if added is None:
            raise Undeliverable("conversation_closed")
        ref, new = added
        if new:
            self._changed(place, message.only_to)
        return ref.name

    async def edit(self, ref: str, message: Message) -> None:
        """See `ChatPlatform`."""
        place = find_place(ref)
        if place is None or not await asked(self.history.edit, place, message, self.now()):
            raise Undeliverable("message_gone")
        self._changed(place, message.only_to)

    async def delete(self, ref: str) -> bool:
        """See `ChatPlatform`. Pictures belong to the store and go with their owner or their time; nobody sees them any more."""
        place = find_place(ref)
        gone = place is not None and await asked(self.history.remove, place)
        self.visitors.ring()
        return gone

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        if (person.platform, person.workspace) != (PLATFORM, WORKSPACE):
            raise FileUnavailable("file_unavailable")
        try:
            _, data = await self._pictures.get(person.key, attachment.ref)
        except ArtifactUnreadable as error:
            raise FileUnavailable("file_unavailable") from error
        except StorageError as error:
            raise PlatformError("platform_unclear") from error
        if len(data) > limit_bytes:
            raise PersonError("photo_too_heavy", megabytes=len(data) // 10**6, limit=limit_bytes // 10**6)
        return data

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `ChatPlatform`."""
        found = self.triggers.find(trigger)
        if found is None:
            raise Undeliverable("form_too_late")
        shown = {**form_for_page(form, trigger), "conversation": found.conversation}
        if not self.visitors.tell(found.user, "form", shown, found.tab):
            raise Undeliverable("form_too_late")
        self.visitors.tell(found.user, "writing", {"channel": _channel(found.conversation), "on": False})

    def _changed(self, place: Place, only_to: str) -> None:
        """Pages look up what is new; whoever can see it waits for the bot no longer."""
        self.visitors.ring()
        for user in CAST:
            if place.channel in channels_of(user) and only_to in ("", user):
                self.visitors.tell(user, "writing", {"channel": place.channel, "on": False})


def _channel(conversation: str) -> str:
    return conversation.partition(":")[0]


async def asked(call: Callable[..., T], *values: object) -> T:
    """The answer of the history, from a thread of its own. Raises PlatformError while its file cannot be used."""
    try:
        return await asyncio.to_thread(call, *values)
    except sqlite3.Error as error:
        raise PlatformError("platform_unclear") from error
