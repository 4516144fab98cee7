"""A bot whose chat is at the end of a wire, and which is handed events over HTTP on a Unix socket."""

import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientSession, UnixConnector, web

from bot.chat import ChatPlatform
from bot.desk import Desk
from bot.events import from_json
from engine.contract.errors import StorageError
from tests.chaos.bot_process import Parts, run
from tests.chaos.journal import FOLDER
from tests.chaos.wire_chat import WireChat

PLATFORMS = ("discord", "slack")
CHAT_SOCKET, DESK_SOCKET = "chat.sock", "desk.sock"


async def join(stack: AsyncExitStack, parts: Parts) -> Mapping[str, ChatPlatform]:
    """See `tests.chaos.bot_process.Join`."""
    folder = Path(os.environ[FOLDER])
    wire = UnixConnector(str(folder / CHAT_SOCKET), limit=64)
    chat = WireChat(await stack.enter_async_context(ClientSession(connector=wire)), parts.journal)
    await listen(parts.desk, folder / DESK_SOCKET)
    return dict.fromkeys(PLATFORMS, chat)


async def listen(desk: Desk, socket: Path) -> None:
    """200 means that the event is safe on disk; anything else, that it has to be delivered again."""

    async def receive(request: web.Request) -> web.Response:
        try:
            await desk.receive(from_json(await request.json()))
        except StorageError:
            return web.Response(status=503)
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/event", receive)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()


def main() -> None:
    """Run until killed."""
    run(join)
