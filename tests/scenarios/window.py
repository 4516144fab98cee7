"""The port of scenarios: what one person has before them on a platform. Each platform's simulator is one more driver."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from tests.scenarios.seen import Seen, SeenForm

DIRECT, TEAM = "direct", "team"
"""Places that everybody has: the conversation with Headroom alone, and a channel where others read along."""


class Refused(AssertionError):
    """The platform, not the bot, said no."""


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

    async def fill(self, form: SeenForm, values: Mapping[str, str]) -> None:
        """Send a form off."""
        ...

    async def save(self, ref: str) -> bytes | None:
        """A picture or file that is shown; None for what is not there, or not theirs."""
        ...
