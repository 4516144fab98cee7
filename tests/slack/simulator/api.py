"""The Web API: one address per method. Checks tokens, scopes and limits before the method is asked."""

import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass

from aiohttp import web

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.board import Board
from tests.slack.simulator.habits import Fault
from tests.slack.simulator.methods import chat, conversations, files, oauth, people, views
from tests.slack.simulator.records import Call, Json, Token
from tests.slack.simulator.refusals import Refusal
from tests.slack.simulator.world import World

HANDLERS: dict[str, Handler] = {
    name: handler
    for part in (chat, conversations, files, oauth, people, views)
    for name, handler in part.HANDLERS.items()
}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.info": "files:read",
    "users.info": "users:read",
    "users.setPhoto": "users.profile:write",
    "team.info": "team:read",
    "bots.info": "users:read",
    "assistant.threads.setStatus": "chat:write",
    "apps.connections.open": "connections:write",
}
"""conversations.* ask for one that depends on the kind of channel."""
KINDS = {"apps.connections.open": {"app"}, "users.setPhoto": {"user"}}
NO_TOKEN = {"oauth.v2.access"}


@dataclass
class Answer:
    """What goes back."""

    body: Json
    status: int = 200
    headers: dict[str, str] | None = None


class WebApi:
    """Of one world."""

    def __init__(self, world: World, board: Board) -> None:
        self._world, self._board = world, board
        self._recent: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`/api/{method}`."""
        method, world = request.match_info["method"], self._world
        args = await _arguments(request)
        scheme, _, said = request.headers.get("Authorization", "").partition(" ")
        bearer = said if scheme == "Bearer" else str(args.pop("token", ""))
        await world.habits.wait(method)
        fault = world.habits.fault(method)
        answer = self._faulty(fault)
        if fault is not None and fault.kind == "drop":
            return _hang_up(request)
        if answer is None:
            answer = self._asked(method, args, bearer, said if scheme == "Basic" else "")
        shown = {name: value for name, value in args.items() if not isinstance(value, bytes)}
        world.calls.append(Call(method, shown, bearer, answer.body, time.time(), answer.status))
        if fault is not None and fault.kind == "lose":
            return _hang_up(request)
        if fault is not None and fault.kind == "break":
            return web.Response(
                status=fault.status, text="<html><body>upstream</body></html>", content_type=fault.media_type
            )
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    def _faulty(self, fault: Fault | None) -> Answer | None:
        match fault.kind if fault else "":
            case "refuse":
                assert fault is not None
                return Answer({"ok": False, "error": fault.error})
            case "limit":
                assert fault is not None
                return _limited(fault.retry_after_s)
            case "break" | "drop":
                return Answer({"ok": False, "error": "broken"}, 503)
        return None

    def _asked(self, method: str, args: Json, bearer: str, secret: str) -> Answer:
        token = self._world.tokens.get(bearer)
        headers = {"x-oauth-scopes": ",".join(sorted(token.scopes))} if token else {}
        try:
            self._admit(method, token, bearer)
            if (pause := self._too_fast(method, args, bearer)) is not None:
                return _limited(pause)
            told = HANDLERS[method](Asked(self._world, self._board, args, token, secret))
        except Refusal as refusal:
            return Answer({"ok": False, "error": refusal.error, **refusal.more}, headers=headers)
        return Answer({"ok": True, **told}, headers=headers)

    def _admit(self, method: str, token: Token | None, bearer: str) -> None:
        if method not in HANDLERS:
            raise Refusal("unknown_method", req_method=method)
        if method in NO_TOKEN:
            return
        if not bearer:
            raise Refusal("not_authed")
        if token is None:
            raise Refusal("invalid_auth")
        if token.revoked:
            raise Refusal("token_revoked" if token.kind == "user" else "account_inactive")
        if token.kind not in KINDS.get(method, {"bot", "user"}):
            raise Refusal("not_allowed_token_type")
        scope = SCOPES.get(method)
        if scope and scope not in token.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(token.scopes)))

    def _too_fast(self, method: str, args: Json, bearer: str) -> int | None:
        """Seconds to wait; None when this call may go on. Posts are counted per channel."""
        if (pace := self._world.habits.pace.get(method)) is None:
            return None
        times, within_s = pace
        key = (method, str(args.get("channel", "")) if method == "chat.postMessage" else bearer)
        recent, now = self._recent[key], time.monotonic()
        while recent and recent[0] < now - within_s:
            recent.popleft()
        if len(recent) >= times:
            return max(1, round(within_s - (now - recent[0])))
        recent.append(now)
        return None


def _limited(retry_after_s: int) -> Answer:
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(retry_after_s)})


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    """From the address, a form, several parts, or JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= json.loads(await request.read() or b"{}")
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            args[name] = value.file.read() if isinstance(value, web.FileField) else value
    return args
