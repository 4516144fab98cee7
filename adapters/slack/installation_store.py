"""Where Slack's OAuth keeps what it gets: bots by workspace, and the states of installs under way, all of it in the vault.

slack/T1/bot                  the bot of a workspace, or of an organisation E1 that installed the app as a whole
slack/state/<hash>            an install under way
person/slack/T1/U1/profile    what a person allows us to do with their own profile; see `profile`
"""

import json
import logging
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.ledger import Clock
from bot.people import Person
from bot.vault import Vault, of_people, of_person
from engine.contract.errors import StorageError

PLATFORM: Final = "slack"
PROFILE: Final = "profile"
STATE_S: Final = 600
"""How long somebody may look at Slack's page of permissions."""
STATE_BYTES: Final = 32
NO_BOT: Final = "no_bot"
RENEWED: Final = "token_rotation"
"""Why an install cannot be used: nobody to talk as, or tokens that end after twelve hours."""


def workspace_of(enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False) -> str:
    """Of the token, as in `Place.workspace`: the team, or the organisation where it installed the app as a whole."""
    return (enterprise_id if is_enterprise_install or not team_id else team_id) or ""


class VaultInstallationStore(AsyncInstallationStore):
    """Bots only: what people allow by themselves is asked for by `profile`, and never together with an install."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def logger(self) -> logging.Logger:
        """The SDK asks for one."""
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """BoltError when it cannot be kept or used, because that is what the SDK's flow answers with a page."""
        if installation.bot_token is None:
            raise BoltError(NO_BOT)
        if installation.bot_refresh_token is not None:
            raise BoltError(RENEWED)
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """In the place of an earlier one."""
        facts = {name: value for name, value in bot.to_dict().items() if name in _KEPT}
        facts["installed_at"] = bot.installed_at
        workspace = workspace_of(bot.enterprise_id, bot.team_id, bot.is_enterprise_install)
        try:
            await self._vault.put(_bot(workspace), json.dumps(facts).encode())
        except StorageError as error:
            raise BoltError(error.code) from error

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot that talks in a workspace."""
        return await self.find(workspace_of(enterprise_id, team_id, is_enterprise_install))

    async def find(self, workspace: str) -> Bot | None:
        """By the workspace of a `Person` or a `Place`; None when nobody installed the app there, or no longer."""
        if (kept := await self._vault.get(_bot(workspace))) is None:
            return None
        facts: dict[str, Any] = json.loads(kept)
        return Bot(**facts)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Its token was revoked."""
        await self._vault.take(_bot(workspace_of(enterprise_id, team_id)))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A person, or everybody, took back what they had allowed."""
        workspace = workspace_of(enterprise_id, team_id)
        if user_id:
            await self._vault.take(of_person(Person(PLATFORM, workspace, user_id), PROFILE))
        else:
            await self._vault.drop(of_people(PLATFORM, workspace))

    async def hear(self, body: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Slack says that tokens were revoked, or the app removed. It may say so hours later, when the app is back already."""
        team = None if context.is_enterprise_install else context.team_id
        ids, happened = {"enterprise_id": context.enterprise_id, "team_id": team}, body["event"]
        removed, tokens = happened["type"] == "app_uninstalled", happened.get("tokens") or {}
        for user in tokens.get("oauth") or ():
            await self.async_delete_installation(**ids, user_id=user)
        if not removed and not tokens.get("bot"):
            return
        bot = await self.find(workspace_of(context.enterprise_id, team))
        if bot is not None and bot.installed_at > body["event_time"] + 1:
            return
        await self.async_delete_bot(**ids)
        if removed:
            await self.async_delete_installation(**ids)

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The SDK takes the bot instead."""
        raise NotImplementedError


class ByWorkspace(AsyncAuthorize):
    """Which bot an event is for, by its workspace. The SDK's own way asks Slack before each event, and people wait for it."""

    async def bot_of(self, workspace: str) -> Mapping[str, Any] | None:
        """What bolt wants to know of the bot there; None: there is none."""
        raise NotImplementedError

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult | None:
        """None: the app is not installed there."""
        workspace = workspace_of(enterprise_id, team_id, context.is_enterprise_install)
        if (bot := await self.bot_of(workspace)) is None:
            return None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, **bot)


class VaultAuthorize(ByWorkspace):
    """As the vault says."""

    def __init__(self, store: VaultInstallationStore) -> None:
        self._store = store

    async def bot_of(self, workspace: str) -> Mapping[str, Any] | None:
        """None: the app is not installed there."""
        if (bot := await self._store.find(workspace)) is None:
            return None
        return {
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_token": bot.bot_token,
            "bot_scopes": list(bot.bot_scopes or ()),
        }


class VaultStateStore(AsyncOAuthStateStore):
    """A state is good for one install, and for ten minutes."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """The SDK asks for one."""
        return logging.getLogger(__name__)

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A new one, which nobody can guess."""
        del args, kwargs
        state = secrets.token_urlsafe(STATE_BYTES)
        await self._vault.put(_state(state), b"install", self._clock() + STATE_S)
        return state

    async def async_consume(self, state: str) -> bool:
        """False: not ours, too old, or used."""
        return await self._vault.take(_state(state)) is not None


_KEPT = frozenset({
    "app_id", "enterprise_id", "team_id", "bot_token", "bot_id", "bot_user_id", "bot_scopes", "is_enterprise_install",
})  # fmt: skip
"""Of a bot: no names of teams, which we have no use for, and nothing about renewing tokens, see `oauth`."""


def _bot(workspace: str) -> str:
    return f"{PLATFORM}/{workspace}/bot"


def _state(state: str) -> str:
    return f"{PLATFORM}/state/{hashed(state)}"


def hashed(state: str) -> str:
    """Whoever reads names in the database cannot finish somebody's log-in."""
    return sha256(state.encode()).hexdigest()
