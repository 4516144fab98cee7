"""Who reads a channel: faces go nowhere where people of another company read along, or will when they accept an invitation.

The list that people choose from leaves such channels out; but a channel may be opened to others while a form stands there, and what
a form brings back is not believed. So Slack is asked when the form comes back, to say so at once, and again before each post.
"""

import asyncio

from adapters.slack.calls import Calls
from adapters.slack.places import Place
from engine.contract.errors import PlatformError, Undeliverable

LOOK_S = 1.0
"""While a form waits for its answer."""
_ELSEWHERE = ("is_ext_shared", "is_pending_ext_shared")


class Audience:
    """Of all channels. What it knows changes without a word, so nothing is remembered."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def check(self, place: Place) -> None:
        """Undeliverable "channel_shared_outside"; or "channel_audience_unknown" where the app may not ask. PlatformError. A channel
        that is not there for the app passes: nothing can be posted in it.
        """
        try:
            answer = await self._calls(
                place.workspace,
                "conversations.info",
                lambda client: client.conversations_info(channel=place.channel),
            )
        except Undeliverable as error:
            if error.code == "permission_missing":
                raise Undeliverable("channel_audience_unknown") from None
            return
        if any((answer.get("channel") or {}).get(name) for name in _ELSEWHERE):
            raise Undeliverable("channel_shared_outside")

    async def refusal(self, place: Place) -> str:
        """The code of what is wrong with it; "" = nothing, or nobody knows in time."""
        try:
            async with asyncio.timeout(LOOK_S):
                await self.check(place)
        except Undeliverable as error:
            return error.code
        except (PlatformError, TimeoutError):
            pass
        return ""
