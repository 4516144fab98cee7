"""One simulated Slack per test."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.slack.simulator.slack import Slack, open_slack


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    """See `tests.slack.simulator.slack` for who and what is there."""
    async with open_slack() as opened:
        yield opened
