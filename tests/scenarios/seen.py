"""What a person sees, in words that fit every platform: messages with buttons, pictures and files, and forms."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenButton:
    """Something to press."""

    label: str
    action: str
    """Its id, as the bot made it."""
    hint: str = ""
    headshot: int = 0
    """Number of the headshot that it stands below; 0 = none."""


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A headshot."""

    headshot: int
    title: str
    alt: str
    ref: str
    """For `Window.save`."""
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class SeenFile:
    """Something to take along."""

    name: str
    ref: str
    """For `Window.save`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stood there at one moment."""

    ref: str
    """Reference of the message, and of the thread below it."""
    place: str
    """Reference of the channel, or of the message above the thread."""
    author: str
    """A user; "" = Headroom."""
    text: str
    """All of its words."""
    buttons: tuple[SeenButton, ...] = ()
    pictures: tuple[SeenPicture, ...] = ()
    files: tuple[SeenFile, ...] = ()
    only_me: bool = False
    gone: bool = False

    def says(self, words: str) -> bool:
        """Whether these words stand in it."""
        return words.casefold() in self.text.casefold()

    @property
    def labels(self) -> list[str]:
        """Of all buttons."""
        return [button.label for button in self.buttons]

    def button(self, label: str, headshot: int = 0) -> SeenButton | None:
        """The first with this label, below this headshot."""
        fits = (each for each in self.buttons if each.label == label and headshot in (0, each.headshot))
        return next(fits, None)


@dataclass(frozen=True, slots=True)
class SeenForm:
    """Something to fill in."""

    title: str
    values: Mapping[str, str]
    """Name of the field → what stands there."""
    token: Mapping[str, str]
    """What the platform needs to send it off."""
