"""People: what they do in Slack's client, and what they see there."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.slack.simulator.acts import Acts, Reply
from tests.slack.simulator.board import new_file
from tests.slack.simulator.forms import Impossible, check_file, check_filled, elements_of, state_of
from tests.slack.simulator.methods.oauth import CLIENT_ID, Grant
from tests.slack.simulator.payloads import escape, file_json, view_json
from tests.slack.simulator.records import Channel, File, Json, Message, View

Upload = tuple[str, bytes]


class Person(Acts):
    """Somebody. All acts return when Slack has taken them."""

    # ---- in the conversation

    @property
    def im(self) -> Channel:
        """With the app."""
        return self.world.bot_im(self.id)

    async def dm(self, text: str = "", files: Sequence[Upload] = (), thread_ts: str = "") -> Message:
        """A message to the app."""
        return await self.says(self.im.id, text, files, thread_ts)

    async def says(self, channel: str, text: str = "", files: Sequence[Upload] = (), thread_ts: str = "") -> Message:
        """A message, with all files in one."""
        place = self.world.channels[channel]
        if self.id not in place.members or place.archived:
            raise Impossible("cannot write here")
        if place.kind == "im" and self.world.bot_of(place) and not self.world.habits.messages_enabled:
            raise Impossible("sending messages to this app has been turned off")
        uploads = [new_file(self.world, self.id, name, data) for name, data in files]
        self.world.files |= {file.id: file for file in uploads}
        return self.board.post(place, self.id, escape(text), thread_ts=thread_ts, files=tuple(uploads))

    async def edits(self, message: Message, text: str) -> Message:
        """A message of theirs."""
        assert message.user == self.id
        return self.board.edit(self.message_before(message), text=escape(text), edited_ts=self.world.fresh_ts())

    async def deletes(self, message: Message) -> None:
        """A message of theirs, with its files or without."""
        assert message.user == self.id
        self.board.delete(self.message_before(message))

    async def deletes_file(self, file_id: str) -> None:
        """A file of theirs."""
        assert self.world.files[file_id].user == self.id
        self.board.delete_file(self.world.files[file_id])

    # ---- with the app

    async def slash(self, command: str, text: str = "", channel: str = "") -> Reply:
        """A slash command: in the direct conversation unless a channel is named. There are none in threads."""
        place = self.world.channels[channel] if channel else self.im
        if self.id not in place.members or self.is_external(place):
            raise Impossible("there is no such command here")
        ack = await self.tell("slash_commands", self.payloads.command(command, escape(text), place))
        if not ack.ok:
            return self.failed(ack)
        told = ack.payload
        message = self.responses.answer(self.id, place.id, told) if told.get("text") or told.get("blocks") else None
        return Reply(ack, message=message)

    async def press(self, message: Message | View, action: str) -> Reply:
        """A button with this action id or value, or the option of a menu with this value. Raises Impossible."""
        stands = self.before(message)
        blocks = stands.blocks if isinstance(stands, Message) else stands.body["blocks"]
        for block, element in elements_of(blocks):
            if element["type"] == "button" and action in (element["action_id"], element.get("value")):
                return await self.acts_on(stands, block, element)
            if element["type"] == "overflow" and any(action == option["value"] for option in element["options"]):
                return await self.acts_on(stands, block, element, state_of(element, action))
        raise Impossible(f"there is no button {action}")

    async def select(self, message: Message | View, action_id: str, value: Any) -> Reply | None:
        """Something from a menu. None: the app hears of it only with the form."""
        stands = self.before(message)
        blocks = stands.blocks if isinstance(stands, Message) else stands.body["blocks"]
        block, element = next((each for each in elements_of(blocks) if each[1]["action_id"] == action_id), (None, None))
        if block is None or element is None:
            raise Impossible(f"there is no {action_id}")
        state = state_of(element, value)
        if isinstance(stands, View):
            stands.body.setdefault("state", {}).setdefault("values", {}).setdefault(block["block_id"], {})[
                action_id
            ] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        return await self.acts_on(stands, block, element, state)

    async def acts_on(self, stands: Message | View, block: Json, element: Json, state: Json | None = None) -> Reply:
        """Any element, also one that does not stand there: as a client that somebody has changed would."""
        ack = await self.tell("interactive", self.payloads.action(stands, block, element, state))
        return Reply(ack) if ack.ok else self.failed(ack)

    async def submit(
        self, view: View, values: Mapping[str, Any] | None = None, files: Mapping[str, Sequence[Upload]] | None = None
    ) -> Reply:
        """Send a form off, with values by action id or block id; the rest stays as it stands there. Raises Impossible."""
        view = self._open(view)
        ack = await self.tell(
            "interactive", self.payloads.submission(view, self._state(view, dict(values or {}), files or {}))
        )
        return self.respond(view, ack) if ack.ok else self.failed(ack)

    async def closes(self, view: View) -> None:
        """A form, without sending it."""
        view = self._open(view)
        self.close(view)
        if view.body.get("notify_on_close"):
            await self.tell("interactive", self.payloads.closed(view))

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Reply:
        """From the menu of a message, or from anywhere."""
        if message and self.is_external(self.world.channels[message.channel]):
            raise Impossible("there is no such shortcut here")
        seen = self.message_before(message) if message else None
        ack = await self.tell("interactive", self.payloads.shortcut(callback_id, seen))
        return Reply(ack) if ack.ok else self.failed(ack)

    async def opens_home(self, tab: str = "home") -> None:
        """Looks at a tab of the app."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.im.id, "tab": tab}
        if view := self.home:
            event["view"] = view_json(view)
        self.world.emit(self.user.team_id, {**event, "event_ts": self.world.fresh_ts()})

    def approves(self, url: str) -> str:
        """Agrees on Slack's page of an install; where the browser is sent then."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT_ID
        scopes, user_scopes = (set(asked.get(name, "").split(",")) - {""} for name in ("scope", "user_scope"))
        code = self.world.fresh("G")
        self.world.grants[code] = Grant(self.id, scopes, user_scopes, asked.get("redirect_uri", ""))
        return f"{asked.get('redirect_uri', '')}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def declines(self, url: str) -> str:
        """Says no there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        told = urlencode({"error": "access_denied", "state": asked.get("state", "")})
        return f"{asked.get('redirect_uri', '')}?{told}"

    # ---- how

    def _open(self, view: View) -> View:
        stands = self.before(view)
        assert isinstance(stands, View)
        return stands

    def _state(self, view: View, values: dict[str, Any], files: Mapping[str, Sequence[Upload]]) -> Json:
        """Of all fields of a form, as it is sent off. Raises Impossible."""
        state: Json = {}
        for block, element in elements_of(view.body["blocks"]):
            if element["type"] in ("button", "overflow"):
                continue
            names = (element["action_id"], block["block_id"])
            value = next((values.pop(name) for name in names if name in values), None)
            given = next((files[name] for name in names if name in files), None)
            if given is not None:
                value = [file_json(self.world, self._upload(element, name, data)) for name, data in given]
            chosen = view.body.get("state", {}).get("values", {}).get(block["block_id"], {}).get(element["action_id"])
            now = chosen if value is None and chosen else state_of(element, value)
            check_filled(block, element, now)
            state.setdefault(block["block_id"], {})[element["action_id"]] = now
        if values:
            raise Impossible(f"there are no fields {sorted(values)}")
        return state

    def _upload(self, element: Json, name: str, data: bytes) -> File:
        check_file(element, name, data)
        file = new_file(self.world, self.id, name, data, granted={self.world.teams[self.user.team_id].bot_user})
        self.world.files[file.id] = file
        return file
