"""`Playground`: the web server on this machine with the page, what it posts and what it shows."""

import asyncio
import errno
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from adapters.playground.acting import Acting, Receive
from adapters.playground.answers import explain
from adapters.playground.guard import guard, harden
from adapters.playground.limits import BODY_BYTES
from adapters.playground.pages import page_routes
from adapters.playground.platform import PlaygroundChat
from adapters.playground.reading import Reading, Styles
from adapters.playground.showing import Examples, Showing, no_example
from bot.artifacts import ArtifactStore
from engine.contract.errors import SettingsError

HOST = "127.0.0.1"
_PATIENCE_S = 1.0
"""What an open request gets when the server stops."""


def no_styles() -> Sequence[tuple[str, str]]:
    """Nothing to hint at."""
    return ()


class Playground:
    """`chat` is for the bot, the rest for the pages. What people do goes to `receive`, which keeps it before it returns."""

    def __init__(
        self,
        port: int,
        receive: Receive,
        pictures: ArtifactStore,
        folder: Path,
        styles: Styles = no_styles,
        host: str = HOST,
        examples: Examples = no_example,
    ) -> None:
        """Another `host` than this machine's own is for containers, whose port is published on this machine only."""
        self.chat = PlaygroundChat(folder, pictures)
        self.url = f"http://{HOST}:{port}/"
        self._port, self._host = port, host
        self._receive = receive
        self._pictures = pictures
        self._styles, self._examples = styles, examples
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        """The application, for a server or a test."""
        app = web.Application(middlewares=[guard, explain], client_max_size=BODY_BYTES)
        app.on_response_prepare.append(harden)
        app.add_routes(Acting(self.chat, self._receive, self._pictures).routes())
        app.add_routes(Reading(self.chat, self._styles, local=self._host == HOST).routes())
        app.add_routes(Showing(self.chat, self._pictures, self._examples).routes())
        app.add_routes(page_routes())
        return app

    async def start(self) -> None:
        """Listen on this machine only; with port 0 on a free one, which `url` names then. Raises SettingsError."""
        await asyncio.to_thread(self.chat.history.purge, self.chat.now())
        self._runner = web.AppRunner(self.app(), access_log=None, handle_signals=False, shutdown_timeout=_PATIENCE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            reason = "it is in use" if error.errno == errno.EADDRINUSE else "it cannot be opened"
            raise SettingsError("setting_wrong", name="HEADROOM_PLAYGROUND_PORT", reason=reason) from error
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """Close all pages' lines and the history."""
        self.chat.visitors.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await asyncio.to_thread(self.chat.history.close)
