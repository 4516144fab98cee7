"""The line below a conversation that says what the bot is doing. It is a courtesy: nothing depends on it, and nothing waits for it
to be right. Slack takes it away by itself after two minutes, or with the next message in the thread.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.places import Place
from engine.contract.errors import PlatformError, Undeliverable

DOING = "is developing your photos…"
AGAIN_S = 75.0
PATIENCE_S = 2.0
_KNOWN = 1_000


class Liveness:
    """One for the whole process. A workspace that refuses it once is not asked again."""

    def __init__(self, calls: Calls, channels: Channels, now: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._channels = channels
        self._now = now
        self._shown: OrderedDict[str, float] = OrderedDict()
        self._off: set[str] = set()

    async def show(self, place: Place) -> None:
        """Below the thread of a message that tells of progress."""
        if self._now() - self._shown.get(str(place), -AGAIN_S) < AGAIN_S or place.workspace in self._off:
            return
        self._shown[str(place)] = self._now()
        while len(self._shown) > _KNOWN:
            self._shown.popitem(last=False)
        await self._say(place, DOING)

    async def hide(self, place: Place) -> None:
        """It is done, or given up."""
        if self._shown.pop(str(place), None) is not None and place.workspace not in self._off:
            await self._say(place, "")

    async def _say(self, place: Place, status: str) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await self._set(place, status)
        except (Undeliverable, ValueError):
            self._off.add(place.workspace)
        except PlatformError:
            pass

    async def _set(self, place: Place, status: str) -> None:
        channel = await self._channels.id_of(place)
        await self._calls(
            place.workspace,
            "assistant.threads.setStatus",
            lambda client: client.assistant_threads_setStatus(channel_id=channel, thread_ts=place.top, status=status),
        )
