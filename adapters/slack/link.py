"""Socket Mode: a line that we open to Slack, so that nothing of ours has to be reachable. Kept open for as long as we run.

The SDK opens the line anew whenever Slack asks for it or it breaks. Where it does not get it back, because an address for a line
is good once and soon stale, all of it is thrown away and begun again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of, from_code
from engine.contract.errors import HeadroomError, PlatformError, SettingsError, Undeliverable

OPEN_S = 10.0
PING_S = 5.0
"""How soon the SDK finds out that a line is broken."""
LOOK_S = 0.5
GONE_S = 30.0
"""How long it gets to mend one."""
PAUSES_S = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Before another try, the longest from then on."""
log = logging.getLogger(__name__)


class Link:
    """One line, for one app."""

    def __init__(
        self, app: AsyncApp, token: str, client: Callable[[], Awaitable[AsyncWebClient]], gone_s: float = GONE_S
    ) -> None:
        """`client`: one for opening the line, with no token of its own."""
        self._app = app
        self._token = token
        self._client = client
        self._gone_s = gone_s
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Keep the line open from now on, also where Slack cannot be reached yet. SettingsError: Slack refuses the token."""
        try:
            async with asyncio.timeout(OPEN_S):
                address: str | None = await self._address()
        except (PlatformError, TimeoutError):
            address = None
        self._keeping = asyncio.create_task(self._keep(address))

    async def stop(self) -> None:
        """Close it. What was not acknowledged is delivered again to whoever comes next."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})

    async def _keep(self, address: str | None) -> None:
        tries = 0
        while True:
            try:
                await self._hold(address or await self._address())
                tries = 0
            except (HeadroomError, aiohttp.ClientError, TimeoutError, OSError) as error:
                code = error.code if isinstance(error, HeadroomError) else "no_answer"
                log.warning("slack_link_failed", extra={"code": code, "tries": tries})
                await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
                tries += 1
            address = None

    async def _hold(self, address: str) -> None:
        """Open a line and return when it was away for too long."""
        client = await self._client()
        handler = AsyncSocketModeHandler(self._app, self._token, web_client=client, ping_interval=PING_S)
        handler.client.wss_uri = address
        try:
            async with asyncio.timeout(OPEN_S):
                await handler.connect_async()  # type: ignore[no-untyped-call]
            log.info("slack_link_open")
            missing_s = 0.0
            while missing_s < self._gone_s:
                missing_s = 0.0 if await handler.client.is_connected() else missing_s + LOOK_S
                await asyncio.sleep(LOOK_S)
            log.warning("slack_link_lost")
        finally:
            await _close(handler)

    async def _address(self) -> str:
        """Of a new line. SettingsError for a token that is no good, PlatformError for all that may pass."""
        client = await self._client()
        try:
            answer = await client.apps_connections_open(app_token=self._token)
        except SlackApiError as error:
            ours = from_code(code_of(error))
            if isinstance(ours, Undeliverable):
                raise SettingsError("slack_token_refused", name="HEADROOM_SLACK_APP_TOKEN") from None
            raise PlatformError("platform_unclear") from None
        except (SlackClientError, aiohttp.ClientError, OSError):
            raise PlatformError("platform_unclear") from None
        return str(answer["url"])


async def _close(handler: AsyncSocketModeHandler) -> None:
    """With the tasks of the SDK's client, which does not wait for them."""
    client = handler.client
    await client.close()  # type: ignore[no-untyped-call]
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
