"""How each kind of message reaches its chat. Every step may run twice: sending is idempotent by key, editing by nature."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cards.shoots import ack_card, ready_card
from bot.chat import ChatPlatform
from bot.endings import ending_of
from bot.ledger import Acceptance, Clock, Galleries, KeptHeadshot, Outbox, OutboxMessage
from bot.messages import Message, Text, from_json, to_json
from bot.shoots import Json, Shoot
from bot.waiting import wait_s
from engine.contract.errors import PersonError, Undeliverable
from engine.contract.sentences import sentence

READY = "r"
"""What the key of the line below a gallery has more than the gallery's own."""
ELSE = "e"
"""The same of what is said instead of a reply."""
OR_ELSE = "or_else"
"""Note of a reply: what is said, and where, when it cannot be posted where it should."""
INSTEAD = "instead"
"""Note that this was said."""
_SHOWN = "shown"
"""Note that a gallery stands in place of its placeholder, so that only the line below it is still to come."""


def or_else(conversation: str, message: Message) -> Json:
    """The note for a reply that may not arrive."""
    return {OR_ELSE: {"conversation": conversation, "message": to_json(message)}}


class Delivery:
    """Takes one message out. Raises what the platform or the ledger raises, and PersonError when its shoot is gone."""

    def __init__(
        self,
        outbox: Outbox,
        acceptance: Acceptance,
        galleries: Galleries,
        platforms: Mapping[str, ChatPlatform],
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._acceptance = acceptance
        self._galleries = galleries
        self._platforms = platforms
        self._clock = clock

    async def deliver(self, message: OutboxMessage) -> tuple[OutboxMessage, str]:
        """Post or edit. The reference of what was posted, and the message: without a placeholder when that was gone, so that
        what was posted instead takes its part.
        """
        match message.kind:
            case "reply":
                return await self._place(message, from_json(message.payload))
            case "ack":
                return message, await self._send(message, await self._ack(message))
            case _:
                return await self._end(message)

    async def apologise(self, message: OutboxMessage, reference: str) -> tuple[OutboxMessage, str]:
        """Say in plain words that this message could not be shown. What an acknowledgement promised may still come true, and
        a gallery that stands there stays.
        """
        if _SHOWN in message.notes:
            return message, str(message.notes[_SHOWN])
        if OR_ELSE in message.notes:
            return message, await self._instead(message)
        words = sentence("went_wrong", reference=reference)
        return await self._place(message, Message(words, (Text(words),)))

    async def _instead(self, message: OutboxMessage) -> str:
        """What was kept for the case that this one can never arrive."""
        other = message.notes[OR_ELSE]
        aside = replace(message, key=message.key + ELSE, conversation=other["conversation"])
        ref = await self._send(aside, from_json(other["message"]))
        await self._outbox.note(message, {**message.notes, INSTEAD: ref})
        return ref

    async def _ack(self, message: OutboxMessage) -> Message:
        shoot = await self._shoot(message)
        place = await self._acceptance.place(shoot.order.id)
        kind = shoot.order.kind
        return ack_card(kind, message.payload, shoot.order.id, place, wait_s(place, None, None, self._clock()))

    async def _end(self, message: OutboxMessage) -> tuple[OutboxMessage, str]:
        """A gallery that is put where the placeholder stands rings no bell in a chat; so a fresh line follows below it."""
        shoot = await self._shoot(message)
        card, headshots = await ending_of(shoot, self._galleries)
        if _SHOWN not in message.notes:
            placed, ref = await self._place(message, card)
            if message.kind != "gallery" or not headshots or placed.placeholder is None:
                return placed, ref
            await self._outbox.note(message, {_SHOWN: ref})
        return message, await self._ring(message, shoot, headshots)

    async def _ring(self, message: OutboxMessage, shoot: Shoot, headshots: Sequence[KeptHeadshot]) -> str:
        assert message.placeholder is not None
        below = replace(message, key=message.key + READY, conversation=message.placeholder)
        try:
            return await self._send(below, ready_card(shoot, headshots))
        except Undeliverable:
            return message.placeholder  # it was seen and deleted: nothing is left to point at

    async def _place(self, message: OutboxMessage, card: Message) -> tuple[OutboxMessage, str]:
        """Where the placeholder stands; as a new message when there is none, or when somebody deleted it."""
        if message.placeholder is not None:
            try:
                await self._chat(message).edit(message.placeholder, card)
                return message, message.placeholder
            except Undeliverable:
                message = replace(message, placeholder=None)
        return message, await self._send(message, card)

    async def _send(self, message: OutboxMessage, card: Message) -> str:
        return await self._chat(message).send(message.conversation, card, message.key, again=message.tries > 1)

    def _chat(self, message: OutboxMessage) -> ChatPlatform:
        return self._platforms[message.person.platform]

    async def _shoot(self, message: OutboxMessage) -> Shoot:
        if (found := await self._acceptance.find(message.shoot_id or "", message.person)) is None:
            raise PersonError("shoot_unknown")
        return found
