"""Channels by place: the direct conversation with somebody has an id that Slack tells when it is opened."""

from adapters.slack.calls import Calls
from adapters.slack.places import Place

_KNOWN = 10_000


class Channels:
    """Remembers what it was told; such an id never changes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._direct: dict[tuple[str, str], str] = {}

    async def id_of(self, place: Place) -> str:
        """C…, G… or D… Raises PlatformError; Undeliverable when that person cannot be written to."""
        if not place.user:
            return place.channel
        whose = (place.workspace, place.user)
        if whose not in self._direct:
            opened = await self._calls(
                place.workspace, "conversations.open", lambda client: client.conversations_open(users=place.user)
            )
            if len(self._direct) > _KNOWN:
                self._direct.clear()
            self._direct[whose] = str(opened["channel"]["id"])
        return self._direct[whose]
