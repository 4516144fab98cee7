"""What stands in a chat, and all that ever stood there, in words that are the same for every platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.actions import read_action
from bot.verbs import Verb


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said from a moment on."""

    at: float
    key: str
    """"" for an edit."""
    summary: str
    actions: tuple[str, ...]
    """Ids of all that can be pressed."""
    pictures: tuple[str, ...]
    """What it shows, by whatever name the platform has for it."""

    @property
    def shoot_id(self) -> str:
        """Of the shoot that it is about; "" when its buttons name none."""
        return next((action.shoot_id for each in self.actions if (action := read_action(each)) and action.shoot_id), "")

    @property
    def is_open(self) -> bool:
        """Something is still to come here: it can be cancelled."""
        return self.offers(Verb.CANCEL) is not None

    @property
    def has_pictures(self) -> bool:
        """It shows headshots."""
        return bool(self.pictures)

    def offers(self, verb: Verb) -> str | None:
        """Id of the first button of this verb."""
        return next((each for each in self.actions if (action := read_action(each)) and action.verb == verb), None)


@dataclass
class Posted:
    """A message and all that it ever said."""

    ref: str
    conversation: str
    versions: list[Version]

    @property
    def now(self) -> Version:
        """What it says now."""
        return self.versions[-1]

    @property
    def shoot_id(self) -> str:
        """Of the shoot that it has been about."""
        return next((version.shoot_id for version in self.versions if version.shoot_id), "")


class Talk(Protocol):
    """A chat, as people and judges look at it."""

    @property
    def messages(self) -> Mapping[str, Posted]:
        """Of the bot, by reference; what was deleted is gone."""
        ...

    @property
    def told(self) -> str:
        """What went wrong there, for whoever wants to know how bad it was."""
        ...

    def below(self, posted: Posted) -> str:
        """The conversation of what is said below a message."""
        ...

    def within(self, root: str) -> list[Posted]:
        """All messages of a conversation and the threads below it."""
        ...

    async def change(self) -> None:
        """Wait until anybody posts or edits anything, or for a second."""
        ...
