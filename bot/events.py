"""What happens in a chat, in our words. Adapters translate a platform's payloads into these, once, on their first line inside.

An event is written down before the platform is answered, so it is JSON: it names files by the platform's reference and
carries no bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from bot.people import Person


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent, not fetched yet."""

    ref: str
    """The platform's reference, for `ChatPlatform.fetch`."""
    media_type: str = ""
    """As the platform claims; never trusted."""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were typed, with files or without."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command; `text` is what follows `/headshot`."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    """Some platforms let a command carry files."""
    trigger: str = ""
    """What a form can be opened with, for a few seconds; "" where there is nothing."""
    kind: Literal["commanded"] = "commanded"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button; `action` is the id that it was made with, see `bot.actions`."""

    action: str
    trigger: str = ""
    message: str = ""
    """Reference of the message that it stands in; "" where the platform does not say."""
    page: str = ""
    """The page that it stands on, as in the `Event.conversation` of `Opened`; that of this event is then the direct one.
    "" = it stands in a message.
    """
    kind: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent off: `form` is the id it was made with; values are strings, by field."""

    form: str
    values: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    """Photos that belong to no field."""
    files: Mapping[str, tuple[Attachment, ...]] = field(default_factory=dict)
    """By field of the kind photos."""
    kind: Literal["filled"] = "filled"


@dataclass(frozen=True, slots=True)
class Opened:
    """The person looks at the page that the bot has on some platforms; `Event.conversation` is that page."""

    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class Pointed:
    """The person points at a message with photos that somebody else posted: a headshot of them would be nice."""

    author: Person
    """Who posted the photos: the only one who may say yes."""
    author_direct: str
    """The conversation with the author alone; "" = there can be none, for it is a bot, or somebody of another organisation."""
    attachments: tuple[Attachment, ...] = ()
    kind: Literal["pointed"] = "pointed"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The person deleted files that they had sent."""

    refs: tuple[str, ...]
    """Of attachments."""
    kind: Literal["withdrawn"] = "withdrawn"


Happening: TypeAlias = Annotated[
    Said | Commanded | Pressed | Filled | Opened | Pointed | Withdrawn, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did."""

    id: str
    """The platform's own id of it: the same id of the same person is the same event, however often it is delivered."""
    person: Person
    """As the platform verified it."""
    conversation: str
    """Where it happened and is answered: a channel, or a thread. The reference of a message that stands in a channel is at
    the same time the conversation of the thread below it."""
    direct: str
    """The conversation with this person alone."""
    happened: Happening
    private: bool = True
    """Nobody but this person and the bot can read `conversation`."""
    guest: bool = False
    """Not a full member of the workspace."""


_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def to_json(event: Event) -> dict[str, Any]:
    """An event as JSON."""
    dumped: dict[str, Any] = _EVENT.dump_python(event, mode="json")
    return dumped


def from_json(document: Mapping[str, Any]) -> Event:
    """What `to_json` was given. Raises ValueError."""
    return _EVENT.validate_python(document)
