"""One call of a Web API method, as its handler sees it: who asks, and for what."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.slack.simulator.board import Board
from tests.slack.simulator.records import Channel, File, Json, Message, Team, Token, User
from tests.slack.simulator.refusals import Refusal
from tests.slack.simulator.world import World

JSON_ARGS = {"blocks": "invalid_blocks_format", "view": "invalid_arguments", "metadata": "invalid_metadata_format"}
JSON_ARGS |= {
    "files": "invalid_arguments",
    "loading_messages": "invalid_arguments",
    "attachments": "invalid_attachments",
}


@dataclass
class Asked:
    """Handlers raise Refusal."""

    world: World
    board: Board
    args: Json
    token: Token | None
    secret: str = ""
    """`client_id:client_secret` of the Authorization header, where that was sent."""

    @property
    def by(self) -> Token:
        """Whoever asks."""
        assert self.token is not None
        return self.token

    @property
    def team(self) -> Team:
        """Of the token."""
        return self.world.teams[self.by.team_id]

    def text(self, name: str, default: str = "") -> str:
        """An argument that may be left out."""
        value = self.args.get(name, default)
        return default if value is None else str(value)

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """An argument that has to be there."""
        if not (value := self.text(name)):
            raise Refusal(error, response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no, in any of the ways to say it."""
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def document(self, name: str) -> Any:
        """A JSON argument; None when it was left out."""
        value = self.args.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise Refusal(JSON_ARGS[name]) from None
        return value

    def channel(self, name: str = "channel", *, opens: bool = False) -> Channel:
        """A channel that whoever asks can see. `opens`: the id of a person names the conversation with them."""
        named = self.need(name, "channel_not_found")
        if opens and named[0] in "UW" and named in self.world.users:
            return open_im(self, self.world.users[named])
        found = self.world.channels.get(named)
        hidden = found is not None and found.kind != "public" and self.by.user_id not in found.members
        if found is None or hidden or not self.serves(found.team_id):
            raise Refusal("channel_not_found")
        return found

    def serves(self, team_id: str) -> bool:
        """Whether the token is good for this team."""
        if self.by.enterprise_id:
            return self.world.teams[team_id].enterprise_id == self.by.enterprise_id
        return team_id == self.by.team_id

    def member_of(self, channel: Channel, error: str = "not_in_channel") -> Channel:
        """Only members may."""
        if self.by.user_id not in channel.members:
            raise Refusal(error)
        return channel

    def user(self, name: str = "user") -> User:
        """A person whom the team knows."""
        found = self.world.users.get(self.need(name, "user_not_found"))
        if found is None or not (self.serves(found.team_id) or self._shares_channel(found)):
            raise Refusal("user_not_found")
        return found

    def _shares_channel(self, user: User) -> bool:
        return any(c.is_ext_shared and {user.id, self.by.user_id} <= c.members for c in self.world.channels.values())

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message that stands there."""
        found = self.world.find_message(channel.id, self.need(name, "message_not_found"))
        if found is None:
            raise Refusal("message_not_found")
        return found

    def file(self, name: str = "file") -> File:
        """A file that whoever asks may see."""
        found = self.world.files.get(self.need(name, "file_not_found"))
        if found is None or not found.completed:
            raise Refusal("file_not_found")
        if found.deleted:
            raise Refusal("file_deleted")
        if not self.world.sees_file(found, self.by.user_id):
            raise Refusal("file_not_found")
        return found

    def needs_scope(self, scope: str) -> None:
        """Raises what Slack says to a token without it."""
        if scope not in self.by.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.by.scopes)))


Handler = Callable[[Asked], Json]


def open_im(asked: Asked, user: User) -> Channel:
    """The conversation of the app with one person."""
    if user.deleted:
        raise Refusal("user_disabled")
    if user.is_bot:
        raise Refusal("cannot_dm_bot")
    if not asked.serves(user.team_id):
        raise Refusal("user_not_visible")
    if not asked.world.habits.messages_enabled:
        raise Refusal("messages_tab_disabled")
    return asked.world.im(asked.by.user_id, user.id)
