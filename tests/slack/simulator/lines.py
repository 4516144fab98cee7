"""Socket Mode: sockets that the app opened, envelopes down them and acknowledgements up."""

import asyncio
import time
from dataclasses import dataclass
from itertools import count

from aiohttp import WSMsgType, web

from tests.slack.simulator.records import Json
from tests.slack.simulator.world import APP_ID, World


@dataclass(frozen=True)
class Ack:
    """How the app answered."""

    ok: bool
    payload: Json
    took_s: float
    why: str = ""
    """Where it did not: http_timeout, http_error, or nobody there."""


@dataclass(frozen=True)
class Attempt:
    """Which delivery of the same thing this is."""

    number: int = 0
    reason: str = ""


class SocketLine:
    """All sockets of the app. Any of them may get any envelope."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._numbers = count(1)
        self.envelopes: list[Json] = []
        """Everything that was sent."""
        self.connected = asyncio.Event()
        self.hellos = 0
        """How many sockets were ever opened."""

    async def link(self, request: web.Request) -> web.StreamResponse:
        """`/link/{ticket}`: one socket, until it closes."""
        world = self._world
        ticket = request.match_info["ticket"]
        if ticket not in world.tickets:
            return web.Response(status=408, text="this link was used, or never given")
        world.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        if len(self._sockets) >= world.habits.socket_limit:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        hello = {"type": "hello", "num_connections": len(self._sockets), "connection_info": {"app_id": APP_ID}}
        await socket.send_json({**hello, "debug_info": {"host": "simulator", "approximate_connection_time": 18060}})
        self.hellos += 1
        self.connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.json())
        finally:
            self._forget(socket)
        return socket

    async def send(self, kind: str, payload: Json, within_s: float, attempt: Attempt) -> Ack:
        """One envelope. `kind`: events_api, slash_commands or interactive."""
        began = time.monotonic()
        socket = self._next()
        if socket is None:
            return Ack(False, {}, 0.0, "nobody")
        envelope: Json = {"envelope_id": f"envelope-{next(self._numbers)}", "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = future
        self.envelopes.append(envelope)
        try:
            await socket.send_json(envelope)
            return Ack(True, await asyncio.wait_for(future, within_s), time.monotonic() - began)
        except (TimeoutError, ConnectionError):
            return Ack(False, {}, time.monotonic() - began, "timeout")
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app to come back on another socket, and hang up: "warning", "refresh_requested", "link_disabled"."""
        for socket in list(self._sockets):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "simulator"}})
            if reason != "warning":
                self._forget(socket)
                await socket.close()

    async def cut(self) -> None:
        """Hang up without a word."""
        for socket in list(self._sockets):
            self._forget(socket)
            await socket.close()

    @property
    def count(self) -> int:
        """Of open sockets."""
        return len(self._sockets)

    def _next(self) -> web.WebSocketResponse | None:
        """The sockets take turns."""
        while self._sockets:
            socket = self._sockets.pop(0)
            if not socket.closed:
                self._sockets.append(socket)
                return socket
        return None

    def _hear(self, said: Json) -> None:
        future = self._waiting.get(said.get("envelope_id", ""))
        if future is not None and not future.done():
            future.set_result(said.get("payload") or {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        if not self._sockets:
            self.connected.clear()
