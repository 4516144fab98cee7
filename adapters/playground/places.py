"""Names of conversations: "dm-alex" and "team" are channels, "dm-alex:7" is message 7 of one and the thread below it."""

import re
from dataclasses import dataclass

from adapters.playground.cast import CAST

TEAM = "team"
_NAME = re.compile(r"(team|dm-[a-z]+)(?::([1-9]\d{0,15}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, or a message in it."""

    channel: str
    number: int | None = None

    @property
    def name(self) -> str:
        """As `find_place` reads it."""
        return self.channel if self.number is None else f"{self.channel}:{self.number}"


def direct(user: str) -> str:
    """The conversation of somebody with the bot alone."""
    return f"dm-{user}"


def channels_of(user: str) -> tuple[str, ...]:
    """Channels that somebody can read."""
    return direct(user), TEAM


def find_place(name: str) -> Place | None:
    """None for what is no place here."""
    if (match := _NAME.fullmatch(name)) is None:
        return None
    channel, number = match[1], match[2]
    if channel != TEAM and channel.removeprefix("dm-") not in CAST:
        return None
    return Place(channel, int(number) if number else None)
