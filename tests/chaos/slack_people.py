"""People before the simulated Slack, and Slack's side of what they do: envelopes down a socket until they are acknowledged."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from copy import copy
from typing import Self

from adapters.slack.receiving import IN_PRIVATE
from bot.actions import read_action
from bot.events import Commanded, Happening, Pressed, Said
from bot.people import Person as Identity
from bot.verbs import Verb
from tests.chaos.people import AGAIN, VARIATIONS, Sitter
from tests.chaos.slack_chat import TEAM, SlackChat
from tests.slack.simulator.acts import Reply
from tests.slack.simulator.forms import Impossible
from tests.slack.simulator.lines import Ack, Attempt
from tests.slack.simulator.person import Person
from tests.slack.simulator.records import Json
from tests.slack.simulator.slack import Slack

DONE = "is destroyed"
"""What somebody reads who was forgotten."""


class SlackPost:
    """Stands in the simulator's line to the app, and keeps the books of what was acknowledged. Some of that it delivers again, as
    Slack does when an acknowledgement was lost. What Slack itself gives up on is not owed.
    """

    def __init__(self, slack: Slack, rng: random.Random) -> None:
        self.acknowledged: dict[str, Json] = {}
        self.refused = 0
        self.orders: dict[str, dict[str, str]] = defaultdict(dict)
        """By user; see `Sitter.orders`."""
        self.again: set[asyncio.Task[Ack]] = set()
        self._slack, self._rng = slack, rng
        slack.events.line = self

    def as_it_stands(self) -> Self:
        """What comes later is not in it."""
        stands = copy(self)
        stands.acknowledged = dict(self.acknowledged)
        return stands

    async def send(self, kind: str, payload: Json, within_s: float, attempt: Attempt) -> Ack:
        """See `tests.slack.simulator.events.Line`."""
        key = self._read(kind, payload)
        ack = await self._slack.sockets.send(kind, payload, within_s, attempt)
        if not was_taken(ack):
            self.refused += 1
        elif key:
            self.acknowledged[key] = payload
        if ack.ok and kind == "events_api" and self._rng.random() < AGAIN:
            self.again.add(asyncio.create_task(self._later(payload, self._rng.uniform(0, 6))))
        return ack

    async def _later(self, body: Json, seconds: float) -> Ack:
        await asyncio.sleep(seconds)
        return await self._slack.events.redeliver(body)

    def _read(self, kind: str, payload: Json) -> str:
        """Its id, if a person did it; and what is to be made because of it."""
        match kind, payload:
            case "slash_commands", {"trigger_id": str(key), "user_id": str(user)}:
                self.orders[user][key] = "shoot"
                return key
            case "interactive", {"trigger_id": str(key), "user": {"id": user}, "actions": [{"value": str(pressed)}]}:
                if (action := read_action(pressed)) and action.verb in VARIATIONS:
                    self.orders[user][key] = "variation"
                return key
            case "events_api", {"event_id": str(key), "event": {"type": "message", "user": user, **event}}:
                if "bot_id" in event or event.get("subtype") not in (None, "file_share"):
                    return ""
                if event.get("files"):
                    self.orders[user][f"{key}:selfies"] = "screening"
                return key
        return ""


class SlackSitter(Sitter):
    """Does what others do, in Slack's client; what the client says did not work is done again."""

    def __init__(self, client: Person, chat: SlackChat, post: SlackPost, rng: random.Random, poison: str) -> None:
        super().__init__(Identity("slack", TEAM, client.id), chat, post, rng, poison, orders=post.orders[client.id])
        self.client = client

    @property
    def direct(self) -> str:
        """See `Sitter`."""
        return f"{TEAM}/@{self.client.id}"

    async def sends_photos(self) -> None:
        """See `Sitter`."""
        await self.client.dm("", [(f"{at}.jpg", data) for at, data in enumerate(self._new_photos())])

    async def forgets(self) -> None:
        """Ask to be forgotten, say yes, and look on until it is done."""
        await self.client.dm("forget me")
        posted = await self._until(lambda: self._offered(Verb.FORGET_NOW))
        await self.presses(posted, Verb.FORGET_NOW)
        await self._until(lambda: next((m for m in self.chat.within(self.direct) if DONE in m.now.summary), None))

    async def _does(self, happened: Happening, orders: str = "") -> None:
        match happened:
            case Said(text=text):
                await self.client.dm(text)
            case Commanded(text=text):
                await self._until_taken(lambda: self.client.slash("/headshot", text))
            case Pressed(action=action, message=ref):
                await self._until_taken(lambda: self._press(ref, action))

    async def _press(self, ref: str, action: str) -> Reply:
        if (message := self.chat.find(ref)) is None:
            raise Impossible("it is gone")
        return await self.client.press(message, action)

    async def _until_taken(self, act: Callable[[], Awaitable[Reply]]) -> None:
        while True:
            try:
                reply = await act()
            except Impossible:  # somebody heard it at the last try, and the button is gone
                return
            if was_taken(reply.ack):
                return
            await asyncio.sleep(self.rng.uniform(0.1, 0.6))


def was_taken(ack: Ack) -> bool:
    """The answer to a command may say that nothing came of it."""
    return ack.ok and ack.payload.get("text", "") in ("", IN_PRIVATE)
