"""What the app is told of commands, presses, forms and shortcuts. Shapes: docs.slack.dev/reference/interaction-payloads."""

import time

from tests.slack.simulator.payloads import message_json, view_json, who_json
from tests.slack.simulator.records import Channel, Json, Message, User, View
from tests.slack.simulator.responses import Responses
from tests.slack.simulator.world import APP_ID, World


class Interactions:
    """Of one person."""

    def __init__(self, world: World, responses: Responses, user: User) -> None:
        self._world, self._responses, self._user = world, responses, user

    def command(self, command: str, text: str, channel: Channel) -> Json:
        """A slash command: a form, so all values are strings."""
        team = self._world.teams[self._user.team_id]
        told = {
            "token": "old",
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": "privategroup" if channel.kind == "private" else channel.name,
            "user_id": self._user.id,
            "user_name": self._user.name.lower(),
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": str(self._is_org()).lower(),
            "response_url": self._responses.new_url(self._user.id, channel.id),
            "trigger_id": self._world.new_trigger(self._user.id),
        }
        if team.enterprise_id:
            told |= {"enterprise_id": team.enterprise_id, "enterprise_name": "Organisation"}
        return told

    def action(self, stands: Message | View, block: Json, element: Json, state: Json | None) -> Json:
        """Something in a message or form was used."""
        view_id = stands.id if isinstance(stands, View) else ""
        team_id = stands.team_id if isinstance(stands, View) else self._world.channels[stands.channel].team_id
        told = {**self._who("block_actions", team_id), "trigger_id": self._world.new_trigger(self._user.id, view_id)}
        told["actions"] = [_action(block, element, state)]
        if isinstance(stands, View):
            view = view_json(stands)
            return {**told, "container": {"type": "view", "view_id": stands.id}, "view": view}
        channel = self._world.channels[stands.channel]
        container: Json = {"type": "message", "message_ts": stands.ts, "channel_id": channel.id}
        container["is_ephemeral"] = bool(stands.only_to)
        if stands.thread_ts:
            container["thread_ts"] = stands.thread_ts
        told |= {"container": container, "channel": {"id": channel.id, "name": channel.name}}
        told["response_url"] = self._responses.new_url(self._user.id, channel.id, stands)
        if not stands.only_to:
            told["message"] = message_json(self._world, stands)
        return {**told, "state": {"values": {}}}

    def submission(self, view: View, state: Json) -> Json:
        """A form was sent off."""
        told = {**self._who("view_submission"), "trigger_id": self._world.new_trigger(self._user.id, view.id)}
        return {**told, "view": {**view_json(view), "state": {"values": state}}, "response_urls": []}

    def closed(self, view: View) -> Json:
        """A form was closed, where the app wanted to know."""
        return {**self._who("view_closed"), "view": view_json(view), "is_cleared": False}

    def shortcut(self, callback_id: str, message: Message | None) -> Json:
        """From the menu of a message, or from anywhere."""
        kind = "message_action" if message else "shortcut"
        told = {**self._who(kind), "action_ts": str(time.time()), "callback_id": callback_id}
        told["trigger_id"] = self._world.new_trigger(self._user.id)
        if message is None:
            return told
        channel = self._world.channels[message.channel]
        told |= {"channel": {"id": channel.id, "name": channel.name}, "message_ts": message.ts}
        told["response_url"] = self._responses.new_url(self._user.id, channel.id, message)
        return {**told, "message": message_json(self._world, message)}

    def _who(self, kind: str, team_id: str = "") -> Json:
        """`team_id`: where it happened, when that is not where the person belongs, as in a shared channel."""
        world = self._world
        team = world.teams[team_id or self._user.team_id]
        org = {"id": team.enterprise_id, "name": "Organisation"} if team.enterprise_id else None
        told: Json = {"type": kind, "token": "old", "api_app_id": APP_ID, "user": who_json(world, self._user)}
        told["team"] = None if self._is_org() else {"id": team.id, "domain": team.domain}
        return {**told, "enterprise": org, "is_enterprise_install": self._is_org()}

    def _is_org(self) -> bool:
        """Somebody installed the app for the whole organisation."""
        enterprise_id = self._world.teams[self._user.team_id].enterprise_id
        tokens = self._world.tokens.values()
        return any(t.enterprise_id and t.enterprise_id == enterprise_id and not t.revoked for t in tokens)


def _action(block: Json, element: Json, state: Json | None) -> Json:
    told = {"type": element["type"], "action_id": element["action_id"], "block_id": block.get("block_id", "b0")}
    told["action_ts"] = str(time.time())
    for name in ("text", "value", "style"):
        if name in element and element["type"] == "button":
            told[name] = element[name]
    return {**told, **(state or {})}
