"""Events on their way to the app: in order, again when they are not acknowledged, twice when Slack feels like it."""

import asyncio
import time
from typing import Protocol

from tests.slack.simulator.lines import Ack, Attempt
from tests.slack.simulator.records import Json
from tests.slack.simulator.world import APP_ID, World

SUBSCRIBED = frozenset(
    (
        "message.im",
        "app_home_opened",
        "member_joined_channel",
        "file_deleted",
        "tokens_revoked",
        "app_uninstalled",
        "user_change",
    )
)


AGAIN = Attempt(1, "http_timeout")


class Line(Protocol):
    """How things reach the app."""

    async def send(self, kind: str, payload: Json, within_s: float, attempt: Attempt) -> Ack:
        """Once."""
        ...


class Events:
    """Of one world, down one line."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.line: Line | None = None
        """None: nobody has connected an app."""
        self.subscribed = set(SUBSCRIBED)
        self.sent: list[Json] = []
        """Bodies of all events, once each."""
        self.lost: list[Json] = []
        """Those that Slack gave up on."""
        self._under_way: set[asyncio.Task[None]] = set()

    def emit(self, team_id: str, event: Json) -> None:
        """Tell the app of it, if it asked for such events."""
        name = f"message.{event['channel_type']}" if event["type"] == "message" else event["type"]
        if (
            name.replace("message.group", "message.groups").replace("message.channel", "message.channels")
            in self.subscribed
        ):
            self.deliver(self.body(team_id, event))

    def body(self, team_id: str, event: Json) -> Json:
        """The whole of it."""
        world = self._world
        team = world.teams[team_id]
        org = next(
            (t for t in world.tokens.values() if t.enterprise_id and t.enterprise_id == team.enterprise_id), None
        )
        allowed = {
            "enterprise_id": team.enterprise_id or None,
            "team_id": None if org else team_id,
            "user_id": team.bot_user,
        }
        body = {
            "token": "old",
            "team_id": team_id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": world.fresh("Ev"),
            "event_time": int(time.time()),
            "authorizations": [{**allowed, "is_bot": True, "is_enterprise_install": bool(org)}],
            "is_ext_shared_channel": False,
            "context_team_id": team_id,
            "context_enterprise_id": team.enterprise_id or None,
        }
        if team.enterprise_id:
            body["enterprise_id"] = team.enterprise_id
        return body

    def deliver(self, body: Json) -> None:
        """Start on it."""
        self.sent.append(body)
        task = asyncio.get_running_loop().create_task(self._deliver(body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def redeliver(self, body: Json, attempt: Attempt = AGAIN) -> Ack:
        """The same once more, as after an acknowledgement that was lost."""
        assert self.line is not None
        return await self.line.send("events_api", body, self._world.habits.event_ack_s, attempt)

    async def settled(self) -> None:
        """Everything was delivered, or given up on."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Give up on all that is under way."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, body: Json) -> None:
        habits, reason = self._world.habits, ""
        if self.line is None:
            return
        for number, pause in enumerate((0.0, *habits.retries_s)):
            await asyncio.sleep(pause)
            ack = await self.line.send("events_api", body, habits.event_ack_s, Attempt(number, reason))
            if ack.ok:
                if habits.deliver_twice:
                    await self.line.send("events_api", body, habits.event_ack_s, Attempt(number + 1, "http_timeout"))
                return
            reason = "http_error" if ack.why == "http_error" else "http_timeout"
        self.lost.append(body)
