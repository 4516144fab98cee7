"""`headroom doctor` on Slack: each mistake of an install is named, with the page on which it is mended."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import CliRunner
from slack_sdk.oauth.installation_store import Bot

from adapters.cli.__main__ import main
from adapters.cli.checkup import machine, slack
from adapters.records.ledger import open_ledger
from adapters.records.vault import SqlVault
from adapters.slack.installation_store import VaultInstallationStore
from adapters.slack.manifest import bot_scopes
from adapters.storage.install_key import load_install_key
from adapters.storage.seals import InstallSeal
from bot.settings import Settings, load_settings
from engine.contract.errors import SettingsError
from tests.slack.simulator.slack import Slack, open_slack

pytestmark = pytest.mark.asyncio
SCOPES = frozenset(bot_scopes())


@pytest_asyncio.fixture
async def there() -> AsyncIterator[Slack]:
    """A Slack."""
    async with open_slack() as made:
        yield made


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set on this machine."""
    for name in [name for name in os.environ if name.startswith(("HEADROOM_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def of(slack: Slack, **more: object) -> Settings:
    """Settings of an install by paste, and what is different."""
    usual = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token, "slack_api_url": slack.api_url}
    return load_settings(**{**usual, **more})


def of_many(slack: Slack, **more: object) -> Settings:
    """Settings of an app that workspaces add by themselves."""
    usual = {"slack_client_id": slack.client_id, "slack_client_secret": slack.client_secret}
    return of(slack, **{**usual, "slack_bot_token": "", "slack_public_url": "https://your.host", **more})


async def test_without_slack_there_is_nothing_to_say() -> None:
    """Discord and the playground need none of it."""
    settings = load_settings()

    assert (await slack.bots(settings)).told == (await slack.line(settings)).told == "not set up"


async def test_a_whole_install_is_good_and_says_what_slack_does_not_tell(there: Slack) -> None:
    """The Messages tab is the one thing that nobody can ask for."""
    told = await slack.bots(of(there, slack_bot_token=there.install("T1", SCOPES).value))
    line = await slack.line(of(there))

    assert (told.outcome, line.outcome) == ("good", "good")
    assert "T1" in told.told
    assert "Messages Tab" in told.told
    assert "Socket Mode" in line.told


async def test_a_token_that_slack_refuses_is_named_with_its_page(there: Slack) -> None:
    """Copied wrong, or revoked."""
    token = there.install()
    token.revoked = True
    for wrong, code in (("xoxb-wrong", "invalid_auth"), (token.value, "account_inactive")):
        told = await slack.bots(of(there, slack_bot_token=wrong))

        assert (told.outcome, code in told.told) == ("bad", True)
        assert "OAuth & Permissions" in told.advice
        assert "HEADROOM_SLACK_BOT_TOKEN" in told.advice
        assert wrong not in told.told + told.advice


async def test_a_missing_permission_is_named_and_that_the_app_must_be_reinstalled(there: Slack) -> None:
    """The scope alone changes nothing, which everybody learns the hard way."""
    lacking = there.install("T1", SCOPES - {"files:read", "users:read"})
    told = await slack.bots(of(there, slack_bot_token=lacking.value))

    assert (told.outcome, told.told) == ("bad", "T1 lacks files:read, users:read")
    assert told.advice.startswith("Add files:read, users:read under OAuth & Permissions")
    assert "Reinstall" in told.advice


@pytest.mark.parametrize("wrong", ["xapp-wrong", "scope"])
async def test_an_app_token_that_opens_no_socket_is_found(there: Slack, wrong: str) -> None:
    """Made without connections:write, or copied wrong."""
    if wrong == "scope":
        there.habits.refuse("apps.connections.open", "missing_scope")
    told = await slack.line(of(there, slack_app_token=there.app_token if wrong == "scope" else wrong))

    assert told.outcome == "bad"
    assert ("connections:write" in told.told + told.advice) is (wrong == "scope")
    assert "App-Level Tokens" in told.advice


async def test_signed_requests_without_a_secret_do_not_even_start(there: Slack) -> None:
    """The setting is named; with it, the address that Slack has to know is told."""
    with pytest.raises(SettingsError) as caught:
        of(there, slack_mode="http")
    assert caught.value.facts["name"] == "HEADROOM_SLACK_SIGNING_SECRET"
    told = await slack.line(of(there, slack_mode="http", slack_signing_secret="s"))

    assert (told.outcome, "/slack/events" in told.told) == ("good", True)


async def test_credentials_of_the_app_are_tried_without_installing_anything(there: Slack) -> None:
    """With a code that nobody was given."""
    assert (await slack.line(of_many(there))).outcome == "good"
    for field in ("slack_client_secret", "slack_client_id"):
        told = await slack.line(of_many(there, **{field: "wrong"}))
        assert (told.outcome, "Basic Information" in told.advice) == ("bad", True)
    assert len(there.world.tokens) == 2


async def test_each_workspace_that_added_the_app_is_asked(there: Slack, tmp_path: Path) -> None:
    """One that removed it, or that has not added it since it needs more, is named; tokens never are."""
    settings = of_many(there, data_dir=tmp_path / "data")
    assert (await slack.bots(settings)).told == "no workspace has added the app"
    assert not (tmp_path / "data").exists(), "looking makes nothing"
    ledger = await open_ledger(_made(tmp_path / "data"), time.time)
    store = VaultInstallationStore(
        SqlVault(ledger.database, InstallSeal(load_install_key(settings.install_key)).for_vault(), time.time)
    )

    async def add(team: str, scopes: frozenset[str] = SCOPES) -> str:
        token = there.install(team, scopes).value
        await store.async_save_bot(Bot(team_id=team, bot_token=token, bot_id="B", bot_user_id="U", installed_at=0.0))
        return token

    for team in ("T1", "T9"):
        await add(team)
    assert (await slack.bots(settings)).told.startswith("added in 2 with all it needs")
    await add("T9", SCOPES - {"files:write"})
    behind = await slack.bots(settings)
    there.world.tokens[await add("T1")].revoked = True
    gone = await slack.bots(settings)
    await ledger.close()

    assert (behind.outcome, behind.told) == ("bad", "missing in T9: files:write")
    assert (gone.outcome, gone.told) == ("bad", "Slack refuses the tokens of T1")
    assert "xoxb" not in gone.told + gone.advice


def _made(folder: Path) -> str:
    folder.mkdir()
    return f"sqlite:///{folder / 'ledger.db'}"


async def test_a_slack_that_is_away_or_busy_is_not_blamed_on_the_settings(there: Slack) -> None:
    """But for the one that says where Slack is."""
    away = await slack.bots(
        load_settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_api_url="http://127.0.0.1:1/")
    )
    there.habits.limit("auth.test", retry_after_s=30)
    busy = await slack.bots(of(there))
    there.habits.break_down("apps.connections.open")
    broken = await slack.line(of(there))

    assert (away.outcome, away.told) == ("bad", "Slack does not answer")
    assert "HEADROOM_SLACK_API_URL" in away.advice
    assert busy.told == "Slack asks to wait"
    assert broken.told == "Slack does not answer"


async def test_the_port_for_slack_is_looked_at_where_it_is_used(there: Slack) -> None:
    """With signed requests, and for the pages of an install."""
    port = str(there.world.url.rstrip("/").rpartition(":")[2])
    told = await machine.ports(of(there, slack_mode="http", slack_signing_secret="s", slack_http_port=port))

    assert (told.outcome, "HEADROOM_SLACK_HTTP_PORT" in told.advice) == ("bad", True)
    assert (await machine.ports(of(there, slack_http_port=port))).outcome == "good"


async def test_the_command_tells_all_of_it(there: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one table, or as JSON."""
    for name in ("bot_token", "app_token", "api_url"):
        monkeypatch.setenv(f"HEADROOM_SLACK_{name.upper()}", getattr(there, name))
    done = await asyncio.to_thread(CliRunner().invoke, main, ["doctor", "--json"])
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}

    assert checks["slack"]["outcome"] == "good"
    assert checks["slack's line"]["outcome"] == "good"
    assert there.bot_token not in done.stdout
