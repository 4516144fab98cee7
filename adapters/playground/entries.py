"""Messages as the history keeps them: what the bot shows and what people say, with who can see which picture where."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from adapters.playground.cast import CAST
from adapters.playground.places import Place
from bot import messages
from bot.events import Attachment
from bot.messages import File, Message, from_json, to_json


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a person said."""

    text: str
    attachments: tuple[Attachment, ...] = ()


Content: TypeAlias = Message | Spoken
_SPOKEN: TypeAdapter[Spoken] = TypeAdapter(Spoken)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it stands there now."""

    number: int
    place: Place
    """The conversation in which it stands."""
    author: str
    """User; "" = the bot."""
    key: str
    """Of the event that it came with, or of the bot's send."""
    only_to: str
    content: Content | None
    """None: removed."""
    created_at: float
    edited_at: float | None
    change: int
    replies: int = 0
    """In the thread below it, that the reader can see."""

    @property
    def ref(self) -> str:
        """Its reference, and the name of the thread below it."""
        return Place(self.place.channel, self.number).name


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or file that somebody can see in a message."""

    owner: str
    name: str
    """Of a file; "" for a picture."""
    by_bot: bool
    """The bot showed it, so it may be decoded: whose it is agreed before."""


def body_of(content: Content) -> str:
    """Content as text for a row; the same content is the same text."""
    document = to_json(content) if isinstance(content, Message) else _SPOKEN.dump_python(content, mode="json")
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def content_of(author: str, body: str | None) -> Content | None:
    """What `body_of` was given; None for a row that was emptied."""
    if body is None:
        return None
    return _SPOKEN.validate_json(body) if author else from_json(json.loads(body))


def pictures_of(author: str, content: Content) -> Iterator[dict[str, Any]]:
    """Each picture and file that a message shows: `artifact`, `owner` and, for a file, `name`."""
    if isinstance(content, Spoken):
        for attachment in content.attachments:
            yield {"artifact": attachment.ref, "owner": CAST[author].person.key, "name": ""}
        return
    for picture in messages.pictures_of(content):
        yield {"artifact": picture.artifact, "owner": picture.owner, "name": ""}
    for part in content.parts:
        if isinstance(part, File):
            yield {"artifact": part.artifact, "owner": part.owner, "name": part.name}
