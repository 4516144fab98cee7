"""The state of one simulated Slack, and who may see what in it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from tests.slack.simulator.habits import Habits
from tests.slack.simulator.records import Call, Channel, File, Json, Message, Team, Token, Trigger, User, View
from tests.slack.simulator.refusals import Refusal

APP_ID = "A0HEADROOM"


class World:
    """Everything is public: tests look into it."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.url = ""
        """Of the server, with a slash at its end."""
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.tokens: dict[str, Token] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.history: list[Message] = []
        """Every version of every message, oldest first."""
        self.shown: list[View] = []
        """Every version of every form and home tab, oldest first."""
        self.calls: list[Call] = []
        self.statuses: list[Json] = []
        """What `assistant.threads.setStatus` was given."""
        self.complaints: list[str] = []
        """What Slack takes, and what nobody should send."""
        self.leaks: list[str] = []
        """Tokens that came to a host that is not Slack's."""
        self.news = asyncio.Condition()
        """Notified when there is more in history or shown."""
        self.emit: Callable[[str, Json], None] = lambda team, event: None
        """Gives an event of a team to the app."""
        self.grants: dict[str, Any] = {}
        """What people agreed to on Slack's page of an install, by code."""
        self.tickets: set[str] = set()
        """For sockets that may be opened."""
        self.watchers: list[Callable[[Message | View], None]] = []
        self._numbers = count(1)
        self._last_us = 0
        self._used: set[str] = set()
        self._telling: set[asyncio.Task[None]] = set()

    # ---- what there is

    def fresh(self, letter: str) -> str:
        """A new id."""
        return f"{letter}0{next(self._numbers):09X}"

    def fresh_ts(self) -> str:
        """Of a new message: later than all others."""
        self._last_us = max(int(time.time() * 1e6), self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def team(self, team_id: str) -> Team:
        """Raises KeyError."""
        return self.teams[team_id]

    def im(self, *users: str, team_id: str = "") -> Channel:
        """The direct conversation of these two, opened if need be."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == set(users):
                return channel
        team_id = team_id or self.users[users[-1]].team_id
        channel = Channel(self.fresh("D"), "directmessage", team_id, "im", set(users))
        self.channels[channel.id] = channel
        return channel

    def bot_im(self, user: str) -> Channel:
        """The conversation of this person with the app."""
        return self.im(self.teams[self.users[user].team_id].bot_user, user)

    def bot_of(self, channel: Channel) -> str:
        """The app's user among the members; "" = it is not there."""
        bots = {team.bot_user for team in self.teams.values()} - {""}
        return next(iter(bots & channel.members), "")

    def find_message(self, channel_id: str, ts: str) -> Message | None:
        """None for what is not there, or was deleted."""
        channel = self.channels.get(channel_id)
        found = channel.messages.get(ts) if channel else None
        return None if found is None or found.gone else found

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        """What stands below a message, oldest first."""
        return sorted(
            (m for m in channel.messages.values() if m.thread_ts == ts and m.ts != ts and not m.gone),
            key=lambda m: m.ts,
        )

    # ---- who sees what

    def visible(self, channel: Channel, user: str) -> bool:
        """Whether somebody can read a channel."""
        return user in channel.members

    def sees_file(self, file: File, user: str) -> bool:
        """It is theirs, was given to them, or shared where they read."""
        if file.deleted:
            return False
        if user == file.user or user in file.granted:
            return True
        shared = (self.channels[channel] for channel, _, _ in file.shares if channel in self.channels)
        return any(self.visible(channel, user) for channel in shared)

    def file_for(self, user: str) -> Callable[[str], File | None]:
        """Files as one user finds them by id."""

        def find(file_id: str) -> File | None:
            file = self.files.get(file_id)
            return file if file is not None and file.completed and self.sees_file(file, user) else None

        return find

    def messages_for(self, channel: Channel, user: str) -> list[Message]:
        """Everything that somebody sees in a channel and its threads, oldest first."""
        if not self.visible(channel, user):
            return []
        private = [m for m in channel.ephemerals.values() if m.only_to == user]
        return sorted((m for m in [*channel.messages.values(), *private] if not m.gone), key=lambda m: m.ts)

    def shown_files(self, user: str) -> Iterator[str]:
        """Ids of files in blocks and messages that somebody has before them."""
        for channel in self.channels.values():
            for message in self.messages_for(channel, user):
                yield from message.files
                yield from files_in(message.blocks)
        for view in self.views.values():
            if view.user == user and view.is_open:
                yield from files_in(tuple(view.body.get("blocks", ())))

    # ---- changes

    def put(self, message: Message) -> Message:
        """Another version of a message stands there."""
        channel = self.channels[message.channel]
        shelf = channel.ephemerals if message.only_to else channel.messages
        shelf[message.ts] = message
        channel.threads.add(message.ts)
        self.history.append(message)
        self._tell(message)
        return message

    def show(self, view: View) -> None:
        """Another version of a form or home tab is shown."""
        self.views[view.id] = view
        self.shown.append(view)
        self._tell(view)

    def new_trigger(self, user: str, view_id: str = "") -> str:
        """For the next three seconds."""
        team_id = self.users[user].team_id
        trigger = f"{next(self._numbers)}.{time.time_ns()}.{time.time_ns():032x}"
        self.triggers[trigger] = Trigger(trigger, user, team_id, time.monotonic(), view_id)
        return trigger

    def new_ticket(self) -> str:
        """For one socket."""
        ticket = self.fresh("L")
        self.tickets.add(ticket)
        return ticket

    def take_trigger(self, trigger_id: str) -> Trigger:
        """Once, and in time. Raises Refusal."""
        found = self.triggers.get(trigger_id)
        if found is None:
            raise Refusal("exchanged_trigger_id" if trigger_id in self._used else "invalid_trigger_id")
        del self.triggers[trigger_id]
        self._used.add(trigger_id)
        if time.monotonic() - found.made_at > self.habits.trigger_s:
            raise Refusal("expired_trigger_id")
        return found

    def _tell(self, news: Message | View) -> None:
        for watcher in self.watchers:
            watcher(news)
        task = asyncio.get_running_loop().create_task(self._notify())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _notify(self) -> None:
        async with self.news:
            self.news.notify_all()


def files_in(blocks: tuple[Json, ...]) -> Iterator[str]:
    """Ids of the files that blocks show."""
    for block in blocks:
        for holder in (
            block,
            block.get("accessory") or {},
            *(e for e in block.get("elements", []) if isinstance(e, dict)),
        ):
            if isinstance(named := holder.get("slack_file"), dict) and named.get("id"):
                yield named["id"]
