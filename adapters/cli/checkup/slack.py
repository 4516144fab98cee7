"""What `headroom doctor` asks Slack: are the tokens good, do they permit what the app does, and can we be reached."""

import time
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.cli.checkup.looks import Seen
from adapters.records.database import Database
from adapters.records.health import schema
from adapters.records.vault import SqlVault
from adapters.slack import health
from adapters.slack.health import Standing
from adapters.storage.install_key import load_install_key
from adapters.storage.seals import InstallSeal
from bot.settings import Settings
from engine.contract.errors import PlatformError

NOT_SET_UP = Seen("good", "not set up")
UNSEEN = "whether its Messages Tab is on, Slack does not tell"
REINSTALL = (
    "under OAuth & Permissions in the settings of the app, then press “Reinstall” there: until then nothing changes."
)


def answered(
    look: Callable[[Settings], Coroutine[Any, Any, Seen]],
) -> Callable[[Settings], Coroutine[Any, Any, Seen]]:
    """That Slack is out of reach says nothing about our settings but one."""

    async def patient(settings: Settings) -> Seen:
        try:
            return await look(settings)
        except PlatformError as error:
            advice = f"Can this machine reach {settings.slack_api_url}? HEADROOM_SLACK_API_URL says where Slack is."
            told = "Slack asks to wait" if error.code == "platform_busy" else "Slack does not answer"
            return Seen("bad", told, advice if error.code != "platform_busy" else "Try again in a minute.")

    return patient


@answered
async def bots(settings: Settings) -> Seen:
    """The one of the settings, or those of all workspaces that added the app."""
    if token := settings.slack_bot_token.get_secret_value():
        return _of_settings(await health.standing_of(token, settings.slack_api_url))
    if settings.slack_client_id:
        return await _of_workspaces(settings)
    return NOT_SET_UP


@answered
async def line(settings: Settings) -> Seen:
    """How Slack reaches us, and what identifies the app."""
    if not (settings.slack_bot_token or settings.slack_client_id):
        return NOT_SET_UP
    if settings.slack_mode == "socket":
        refused = await health.socket_refused(settings.slack_app_token.get_secret_value(), settings.slack_api_url)
        if refused:
            return _no_socket(refused)
    secret = settings.slack_client_secret.get_secret_value()
    if settings.slack_client_id and (
        refused := await health.credentials_refused(settings.slack_client_id, secret, settings.slack_api_url)
    ):
        advice = "Copy Client ID and Client Secret from Basic Information in the settings of the app."
        return Seen("bad", f"Slack does not know the app: {refused}", advice)
    if settings.slack_mode == "socket":
        return Seen("good", "Socket Mode; the app's token can open one")
    address = f"{settings.slack_public_url or 'https://your.host/'}slack/events"
    return Seen("good", f"signed requests; Slack has to know the address {address}")


def _of_settings(standing: Standing) -> Seen:
    if standing.refused:
        advice = "Copy the Bot User OAuth Token from OAuth & Permissions into HEADROOM_SLACK_BOT_TOKEN; a new install may bring a new one."
        return Seen("bad", f"Slack refuses the bot's token: {standing.refused}", advice)
    if standing.missing:
        return Seen("bad", f"{standing.workspace} lacks {_list(standing.missing)}", _to_add(standing.missing))
    return Seen("good", f"installed in {standing.workspace} with all it needs; {UNSEEN}")


async def _of_workspaces(settings: Settings) -> Seen:
    found = await _standings(settings)
    if not found:
        return Seen("note", "no workspace has added the app", f"Open {settings.slack_public_url}slack/install.")
    gone = [standing.workspace for standing in found if standing.refused]
    if gone:
        return Seen("bad", f"Slack refuses the tokens of {_list(gone)}", "Somebody there has to add the app again.")
    missing = {scope: None for standing in found for scope in standing.missing}
    if missing:
        behind = [standing.workspace for standing in found if standing.missing]
        advice = f"Somebody there has to add the app again, at {settings.slack_public_url}slack/install."
        return Seen("bad", f"missing in {_list(behind)}: {_list(missing)}", advice)
    return Seen("good", f"added in {len(found)} with all it needs; {UNSEEN}")


async def _standings(settings: Settings) -> tuple[Standing, ...]:
    """Records and install key as they are: looking makes neither."""
    if not settings.install_key.exists() or not (await schema(settings.database)).current:
        return ()
    database = Database(settings.database)
    try:
        vault = SqlVault(database, InstallSeal(load_install_key(settings.install_key)).for_vault(), time.time)
        return await health.standings(vault, settings.slack_api_url)
    finally:
        await database.close()


def _no_socket(refused: str) -> Seen:
    if refused == "missing_scope":
        advice = "Make a token with the scope connections:write under Basic Information, App-Level Tokens; it goes into HEADROOM_SLACK_APP_TOKEN."
        return Seen("bad", "the app's token lacks connections:write", advice)
    advice = "Copy the token (xapp-…) from Basic Information, App-Level Tokens, and see that Socket Mode is on in the settings of the app."
    return Seen("bad", f"Slack opens no socket for the app's token: {refused}", advice)


def _to_add(scopes: tuple[str, ...]) -> str:
    return f"Add {_list(scopes)} {REINSTALL}"


def _list(words: "list[str] | tuple[str, ...] | dict[str, None]") -> str:
    return ", ".join(words)
