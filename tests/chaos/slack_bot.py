"""A bot on Slack, joined as `python -m bot` joins it: the real adapter, on the simulator, through a real socket."""

import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import SimpleNamespace

from aiohttp import ClientSession, TraceConfig, TraceRequestEndParams, TraceRequestStartParams

from adapters.slack.app import Slack
from bot.chat import ChatPlatform
from engine.catalogue import StudioCatalogue
from tests.chaos.bot_process import Parts, run
from tests.chaos.journal import Journal

METHODS = (
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.replies",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
)
PLACES = (
    *(f"{method}-{when}" for method in METHODS for when in ("call", "answered")),
    *("chat.postMessage-answered",) * 4,
    *(f"{write}-committed" for write in ("receive", "accept", "done", "hand-out", "delivered")),
    *("receive-begin", "delivered-begin"),
)
"""Before a call goes out, and when its answer comes in; more often where something stands there that nobody has written down. And
those of `tests.chaos.tripwires` that matter most to Slack.
"""


async def join(stack: AsyncExitStack, parts: Parts) -> Mapping[str, ChatPlatform]:
    """See `tests.chaos.bot_process.Join`."""
    receive, catalogue = parts.desk.receive, StudioCatalogue(None)
    adapter = Slack(parts.settings, receive, parts.pictures, parts.vault, catalogue, time.time)
    watch_calls(await adapter._line.session(), parts.journal)
    stack.push_async_callback(adapter.stop)
    await adapter.start()
    return {"slack": adapter.chat}


def watch_calls(session: ClientSession, journal: Journal) -> None:
    """A process may die on both sides of every call."""

    async def goes(_: ClientSession, about: SimpleNamespace, asked: TraceRequestStartParams) -> None:
        about.method = asked.url.name
        journal.reach(f"{about.method}-call")

    async def came(_: ClientSession, about: SimpleNamespace, __: TraceRequestEndParams) -> None:
        journal.reach(f"{about.method}-answered")
        if about.method == "chat.postMessage":
            journal.stored()

    trace = TraceConfig()
    trace.on_request_start.append(goes)
    trace.on_request_end.append(came)
    trace.freeze()
    session.trace_configs.append(trace)


def main() -> None:
    """Run until killed."""
    run(join)
