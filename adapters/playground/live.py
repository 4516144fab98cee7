"""The line of live updates: server-sent events, each with the number of its change, so that a page that lost it can go on."""

import asyncio
import json
from typing import Any

from aiohttp import web

from adapters.playground.cast import Actor
from adapters.playground.limits import HEARTBEAT_S
from adapters.playground.outbound import entry_for_page
from adapters.playground.platform import PlaygroundChat, asked
from adapters.playground.visitors import Visitor
from engine.contract.errors import PlatformError


def frame(name: str, data: Any, number: int | None = None) -> bytes:
    """One event on the wire."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def listen(request: web.Request, chat: PlaygroundChat, actor: Actor, tab: str, since: int) -> web.StreamResponse:
    """Tell a page all that changed since, and go on telling until it leaves or the playground closes."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    with chat.visitors.visit(actor.user, tab) as visitor:
        await response.prepare(request)
        try:
            await response.write(b"retry: 1500\n\n" + frame("hello", {"history": chat.history.id}))
            while not chat.visitors.closed:
                since = await _tell_news(response, chat, actor, since)
                await _tell_notes(response, visitor)
                await _rest(response, visitor)
        except (ConnectionError, PlatformError):
            pass  # the page left, or the history is away: it comes back with the number it knows
    return response


async def _tell_news(response: web.StreamResponse, chat: PlaygroundChat, actor: Actor, since: int) -> int:
    while entries := await asked(chat.history.since, since, actor.user):
        for entry in entries:
            since = entry.change
            await response.write(frame("message", entry_for_page(entry, actor), since))
    return since


async def _tell_notes(response: web.StreamResponse, visitor: Visitor) -> None:
    while visitor.notes:
        await response.write(frame(*visitor.notes.popleft()))


async def _rest(response: web.StreamResponse, visitor: Visitor) -> None:
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            await visitor.wake.wait()
        visitor.wake.clear()
    except TimeoutError:
        await response.write(b": still here\n\n")
