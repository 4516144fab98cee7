"""What stands in the simulated Slack, as people and judges look at it, and its habits in a storm."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from dataclasses import replace
from html import unescape
from typing import Any, Self

from tests.chaos.posted import Posted, Version
from tests.slack.simulator.forms import elements_of
from tests.slack.simulator.habits import Fault, Habits
from tests.slack.simulator.records import Message, View
from tests.slack.simulator.slack import Slack
from tests.slack.simulator.world import World, files_in

TEAM = "T1"
PAUSE_S = (1.0, 5.0)
"""Between two moods."""
FAULTS = {"lose": 0.5, "break": 0.25, "drop": 0.15, "limit": 0.1}
"""What a call that fails is like: its answer is lost though it worked, a 5xx, no line at all, 429."""


class SlackChat:
    """All direct conversations of the bot in one workspace. References are those of the adapter: `T1/@U1/<ts>`."""

    def __init__(self, world: World) -> None:
        self.messages: dict[str, Posted] = {}
        self.world = world
        world.watchers.append(self._hear)

    @property
    def told(self) -> str:
        """See `Talk`."""
        asked = Counter(call.method for call in self.world.calls)
        looks = asked["conversations.history"] + asked["conversations.replies"]
        return f"{looks} looks for what may stand there, {len(self.world.calls)} calls, faults {self.world.habits.troubles}"

    def below(self, posted: Posted) -> str:
        """See `Talk`. Below what stands in a thread there is no other thread."""
        return "/".join(posted.ref.split("/")[:3])

    def within(self, root: str) -> list[Posted]:
        """See `Talk`."""
        return [m for m in self.messages.values() if m.conversation == root or m.conversation.startswith(f"{root}/")]

    async def change(self) -> None:
        """See `Talk`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1), self.world.news:
                await self.world.news.wait()

    def find(self, ref: str) -> Message | None:
        """As Slack has it; None when it is gone."""
        _, whose, *above = ref.split("/")
        return self.world.find_message(self.world.bot_im(whose[1:]).id, above[-1])

    def as_it_stands(self) -> Self:
        """What comes later is not in it."""
        stands = copy(self)
        stands.messages = {ref: replace(m, versions=list(m.versions)) for ref, m in self.messages.items()}
        return stands

    def _hear(self, news: Message | View) -> None:
        channel = self.world.channels[news.channel] if isinstance(news, Message) else None
        if channel is None or channel.kind != "im" or not news.by_bot or news.only_to:
            return
        (user,) = channel.members - {news.user}
        conversation = "/".join(filter(None, (TEAM, f"@{user}", news.thread_ts)))
        ref = f"{conversation}/{news.ts}"
        if news.gone:
            self.messages.pop(ref, None)
        else:
            posted = self.messages.setdefault(ref, Posted(ref, conversation, []))
            posted.versions.append(version_of(news))


def version_of(message: Message) -> Version:
    """What a message says from now on."""
    payload: dict[str, Any] = (message.metadata or {}).get("event_payload") or {}
    key = str(payload.get("key", "")) if message.version == 1 else ""
    shown = (*message.files, *files_in(message.blocks))
    return Version(message.at, key, unescape(message.text), tuple(_actions(message)), shown)


def _actions(message: Message) -> Iterator[str]:
    for _, element in elements_of(message.blocks):
        if element["type"] == "overflow":
            yield from (option["value"] for option in element["options"])
        elif "value" in element:
            yield element["value"]


class Moods(Habits):
    """Calls of all methods, uploads and downloads fail by chance."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.faults = 0.2
        """Share of calls that go wrong; 0 after the storm."""
        self.troubles: Counter[str] = Counter()
        self.retries_s = (0.05, *(0.5 + rng.random() for _ in range(200)))  # a storm is shorter than Slack's patience
        self._rng = rng

    def fault(self, method: str) -> Fault | None:
        """See `Habits`."""
        if self._rng.random() >= self.faults:
            return None
        (kind,) = self._rng.choices([*FAULTS], [*FAULTS.values()])
        self.troubles[kind] += 1
        return Fault(kind, status=self._rng.choice((500, 502, 503)))


async def changes_its_mind(slack: Slack, moods: Moods, rng: random.Random) -> None:
    """Until cancelled: sometimes a new file takes a while, and sockets are cut, or asked to come back."""
    try:
        while True:
            await asyncio.sleep(rng.uniform(*PAUSE_S))
            moods.ready_after_s = rng.choice((0.0, 0.0, 0.6))
            blow = rng.choice(("", "warning", "refresh_requested", "cut"))
            if blow == "cut":
                await slack.sockets.cut()
            elif blow:
                await slack.sockets.disconnect(blow)
            moods.troubles[f"socket {blow}"] += bool(blow)
    finally:
        moods.faults = moods.ready_after_s = 0.0
