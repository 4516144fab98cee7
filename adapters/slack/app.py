"""`Slack`: the platform as a whole, joined. Bolt verifies, tells for whom things are, and hands them to `receiving`.

Bolt and the SDK take settings from variables SLACK_… where they are not given any: they are given all that matter here.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.channels import Channels
from adapters.slack.installation_store import ByWorkspace, VaultAuthorize, VaultInstallationStore
from adapters.slack.installs import Installs, SingleInstall, VaultInstalls, client_for
from adapters.slack.line import Line
from adapters.slack.link import Link
from adapters.slack.manifest import bot_scopes
from adapters.slack.members import Members
from adapters.slack.oauth import Installing
from adapters.slack.platform import SlackChat
from adapters.slack.profile import Credentials, SlackProfiles
from adapters.slack.receiving import Receive, Receiving
from adapters.slack.server import Page, Server
from bot.artifacts import ArtifactStore
from bot.catalogue import Catalogue
from bot.ledger import Clock
from bot.settings import Settings
from bot.vault import Vault
from engine.contract.errors import PlatformError, SettingsError, Undeliverable

NOT_INSTALLED: Final = "Headroom is not installed in this workspace, or no longer. Whoever runs it can add it again."
HELLO_S: Final = 5.0
"""How long the start waits for Slack; later it goes on alone."""
log = logging.getLogger(__name__)


class SingleAuthorize(ByWorkspace):
    """For the one workspace of the token in the settings, and no other: the app's sockets bring events of all that added it."""

    def __init__(self, install: SingleInstall) -> None:
        self._install = install

    async def bot_of(self, workspace: str) -> Mapping[str, Any] | None:
        """None: not that workspace. PlatformError: Slack has not yet told which one it is."""
        identity = await self._install.identity()
        return {"bot_user_id": identity.bot_user} if identity.workspace == workspace else None


class Slack:
    """`chat` and `profiles` are for the bot. What people do goes to `receive`, which keeps it before it returns."""

    def __init__(
        self,
        settings: Settings,
        receive: Receive,
        pictures: ArtifactStore,
        vault: Vault,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._settings, self._catalogue = settings, catalogue
        self._line = Line(settings.slack_file_hosts)
        credentials = _credentials(settings)
        self.profiles = SlackProfiles(vault, clock, settings.slack_api_url, credentials)
        pages: dict[str, Page] = dict(self.profiles.routes())
        self._single: SingleInstall | None = None
        store = VaultInstallationStore(vault)
        installs: Installs
        authorize: AsyncAuthorize
        if token := settings.slack_bot_token.get_secret_value():
            installs = self._single = SingleInstall(token, settings.slack_api_url, self._line)
            authorize = SingleAuthorize(self._single)
        elif credentials is not None:
            flow = _flow(vault, clock, credentials, settings.slack_api_url)
            pages |= flow.routes()
            installs = VaultInstalls(flow.store, settings.slack_api_url, self._line)
            authorize = VaultAuthorize(flow.store)
        else:
            raise ValueError("Slack is not set up")
        self.chat = SlackChat(installs, self._line, pictures, vault, catalogue.example)
        self._members = Members(self.chat.calls)
        channels = Channels(self.chat.calls)
        self._receiving = Receiving(receive, store.hear, self._members, channels, self.chat.calls)
        app = _bolt(settings, authorize, self._receiving)
        by_http, secret = settings.slack_mode == "http", settings.slack_signing_secret.get_secret_value()
        self._link = None if by_http else Link(app, settings.slack_app_token.get_secret_value(), self._opener)
        self._server: Server | None = None
        if by_http or pages:
            self._server = Server(
                app, secret if by_http else "", pages, settings.slack_http_host, settings.slack_http_port
            )
        self._aside: list[asyncio.Task[None]] = []
        """What goes on beside everything else."""

    @property
    def url(self) -> str:
        """Where Slack or a browser reaches us; "" = by no address."""
        return self._server.url if self._server else ""

    async def start(self) -> None:
        """Listen. Slack need not answer yet. SettingsError: it says that a token is no good, or a port cannot be had."""
        if self._single is not None:
            await self._greet(self._single)
            self._aside.append(asyncio.create_task(self._prepare(self._single)))
        if self._server is not None:
            await self._server.start()
        if self._link is not None:
            await self._link.start()
        self._aside.append(asyncio.create_task(self.chat.sweeping.run()))

    async def stop(self) -> None:
        """Take nothing more in, end what was begun, hang up."""
        if self._link is not None:
            await self._link.stop()
        if self._server is not None:
            await self._server.stop()
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self._receiving.close()
        await self._members.close()
        await self.chat.close()

    async def _greet(self, install: SingleInstall) -> None:
        try:
            async with asyncio.timeout(HELLO_S):
                await install.identity()
        except Undeliverable:
            raise SettingsError("slack_token_refused", name="HEADROOM_SLACK_BOT_TOKEN") from None
        except (PlatformError, TimeoutError):
            log.warning("slack_unreachable")

    async def _prepare(self, install: SingleInstall) -> None:
        """Examples of styles go up before anybody opens a form; those of other workspaces with their first form."""
        with suppress(PlatformError):
            workspace = (await install.identity()).workspace
            await self.chat.examples.prepare(workspace, [style.name for style in self._catalogue.styles()])

    async def _opener(self) -> AsyncWebClient:
        return await client_for("", self._settings.slack_api_url, self._line)


def _bolt(settings: Settings, authorize: AsyncAuthorize, receiving: Receiving) -> AsyncApp:
    """Everything goes through one middleware, and no further."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)
    app = AsyncApp(
        name="headroom",
        logger=quiet,
        client=AsyncWebClient(base_url=settings.slack_api_url),
        signing_secret=settings.slack_signing_secret.get_secret_value() or "none",
        authorize=authorize,  # type: ignore[arg-type]  # it takes an AsyncAuthorize, too
        user_facing_authorize_error_message=NOT_INSTALLED,
        ssl_check_enabled=False,
    )
    app.middleware(receiving.middleware)
    app.error(_tell)
    return app


async def _tell(error: Exception) -> None:
    """What bolt caught: Slack gets no answer, and tries again."""
    code = error.code if isinstance(error, PlatformError) else ""
    if code:
        log.warning("slack_event_not_kept", extra={"code": code})
    else:
        log.error("slack_event_failed", exc_info=error)


def _credentials(settings: Settings) -> Credentials | None:
    if not settings.slack_client_id:
        return None
    secret = settings.slack_client_secret.get_secret_value()
    return Credentials(settings.slack_client_id, secret, settings.slack_public_url)


def _flow(vault: Vault, clock: Clock, credentials: Credentials, api_url: str) -> Installing:
    return Installing(
        vault,
        clock,
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        scopes=bot_scopes(),
        public_url=credentials.public_url,
        api_url=api_url,
    )
