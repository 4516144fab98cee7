"""What handling an event results in."""

from dataclasses import dataclass

from bot.events import Event, Pressed
from bot.ledger import Reply
from bot.messages import Message, to_json
from bot.shoots import Shoot


@dataclass(frozen=True, slots=True)
class Answer:
    """Replies, and what is to become of the event."""

    replies: tuple[Reply, ...] = ()
    aside: bool = False
    """Keep the event for later: there is no consent yet."""
    forgotten: bool = False
    """The person was forgotten, with all records of this event: the replies have to be sent by hand."""
    seen: bool = False
    """A form stands before the person already, so that nothing needs to be said."""


def answer(event: Event, *messages: Message) -> Answer:
    """Messages where it happened."""
    return Answer(tuple(Reply(event.conversation, to_json(message)) for message in messages))


def shown(event: Event, shoot: Shoot, *messages: Message) -> Answer:
    """Messages with pictures of a shoot, below its gallery."""
    place = below(event, shoot)
    return Answer(tuple(Reply(place, to_json(message), shoot.order.id) for message in messages))


def edited(shoot: Shoot, message: Message) -> Reply:
    """A message in the place of the shoot's first one."""
    return Reply(shoot.order.conversation, to_json(message), shoot.order.id, edits=True)


def below(event: Event, shoot: Shoot) -> str:
    """Where to go on about a shoot: in the thread where the person is, or else in the one below the message whose button was
    pressed, which may be a copy of the gallery, or below the gallery.
    """
    if event.conversation != event.direct:
        return event.conversation
    return pressed_on(event) or shoot.placeholder or event.conversation


def pressed_on(event: Event) -> str:
    """Reference of the message whose button was pressed; "" when none was, or nobody knows."""
    return event.happened.message if isinstance(event.happened, Pressed) else ""
