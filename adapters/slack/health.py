"""Whether Slack takes what the settings hold: tokens, their permissions, and the credentials of the app. Nothing is changed.

What cannot be asked for: whether the Messages tab of the app is on. Slack tells a bot only when it writes to somebody.
"""

import secrets
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import Client
from adapters.slack.errors import code_of, to_error
from adapters.slack.installation_store import VaultInstallationStore, workspace_of
from adapters.slack.manifest import manifest
from bot.vault import Vault
from engine.contract.errors import PlatformError

_CALL_S = 8
_SCOPES = "x-oauth-scopes"


@dataclass(frozen=True, slots=True)
class Standing:
    """What Slack says of a bot's token."""

    refused: str = ""
    """Slack's code, such as invalid_auth; "" = it is good."""
    workspace: str = ""
    missing: tuple[str, ...] = ()
    """Permissions of the manifest that it has not, without those that may be declined."""


async def standing_of(token: str, api_url: str) -> Standing:
    """Raises PlatformError when Slack does not answer."""
    try:
        answer = await _client(token, api_url).auth_test()
    except SlackApiError as error:
        return Standing(refused=_refusal(error))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise to_error(error) from None
    workspace = workspace_of(answer.get("enterprise_id"), answer.get("team_id"), answer.get("is_enterprise_install"))
    return Standing("", workspace, _missing(answer))


async def standings(vault: Vault, api_url: str) -> tuple[Standing, ...]:
    """Of all workspaces that added the app. Raises PlatformError, StorageError."""
    found = []
    for name in await vault.names("slack/"):
        workspace = name.removeprefix("slack/").removesuffix("/bot")
        if not name.endswith("/bot") or (bot := await VaultInstallationStore(vault).find(workspace)) is None:
            continue
        standing = await standing_of(bot.bot_token, api_url)
        found.append(Standing(standing.refused, workspace, standing.missing))
    return tuple(found)


async def socket_refused(app_token: str, api_url: str) -> str:
    """Slack's code when this token cannot open a socket, such as missing_scope; "" = it can. Raises PlatformError."""
    try:
        await _client("", api_url).apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return _refusal(error)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise to_error(error) from None
    return ""


async def credentials_refused(client_id: str, client_secret: str, api_url: str) -> str:
    """Slack's code when the id or the secret of the app is wrong; "" = it looks for the code, which is not one. PlatformError."""
    made_up = secrets.token_hex(16)
    asked = {"client_id": client_id, "client_secret": client_secret, "code": made_up}
    try:
        await _client("", api_url).api_call("oauth.v2.access", data=asked)
    except SlackApiError as error:
        code = _refusal(error)
        return "" if code == "invalid_code" else code
    except (aiohttp.ClientError, TimeoutError) as error:
        raise to_error(error) from None
    return ""


def _client(token: str, api_url: str) -> Client:
    return Client(token=token, base_url=api_url, timeout=_CALL_S)


def _refusal(error: SlackApiError) -> str:
    """Slack's code. PlatformError for an answer that says nothing about us."""
    code, ours = code_of(error), to_error(error)
    if not code or (isinstance(ours, PlatformError) and ours.code in {"platform_busy"}):
        raise ours
    return code


def _missing(answer: AsyncSlackResponse) -> tuple[str, ...]:
    given = next((value for name, value in answer.headers.items() if name.lower() == _SCOPES), None)
    if given is None:
        return ()
    scopes = manifest()["oauth_config"]["scopes"]
    needed = [scope for scope in scopes["bot"] if scope not in scopes.get("bot_optional", ())]
    return tuple(scope for scope in needed if scope not in given.replace(" ", "").split(","))
