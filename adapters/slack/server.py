"""The web server that Slack calls, where it does: signed events, and the few pages for whoever adds the app.

What is not signed by Slack, or not within five minutes, goes no further than this file: not even its JSON is read.
"""

import errno
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack.limits import BODY_BYTES
from engine.contract.errors import SettingsError

EVENTS = "/slack/events"
"""Events, commands, presses and forms: one address for all."""
_PATIENCE_S = 2.0
"""What an open request gets when the server stops."""
Page = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class Server:
    """Events only where there is a signing secret; `pages` answer a GET, by path."""

    def __init__(self, app: AsyncApp, signing_secret: str, pages: Mapping[str, Page], host: str, port: int) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._pages = pages
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. SettingsError when the port cannot be had."""
        server = web.Application(client_max_size=BODY_BYTES)
        if self._verifier:
            server.router.add_post(EVENTS, self._event)
        for path, page in self._pages.items():
            server.router.add_get(path, _shown(page), allow_head=False)
        self._runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=_PATIENCE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            reason = "it is in use" if error.errno == errno.EADDRINUSE else "it cannot be opened"
            raise SettingsError("setting_wrong", name="HEADROOM_SLACK_HTTP_PORT", reason=reason) from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Requests that are under way end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    async def _event(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._is_signed(request, body):
            return web.Response(status=401)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "content-encoding"}
        asked = AsyncBoltRequest(body=body.decode(), headers=headers)  # type: ignore[arg-type]  # invariant
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        """Of the bytes as they came. ValueError: a time stamp that is no number, or a body that is no text."""
        stamp = request.headers.getall("X-Slack-Request-Timestamp", [])
        signature = request.headers.getall("X-Slack-Signature", [])
        if self._verifier is None or len(stamp) != 1 or len(signature) != 1:
            return False
        try:
            return stamp[0].isdecimal() and self._verifier.is_valid(body, stamp[0], signature[0])
        except (ValueError, TypeError):
            return False


def _shown(page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def show(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await page(asked))

    return show
