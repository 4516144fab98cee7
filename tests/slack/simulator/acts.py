"""What somebody sees in Slack's client, and how what they do reaches the app."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from tests.slack.simulator.board import Board
from tests.slack.simulator.events import Events
from tests.slack.simulator.forms import Impossible
from tests.slack.simulator.interactions import Interactions
from tests.slack.simulator.lines import Ack, Attempt
from tests.slack.simulator.methods.views import changed, checked, home_of, pushed
from tests.slack.simulator.records import Channel, Json, Message, User, View
from tests.slack.simulator.responses import Responses
from tests.slack.simulator.world import World


@dataclass(frozen=True)
class Reply:
    """What the client shows right after a command, a press, a form or a shortcut."""

    ack: Ack
    error: str = ""
    """operation_timeout, dispatch_failed; "" = it went through."""
    message: Message | None = None
    """What the acknowledgement of a command said."""
    errors: Mapping[str, str] | None = None
    """Below the fields of a form, by block id: it stays open."""


class Acts:
    """Of one person."""

    def __init__(self, world: World, board: Board, events: Events, responses: Responses, user: User) -> None:
        self.world, self.board, self.events, self.responses, self.user = world, board, events, responses, user
        self.payloads = Interactions(world, responses, user)

    @property
    def id(self) -> str:
        """U…"""
        return self.user.id

    def is_external(self, channel: Channel) -> bool:
        """In a channel that another company shares: commands and shortcuts are for members of its workspace."""
        ours, theirs = self.world.teams[self.user.team_id], self.world.teams[channel.team_id]
        return ours != theirs and not (ours.enterprise_id and ours.enterprise_id == theirs.enterprise_id)

    # ---- what they see

    def reads(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel or in one of its threads, from top to bottom, with what is only for them."""
        place = self.world.channels[channel]
        return [
            m for m in self.world.messages_for(place, self.id) if m.thread_ts == (thread_ts or "") and m.ts != thread_ts
        ]

    @property
    def modal(self) -> View | None:
        """The form on their screen: the topmost."""
        stack = [v for v in self.world.views.values() if v.kind == "modal" and v.user == self.id and v.is_open]
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The home tab of the app."""
        return home_of(self.world, self.id)

    def opens(self, file_id: str) -> bytes | None:
        """A file or picture; None for what is gone, or not shown to them."""
        file = self.world.files.get(file_id)
        if file is None or file.deleted:
            return None
        return file.data if self.world.sees_file(file, self.id) or file_id in self.world.shown_files(self.id) else None

    async def waits_for_modal(self, title: str = "", within_s: float = 5.0) -> View:
        """A form opens."""
        async with asyncio.timeout(within_s), self.world.news:
            await self.world.news.wait_for(lambda: self.modal and self.modal.body["title"]["text"].startswith(title))
        assert self.modal is not None
        return self.modal

    async def waits_for(self, words: str, channel: str = "", within_s: float = 5.0) -> Message:
        """A message of the app with these words that stands there, in a thread or not; the latest."""
        place = self.world.channels[channel] if channel else self.world.bot_im(self.id)

        def found() -> Message | None:
            seen = [m for m in self.world.messages_for(place, self.id) if m.by_bot and words in f"{m.text} {m.blocks}"]
            return seen[-1] if seen else None

        async with asyncio.timeout(within_s), self.world.news:
            await self.world.news.wait_for(lambda: found() is not None)
        message = found()
        assert message is not None
        return message

    # ---- how it gets to the app

    async def tell(self, kind: str, payload: Json) -> Ack:
        """To the app, which has three seconds."""
        assert self.events.line is not None
        return await self.events.line.send(kind, payload, self.world.habits.ack_s, Attempt())

    def failed(self, ack: Ack) -> Reply:
        """What the client says then."""
        return Reply(ack, "operation_timeout" if "timeout" in ack.why else "dispatch_failed")

    def before(self, stands: Message | View) -> Message | View:
        """What they have before them now. Raises Impossible for what they do not see."""
        if isinstance(stands, View):
            now = self.world.views.get(stands.id)
            if now is None or now.user != self.id or not now.is_open:
                raise Impossible("this form is not open")
            return now
        return self.message_before(stands)

    def message_before(self, message: Message) -> Message:
        """The same for messages."""
        place = self.world.channels[message.channel]
        now = next((m for m in self.world.messages_for(place, self.id) if m.ts == message.ts), None)
        if now is None:
            raise Impossible("there is no such message")
        return now

    def respond(self, view: View, ack: Ack) -> Reply:
        """What becomes of a form that was sent off: by the acknowledgement."""
        told = ack.payload
        match told.get("response_action"):
            case None:
                self.close(view)
            case "errors":
                blocks = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
                assert told["errors"].keys() <= blocks, f"errors for unknown fields: {told['errors']}"
                return Reply(ack, errors=told["errors"])
            case "clear":
                for each in [v for v in self.world.views.values() if v.kind == "modal" and v.user == self.id]:
                    each.is_open = False
            case "update":
                body = checked(self.world, told["view"], "modal", self._bot, besides=view.id)
                changed(self.world, view, body)
            case "push":
                pushed(self.world, checked(self.world, told["view"], "modal", self._bot), view)
            case other:
                raise AssertionError(f"there is no response_action {other}")
        return Reply(ack)

    def close(self, view: View) -> None:
        """One form; the one below it comes up again, unless the whole stack closes with it."""
        view.is_open = False
        self.world.views[view.id].is_open = False

    @property
    def _bot(self) -> str:
        return self.world.teams[self.user.team_id].bot_user
