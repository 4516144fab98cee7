"""When the next call may be made: whoever was told to wait waits, and what people wait for goes before progress.

Slack counts by method and workspace, and besides a message a second in each channel, of which it lets a handful pass at once.
Nothing is tried again here: a call that has to wait for long is refused at once, with the rest, and the relay comes back.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from adapters.slack.limits import POST_BURST, POST_EVERY_S
from engine.contract.errors import RateLimited

SHORT_S = 2.5
"""A wait that is not worth coming back for."""
_CHANNELS = 1000
_POSTS = frozenset({"chat.postMessage", "chat.postEphemeral"})
BEFORE_PROGRESS = ("chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal", "files.info")
"""While one of these has to wait, so does progress."""


class Pace:
    """One for all calls of this process."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._held: dict[tuple[str, str], float] = {}
        """Workspace and method → until when."""
        self._next: dict[tuple[str, str], float] = {}
        """Workspace and channel → when the next message would be due if one came each second."""

    def refused(self, workspace: str, method: str, retry_after_s: float) -> None:
        """Slack asked us to wait."""
        until = self._now() + retry_after_s
        self._held[workspace, method] = max(until, self._held.get((workspace, method), until))

    def check(self, workspace: str, *methods: str) -> None:
        """Raises RateLimited while one of these methods has to wait."""
        rest = max(self._held.get((workspace, method), 0.0) for method in methods) - self._now()
        if rest > 0:
            raise RateLimited(retry_after_s=rest)

    async def turn(self, workspace: str, method: str, channel: str = "") -> None:
        """Return when the call may be made. RateLimited: not within a moment."""
        self.check(workspace, method)
        if method in _POSTS and channel:
            await self._in_channel((workspace, channel))

    async def _in_channel(self, channel: tuple[str, str]) -> None:
        now = self._now()
        if len(self._next) > _CHANNELS:
            self._next = {each: due for each, due in self._next.items() if due > now}
        due = max(self._next.get(channel, now), now)
        wait_s = due - now - (POST_BURST - 1) * POST_EVERY_S
        if wait_s > SHORT_S:
            raise RateLimited(retry_after_s=wait_s)
        self._next[channel] = due + POST_EVERY_S
        if wait_s > 0:
            await self._sleep(wait_s)
