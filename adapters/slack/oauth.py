"""Adding the app to a workspace: the page with the button, Slack's page of permissions, and the way back with a token.

The SDK's flow does it. What is ours are the words, the places where states and tokens are kept, and settings that are all named,
so that none is taken from the environment. Tokens are not renewed: our manifest asks for ones that do not end.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import urljoin

from aiohttp import ClientError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.client import Client
from adapters.slack.installation_store import NO_BOT, RENEWED, STATE_S, VaultInstallationStore, VaultStateStore
from adapters.slack.pages import page
from bot.ledger import Clock
from bot.vault import Vault
from engine.contract.errors import StorageError

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
BEGIN: Final = "install"
"""From one of our pages to the first, also behind a server that puts more in front of the path."""
CLIENT_S: Final = 15
Route: TypeAlias = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
"""What answers a GET."""
log = logging.getLogger(__name__)

_WHY: Final[Mapping[str, str]] = {
    "access_denied": "You did not allow it, so nothing was changed.",
    "invalid_state": "This took longer than ten minutes, or the page was opened a second time.",
    "invalid_browser": "The page was opened in another browser than the one in which it began.",
    "invalid_code": "Slack did not confirm it, or did not answer.",
    "missing_code": "Slack did not say whether you allowed it.",
    "storage_error": "It could not be written down here.",
    NO_BOT: "Slack gave no bot to talk as. The app needs a bot user; its manifest has one.",
    RENEWED: "The app has token rotation turned on, and its tokens would end after twelve hours. Turn that off in the settings of the app.",
}
"""By the flow's reasons and ours. Others are Slack's own, such as invalid_scope."""


def authorize_url(api_url: str) -> str:
    """Slack's page of permissions beside its API: also GovSlack's, or a simulator's."""
    return urljoin(api_url, "/oauth/v2/authorize")


class Installing(AsyncOAuthFlow):
    """The SDK's flow with our pages; what it hands out as routes is GET only and needs no signature."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        *,
        client_id: str,
        client_secret: str,
        scopes: Sequence[str],
        public_url: str,
        api_url: str,
    ) -> None:
        """`scopes`: of the bot, as the manifest names them. `public_url`: where browsers reach the routes."""
        self.store = VaultInstallationStore(vault)
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=list(scopes),
            user_scopes=[],
            redirect_uri=urljoin(public_url, REDIRECT.removeprefix("/")),
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
            authorization_url=authorize_url(api_url),
            installation_store=self.store,
            installation_store_bot_only=True,
            state_store=VaultStateStore(vault, clock),
            state_expiration_seconds=STATE_S,
        )
        super().__init__(client=Client(base_url=api_url, timeout=CLIENT_S), logger=log, settings=settings)

    def routes(self) -> Mapping[str, Route]:
        """By path."""
        return {INSTALL: self._answer(self.handle_installation), REDIRECT: self._answer(self.handle_callback)}

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        """The page with the button. Its cookie ties what follows to this browser."""
        state = await self.issue_new_state(request)
        return page(
            "Add Headroom to Slack",
            "Headroom makes studio headshots from a few selfies. Slack asks on the next page what it may do in your workspace.",
            link=await self.build_authorize_url(state, request),
            label="Add to Slack",
            cookie=self.settings.state_utils.build_set_cookie_for_new_state(state),
        )

    async def run_installation(self, code: str) -> Installation | None:
        """None: Slack did not confirm it, or did not answer."""
        try:
            return await super().run_installation(code)
        except (ClientError, TimeoutError):
            return None

    @staticmethod
    def _answer(handle: Route) -> Route:
        async def answer(request: AsyncBoltRequest) -> BoltResponse:
            try:
                return await handle(request)
            except StorageError as error:
                log.warning("slack_install_failed", extra={"code": error.code})
                return _sorry("storage_error", 503)

        return answer


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    log.info("slack_installed")
    done = args.installation
    whole = "your organisation" if done.is_enterprise_install else "your workspace"
    return page(
        "Headroom is in Slack",
        f"It is ready in {whole}. Open it there, and send it a few selfies in a direct message, or type /headshot anywhere.",
        link=f"slack://app?team={done.team_id}&id={done.app_id}" if done.team_id and done.app_id else "slack://open",
        label="Open Slack",
        cookie=args.settings.state_utils.build_set_cookie_for_deletion(),
    )


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    reason = str(args.error) if args.error is not None and str(args.error) in _WHY else args.reason
    log.warning("slack_install_failed", extra={"code": reason if reason in _WHY else "other"})
    return _sorry(reason, args.suggested_status_code)


def _sorry(reason: str, status: int) -> BoltResponse:
    """Slack's own reasons are in the address of the page, where anybody may write anything: they are not repeated."""
    why = _WHY.get(reason, "Slack refused it. Whoever set up the app can find out why under OAuth & Permissions.")
    return page("Headroom was not added", f"{why} You can begin again.", status=status, link=BEGIN, label="Begin again")
