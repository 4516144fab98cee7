"""What a page reads: who is who, what was said in a conversation, and what changes while it looks."""

from collections.abc import Callable, Sequence

from aiohttp import web

from adapters.playground.answers import actor_of, not_here
from adapters.playground.cast import CAST, Actor
from adapters.playground.entries import Entry
from adapters.playground.limits import PAGE_OF_MESSAGES, PHOTO_BYTES, PHOTOS_AT_ONCE, TYPED
from adapters.playground.live import listen
from adapters.playground.outbound import entry_for_page
from adapters.playground.places import TEAM, channels_of, direct, find_place
from adapters.playground.platform import PlaygroundChat, asked

Styles = Callable[[], Sequence[tuple[str, str]]]
"""Name and title of each style, for hints while somebody types."""


class Reading:
    """The reads of all pages."""

    def __init__(self, chat: PlaygroundChat, styles: Styles, *, local: bool) -> None:
        self._local = local
        self._chat = chat
        self._styles = styles

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/as/{user}/state", self.state),
            web.get("/as/{user}/conversations/{name}", self.conversation),
            web.get("/as/{user}/live", self.live),
        ]

    async def state(self, request: web.Request) -> web.Response:
        """All that a page needs before the first message."""
        actor = actor_of(request)
        history = self._chat.history
        return web.json_response(
            {
                "history": history.id,
                "change": await asked(history.last_change),
                "local": self._local,
                "me": actor.user,
                "cast": [{"user": each.user, "name": each.name, "role": each.role} for each in CAST.values()],
                "channels": [
                    {"name": direct(actor.user), "title": "Headroom", "kind": "direct"},
                    {"name": TEAM, "title": "team", "kind": "channel"},
                ],
                "styles": [{"name": name, "title": title} for name, title in self._styles()],
                "limits": {"photoBytes": PHOTO_BYTES, "photosAtOnce": PHOTOS_AT_ONCE, "typed": TYPED},
            }
        )

    async def conversation(self, request: web.Request) -> web.Response:
        """The last messages of a channel or thread, or those before `?before=`; with a thread, the message above it."""
        actor = actor_of(request)
        place = find_place(request.match_info["name"])
        if place is None or place.channel not in channels_of(actor.user):
            return not_here()
        above = None
        if place.number is not None:
            above = await asked(self._chat.history.find, place, actor.user)
            if above is None:
                return not_here()
        before = _number(request.query.get("before"), 2**62)
        entries = await asked(self._chat.history.read, place, actor.user, PAGE_OF_MESSAGES + 1, before)
        return web.json_response(
            {
                "above": above and entry_for_page(above, actor),
                "earlier": len(entries) > PAGE_OF_MESSAGES,
                "messages": _drawn(entries[-PAGE_OF_MESSAGES:], actor),
            }
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events; `Last-Event-ID` of a lost line wins over `?since=` of the page's start."""
        actor = actor_of(request)
        since = _number(request.headers.get("Last-Event-ID"), _number(request.query.get("since"), 0))
        return await listen(request, self._chat, actor, request.query.get("tab", ""), since)


def _drawn(entries: Sequence[Entry], actor: Actor) -> list[dict[str, object]]:
    return [entry_for_page(entry, actor) for entry in entries]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else otherwise
