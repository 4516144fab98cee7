"""Clients by workspace: with the one token of the settings, or with those of all workspaces that installed the app."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Client
from adapters.slack.errors import to_error
from adapters.slack.line import Line
from engine.contract.errors import Undeliverable


class Installs(Protocol):
    """Whom the app may speak to."""

    async def client(self, workspace: str) -> AsyncWebClient:
        """A client that speaks as the bot of this workspace. Undeliverable "install_revoked": nobody installed it there."""
        ...


class Bots(Protocol):
    """The installation store."""

    async def find(self, workspace: str) -> Bot | None:
        """The bot that talks in a workspace."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token belongs to, and what it may do."""

    workspace: str
    """A team T…, or an organisation E… that installed the app as a whole."""
    bot_user: str
    scopes: frozenset[str]


async def client_for(token: str, api_url: str, line: Line) -> AsyncWebClient:
    """Nothing is tried again by itself: a call that got no answer may have worked."""
    return Client(token=token, base_url=api_url, session=await line.session(), retry_handlers=[])


async def identity_of(client: AsyncWebClient) -> Identity:
    """Asks Slack. Raises PlatformError; Undeliverable "install_revoked" for a token that is no good."""
    try:
        answer = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        raise to_error(error) from None
    organisation = str(answer.get("enterprise_id") or "") if answer.get("is_enterprise_install") else ""
    scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    workspace = organisation or str(answer.get("team_id", ""))
    return Identity(
        workspace, str(answer.get("user_id", "")), frozenset(filter(None, scopes.replace(" ", "").split(",")))
    )


class SingleInstall:
    """One workspace, whose token stands in the settings."""

    def __init__(self, token: str, api_url: str, line: Line) -> None:
        self._token = token
        self._api_url = api_url
        self._line = line
        self._client: AsyncWebClient | None = None
        self._identity: Identity | None = None
        self._asking = asyncio.Lock()

    async def identity(self) -> Identity:
        """Asked once. Raises as `identity_of` does."""
        async with self._asking:
            if self._identity is None:
                self._client = await client_for(self._token, self._api_url, self._line)
                self._identity = await identity_of(self._client)
            return self._identity

    async def client(self, workspace: str) -> AsyncWebClient:
        """See `Installs`."""
        identity = await self.identity()
        if workspace != identity.workspace or self._client is None:
            raise Undeliverable("install_revoked")
        return self._client


class VaultInstalls:
    """All workspaces that installed the app. The store is asked every time: whoever removes the app and adds it again is
    answered with the new token at once, by every process.
    """

    def __init__(self, bots: Bots, api_url: str, line: Line) -> None:
        self._bots = bots
        self._api_url = api_url
        self._line = line
        self._known: dict[str, AsyncWebClient] = {}

    async def client(self, workspace: str) -> AsyncWebClient:
        """See `Installs`."""
        token, client = await self._token(workspace), self._known.get(workspace)
        if client is None or client.token != token:
            client = self._known[workspace] = await client_for(token, self._api_url, self._line)
        return client

    async def _token(self, workspace: str) -> str:
        bot = await self._bots.find(workspace)
        if bot is None or not bot.bot_token:
            self._known.pop(workspace, None)
            raise Undeliverable("install_revoked")
        return bot.bot_token
