"""The port of scenarios: what one person has before them on a platform. Each platform's simulator is one more driver."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Protocol

from tests.scenarios.seen import Seen, SeenForm

NO_PHOTOS: Mapping[str, tuple[bytes, ...]] = {}
DIRECT, TEAM = "direct", "team"
"""Places that everybody has: the conversation with Headroom alone, and a channel where others read along."""


class Refused(AssertionError):
    """The platform, not the bot, said no."""


class Town(Protocol):
    """A platform with everybody's windows."""

    @property
    def windows(self) -> "Mapping[str, Window]":
        """By person: alex and sam are members, gus is a guest."""
        ...

    @property
    def keys(self) -> Mapping[str, str]:
        """See `bot.people.Person`."""
        ...

    def traces(self, user: str, shoots: Collection[str]) -> Counter[str]:
        """Place → how many messages of Headroom that speak of these shoots, and pictures and files that it shows this person."""
        ...


class Window(Protocol):
    """Acts return as soon as the platform has taken them; what comes of them is in the history later."""

    history: list[Seen]
    """Everything that was shown, each version of it, oldest first."""
    forms: list[SeenForm]
    news: asyncio.Condition
    """Notified when there is more in either."""

    async def say(self, place: str, text: str, photos: tuple[bytes, ...] = ()) -> None:
        """Type and send, in `DIRECT`, in `TEAM`, or in the thread below a message."""
        ...

    async def command(self, place: str, text: str) -> None:
        """`/headshot` and what follows it."""
        ...

    async def press(self, ref: str, action: str) -> None:
        """A button of a message. Raises Refused."""
        ...

    async def fill(
        self, form: SeenForm, values: Mapping[str, str], photos: Mapping[str, tuple[bytes, ...]] = NO_PHOTOS
    ) -> None:
        """Send a form off, with photos by field. A channel is chosen by `TEAM`."""
        ...

    async def save(self, ref: str) -> bytes | None:
        """A picture or file that is shown; None for what is not there, or not theirs."""
        ...
