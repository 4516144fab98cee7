"""What a page posts, translated into events of the bot. Pure: whoever is asked here was looked at before.

The page makes an id for each thing that a person does and keeps it when it has to post again, so a retry is the same event.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from adapters.playground.cast import Actor
from adapters.playground.limits import ACTION, FIELDS, PHOTOS_AT_ONCE, TYPED
from adapters.playground.places import TEAM, Place, direct
from bot.events import Attachment, Commanded, Event, Filled, Happening, Pressed, Said

_COMMAND = re.compile(r"/headshot(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{8,40}$")]


class _Post(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=TYPED)

    id: _Id
    tab: _Id
    """The window it was done in."""


class Saying(_Post):
    """Words, a command, photos."""

    conversation: str
    text: str = ""
    attachments: tuple[_Id, ...] = Field(default=(), max_length=PHOTOS_AT_ONCE)


class Press(_Post):
    """A button of a message."""

    ref: str
    action: str = Field(max_length=ACTION)


class Filling(_Post):
    """A form that was sent off."""

    trigger: str
    """What it had been opened with."""
    conversation: str
    form: str = Field(max_length=ACTION)
    values: Mapping[str, str] = Field(max_length=FIELDS)
    files: Mapping[str, tuple[_Id, ...]] = Field(default_factory=dict, max_length=FIELDS)
    """Uploaded photos, by field."""


def is_command(text: str) -> bool:
    """True for `/headshot …`."""
    return _COMMAND.fullmatch(text.strip()) is not None


def said(saying: Saying, actor: Actor, place: Place, attachments: Sequence[Attachment], trigger: str) -> Event:
    """Words or a command."""
    happened: Happening
    if (command := _COMMAND.fullmatch(saying.text.strip())) is not None:
        happened = Commanded((command[1] or "").strip(), tuple(attachments), trigger)
    else:
        happened = Said(saying.text.strip(), tuple(attachments))
    return _event(saying.id, actor, place, happened)


def pressed(press: Press, actor: Actor, place: Place, trigger: str) -> Event:
    """A press; `place` is where the message with the button stands."""
    return _event(press.id, actor, place, Pressed(press.action, trigger, press.ref))


def filled(filling: Filling, actor: Actor, place: Place, files: Mapping[str, tuple[Attachment, ...]]) -> Event:
    """A form; `place` is where it was asked for."""
    return _event(filling.id, actor, place, Filled(filling.form, dict(filling.values), files=dict(files)))


def _event(event_id: str, actor: Actor, place: Place, happened: Happening) -> Event:
    return Event(
        id=event_id,
        person=actor.person,
        conversation=place.name,
        direct=direct(actor.user),
        happened=happened,
        private=place.channel != TEAM,
        guest=actor.guest,
    )
