"""What the bot shows, in our words: plain text and a few kinds of parts. Each adapter draws them its own way.

All text is plain: adapters escape it, and shrink what is too long for their platform instead of failing. Messages are JSON
in the outbox, so pictures are named and never carried.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. Buttons never expire and stay after use."""

    action: str
    """See `bot.actions.to_id`."""
    label: str
    look: Literal["plain", "primary", "danger"] = "plain"
    confirm: str = ""
    """A question to ask before it counts; "" = none."""
    hint: str = ""
    """For screen readers where the label alone does not say what it is about; "" = the label does."""
    link: str = ""
    """An https address to open instead: the bot does not hear of it, and `action` says nothing."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `look`: a heading, ordinary text, or small print."""

    text: str
    look: Literal["heading", "plain", "small"] = "plain"
    part: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]
    part: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with a title, a line of why, and buttons of its own. The bytes: `ArtifactStore.get(owner, artifact)`."""

    artifact: str
    owner: str
    """`Person.key`."""
    alt: str
    """For whoever cannot see it; never empty."""
    title: str = ""
    text: str = ""
    buttons: tuple[Button, ...] = ()
    width_px: int = 0
    height_px: int = 0
    marked: bool = False
    """A favourite."""
    more: Button | None = None
    """Shows it by itself with all of its buttons, for platforms that have no room for them in an album."""
    part: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Album:
    """Many pictures to leaf through, as each platform does it best."""

    pictures: tuple[Picture, ...]
    part: Literal["album"] = "album"


@dataclass(frozen=True, slots=True)
class File:
    """A file to take along, such as a full-size headshot. The bytes: `ArtifactStore.get(owner, artifact)`."""

    artifact: str
    owner: str
    name: str
    """File name of our making, `[a-z0-9.-]` only."""
    media_type: str
    part: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list of things that are good, fair or not."""

    outcome: Literal["good", "fair", "bad", "open"]
    title: str
    text: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Such a list: verdicts on selfies, shoots, styles."""

    items: tuple[Item, ...]
    part: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress: `share` in [0, 1], with words that say the same."""

    share: float
    label: str
    part: Literal["bar"] = "bar"


Part: TypeAlias = Annotated[Text | Buttons | Picture | Album | File | Items | Bar, Field(discriminator="part")]


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a conversation."""

    summary: str
    """The whole message in a sentence: notifications, screen readers and platforms that can show nothing else."""
    parts: tuple[Part, ...] = ()
    only_to: str = ""
    """`Person.user` who alone may see it, where others read along; "" = everybody in the conversation."""


def pictures_of(message: Message) -> Iterator[Picture]:
    """All that it shows, those of albums, too."""
    for part in message.parts:
        match part:
            case Picture():
                yield part
            case Album():
                yield from part.pictures


@dataclass(frozen=True, slots=True)
class Option:
    """One of several to choose from."""

    value: str
    label: str
    text: str = ""
    picture: str = ""
    """Name of a style that `Catalogue.example` has a picture of; "" = none."""


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing to fill in. `kind`: one of `options`; a line of text; a whole number from `least` to `most`; at most `most` photos,
    which come back in `Filled.files`; or a channel that the person can read, which comes back as its address.
    """

    name: str
    label: str
    kind: Literal["choice", "text", "number", "photos", "channel"]
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 0
    longest: int = 0
    """Characters of a text."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in and send off."""

    id: str
    """Comes back in `Filled.form`; made like the id of a button."""
    title: str
    submit: str
    fields: tuple[Blank, ...] = field(default_factory=tuple)


_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_FORM: TypeAdapter[Form] = TypeAdapter(Form)


def to_json(message: Message) -> dict[str, Any]:
    """A message as JSON."""
    dumped: dict[str, Any] = _MESSAGE.dump_python(message, mode="json")
    return dumped


def from_json(document: Mapping[str, Any]) -> Message:
    """What `to_json` was given. Raises ValueError."""
    return _MESSAGE.validate_python(document)


def form_to_json(form: Form) -> dict[str, Any]:
    """A form as JSON."""
    dumped: dict[str, Any] = _FORM.dump_python(form, mode="json")
    return dumped
