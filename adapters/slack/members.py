"""Who is a full member of a workspace, and who a guest or somebody from elsewhere. Asked of Slack, known for an hour.

Slack waits three seconds for an answer to what somebody did, so it is not waited for long: who was known is taken for what they
were. Who was never seen is neither served nor turned away by guess: nothing is acknowledged, the question goes on, and
Slack delivers again. Whom Slack refuses to tell about is no full member.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.calls import Calls
from engine.contract.errors import PlatformError, Undeliverable

KNOWN_S = 3600.0
REFUSED_S = 60.0
"""How long it is believed that Slack does not tell: an operator may just add the scope."""
PATIENCE_S = 1.2
_MOST = 20_000
log = logging.getLogger(__name__)
_Key = tuple[str, str]


class Members:
    """Of all workspaces."""

    def __init__(self, calls: Calls, now: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._now = now
        self._known: OrderedDict[_Key, tuple[bool, float]] = OrderedDict()
        self._asking: dict[_Key, asyncio.Task[None]] = {}

    async def is_guest(self, workspace: str, user: str) -> bool:
        """PlatformError: nobody knows yet."""
        key = (workspace, user)
        guest, until = self._known.get(key, (True, 0.0))
        if self._now() < until:
            return guest
        await asyncio.wait({self._ask(key)}, timeout=PATIENCE_S)
        if key not in self._known:
            raise PlatformError("member_unknown")
        return self._known[key][0]

    async def close(self) -> None:
        """Asks no more."""
        for task in (asking := list(self._asking.values())):
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _ask(self, key: _Key) -> asyncio.Task[None]:
        """Once at a time."""
        if key not in self._asking:
            self._asking[key] = asyncio.create_task(self._learn(key))
            self._asking[key].add_done_callback(lambda _: self._asking.pop(key, None))
        return self._asking[key]

    async def _learn(self, key: _Key) -> None:
        workspace, user = key
        try:
            answer = await self._calls(workspace, "users.info", lambda client: client.users_info(user=user))
        except Undeliverable:
            self._keep(key, True, REFUSED_S)
        except PlatformError as error:
            log.warning("slack_member_unknown", extra={"code": error.code})
        else:
            self._keep(key, is_guest(answer["user"], workspace), KNOWN_S)

    def _keep(self, key: _Key, guest: bool, seconds: float) -> None:
        self._known[key] = (guest, self._now() + seconds)
        self._known.move_to_end(key)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)


def is_guest(user: Mapping[str, Any], workspace: str) -> bool:
    """A guest of one or several channels, or somebody of another company in a shared channel."""
    organisation = user.get("enterprise_user") or {}
    home = {user.get("team_id"), organisation.get("enterprise_id"), *organisation.get("teams", ())}
    limited = any(user.get(name) for name in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    return limited or workspace not in home
