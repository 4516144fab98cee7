"""The line of Socket Mode: mended by the SDK, and begun again where the SDK does not get it back."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.link import Link
from engine.contract.errors import SettingsError
from tests.slack.simulator.slack import Slack

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def link(slack: Slack, gone_s: float = 30.0, token: str = "") -> AsyncIterator[Link]:
    """Of an app that hears everything and says nothing."""

    async def client() -> AsyncWebClient:
        return AsyncWebClient(base_url=slack.api_url, retry_handlers=[])

    async def authorize(team_id: str) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=slack.bot_user)

    app = AsyncApp(signing_secret="none", authorize=authorize, client=await client())
    opened = Link(app, token or slack.app_token, client, gone_s)
    await opened.start()
    try:
        yield opened
    finally:
        await opened.stop()
    assert slack.sockets.count == 0


async def test_a_line_that_is_not_mended_is_begun_again(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    """Addresses for a line are good once: the SDK tries one again and again that was never used in time."""
    caplog.set_level(logging.INFO, "adapters.slack.link")
    async with link(slack, gone_s=0.6):
        await asyncio.wait_for(slack.sockets.connected.wait(), 5)
        slack.habits.break_down("apps.connections.open", times=2)
        await slack.sockets.cut()
        await asyncio.wait_for(slack.sockets.connected.wait(), 15)

    told = [record.message for record in caplog.records if record.name == "adapters.slack.link"]
    assert told[:2] == ["slack_link_open", "slack_link_lost"]
    assert told[-1] == "slack_link_open"
    assert "slack_link_failed" in told


async def test_a_full_house_is_waited_out(slack: Slack) -> None:
    """Slack allows some ten lines: more workers than that, or a restart whose lines are not closed yet."""
    slack.habits.socket_limit = 0
    async with link(slack, gone_s=0.6):
        await asyncio.sleep(0.5)
        assert slack.sockets.count == 0
        slack.habits.socket_limit = 10
        await asyncio.wait_for(slack.sockets.connected.wait(), 15)


async def test_a_refused_token_is_told_at_the_start(slack: Slack) -> None:
    """Also one of the wrong kind."""
    for token in ("xapp-wrong", slack.bot_token):
        with pytest.raises(SettingsError, match="slack_token_refused"):
            async with link(slack, token=token):
                pass


async def test_a_token_that_is_refused_later_does_not_end_the_bot(
    slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody revoked it: the log says so, and what runs besides goes on."""
    async with link(slack, gone_s=0.6):
        await asyncio.wait_for(slack.sockets.connected.wait(), 5)
        slack.world.tokens[slack.app_token].revoked = True
        await slack.sockets.cut()
        async with asyncio.timeout(10):
            while "slack_token_refused" not in str([vars(record) for record in caplog.records]):
                await asyncio.sleep(0.05)
        slack.world.tokens[slack.app_token].revoked = False
        await asyncio.wait_for(slack.sockets.connected.wait(), 15)


async def test_stopping_takes_no_time_whatever_state_the_line_is_in(slack: Slack) -> None:
    """Before, while and after it opens, and while Slack does not answer."""
    for pause_s in (0, 0.001, 0.005, 0.02, 0.1, 0.5):
        async with link(slack) as opened:
            await asyncio.sleep(pause_s)
            async with asyncio.timeout(2):
                await opened.stop()
    slack.habits.latency_s["apps.connections.open"] = 0.3
    slack.habits.break_down("apps.connections.open", times=50)
    async with link(slack) as opened:
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            await opened.stop()
