"""People who want headshots, and the platform that hands in what they do until it is acknowledged, and sometimes again.

They know nothing but what the chat shows them.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Protocol

from bot.events import Attachment, Commanded, Event, Happening, Pressed, Said
from bot.people import Person
from bot.verbs import Verb
from tests.chaos.chat import Chat
from tests.chaos.posted import Posted
from tests.chaos.town import Town

AGAIN = 0.1
"""Share of acknowledged events that the platform delivers again."""
VARIATIONS = (Verb.MORE_LIKE_THIS, Verb.NEW_LIGHT, Verb.NEW_BACKDROP)
PHOTO = b"\xff\xd8\xff a photo "


class Letters(Protocol):
    """How what people do gets to the bot, as judges look at it."""

    acknowledged: dict[str, Any]
    """What the bot said is safe, by id."""
    refused: int
    """Deliveries that were not acknowledged."""


@dataclass
class Post:
    """The platform's side of events: at least once each."""

    town: Town
    rng: random.Random
    acknowledged: dict[str, Event] = field(default_factory=dict)
    refused: int = 0
    """Deliveries that were not acknowledged."""
    again: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def event(self, person: Person, direct: str, happened: Happening) -> Event:
        """Something that the person did."""
        return Event(f"Ev{next(self._numbers)}", person, direct, direct, happened)

    async def deliver(self, event: Event) -> None:
        """Until it is acknowledged."""
        await self._until_acknowledged(event)
        self.acknowledged[event.id] = event
        if self.rng.random() < AGAIN:
            task = asyncio.create_task(self._later(event, self.rng.uniform(0, 6)))
            self.again.add(task)

    async def _later(self, event: Event, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._until_acknowledged(event)

    async def _until_acknowledged(self, event: Event) -> None:
        while not await self.town.hand_in(event):
            self.refused += 1
            await asyncio.sleep(self.rng.uniform(0.1, 0.6))


@dataclass
class Sitter:
    """One person; what they do is told by their own random numbers."""

    person: Person
    chat: Chat
    post: Post
    rng: random.Random
    poison: str = ""
    """What their photos do to an engine."""
    orders: dict[str, str] = field(default_factory=dict)
    """Key of what they asked for → kind; they may not have been heard yet."""
    cancels: set[str] = field(default_factory=set)
    """Shoots that they pressed "cancel" for."""
    photos: int = 0
    seen: set[str] = field(default_factory=set)
    """Shoots that they know."""

    @property
    def direct(self) -> str:
        """Their conversation with the bot."""
        return f"D-{self.person.workspace}-{self.person.user}"

    async def visits(self, shoots: int, headshots: int) -> None:
        """Agree, send photos, ask for so many shoots, and play with the galleries. Returns when all is told."""
        if self.rng.random() < 0.5:
            await self.sends_photos()
            await self.agrees()
        else:
            await self._does(Said("hello"))
            await self.agrees()
            await self.sends_photos()
        await self.waits(1)
        if "at-sight" in self.poison:
            return
        left = shoots
        while left > 0:
            together = min(left, self.rng.choice((1, 1, 2)))
            for _ in range(together):
                await self.asks(headshots)
            left -= together
            for shown in await self.waits(together, cancelling=0.0 if self.poison else 0.08):
                if shown.now.has_pictures and self.rng.random() < 0.3:
                    await self.varies(shown)
                    await self.waits(1)

    async def agrees(self) -> None:
        """Press the button below the consent text."""
        posted = await self._until(lambda: self._offered(Verb.AGREE))
        await self.presses(posted, Verb.AGREE)

    async def sends_photos(self) -> None:
        """Two in one message."""
        files = []
        for data in self._new_photos():
            ref = f"F-{self.person.workspace}-{self.person.user}-{len(self.chat.files)}"
            self.chat.files[ref] = (self.person.key, data)
            files.append(Attachment(ref, "image/jpeg", len(data)))
        await self._does(Said("", tuple(files)), "screening")

    def _new_photos(self) -> tuple[bytes, bytes]:
        """No two are the same."""
        self.photos += 2
        first, second = (f"{self.person.key} {number} |{self.poison}|" for number in (self.photos - 1, self.photos))
        return PHOTO + first.encode(), PHOTO + second.encode()

    async def asks(self, headshots: int) -> None:
        """`/headshot`."""
        style = self.rng.choice(("corporate", "linkedin white", "outdoor"))
        await self._does(Commanded(f"{style} {headshots}"), "shoot")

    async def varies(self, gallery: Posted) -> None:
        """More like the best."""
        await self.presses(gallery, self.rng.choice(VARIATIONS), "variation")

    async def presses(self, posted: Posted, verb: Verb, orders: str = "") -> None:
        """A button of a message, as it stands there now."""
        action = posted.now.offers(verb)
        assert action is not None, f"{verb} stands below no message of {posted.ref}"
        await self._does(Pressed(action, message=posted.ref), orders)

    async def waits(self, many: int, *, cancelling: float = 0.0) -> list[Posted]:
        """Until so many new things were begun, and ended in whatever way."""
        begun: dict[str, Posted] = {}
        while len(begun) < many:
            posted = await self._until(self._new)
            self.seen.add(posted.shoot_id)
            begun[posted.shoot_id] = posted
            if self.rng.random() < cancelling and posted.now.is_open:
                self.cancels.add(posted.shoot_id)
                await self.presses(posted, Verb.CANCEL)
        for posted in begun.values():
            await self._until(partial(_ended, posted))
        return list(begun.values())

    def _new(self) -> Posted | None:
        mine = self.chat.within(self.direct)
        return next((m for m in mine if m.shoot_id and m.shoot_id not in self.seen), None)

    def _offered(self, verb: Verb) -> Posted | None:
        return next((m for m in self.chat.within(self.direct) if m.now.offers(verb)), None)

    async def _until(self, look: Callable[[], Posted | None]) -> Posted:
        while (found := look()) is None:
            await self.chat.change()
        return found

    async def _does(self, happened: Happening, orders: str = "") -> None:
        """`orders`: kind of what is to be made because of it."""
        event = self.post.event(self.person, self.direct, happened)
        if orders:
            self.orders[f"{event.id}:selfies" if orders == "screening" else event.id] = orders
        await self.post.deliver(event)


def _ended(posted: Posted) -> Posted | None:
    return None if posted.now.is_open else posted
