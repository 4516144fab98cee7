"""One call of Slack's Web API: by whom, when, and what its errors mean to us. Everything that we say to Slack goes through here."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import code_of, to_error
from adapters.slack.installs import Installs
from adapters.slack.pace import Pace
from engine.contract.errors import RateLimited

Json = dict[str, Any]
Ask = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]
_EXPECTED = frozenset({"message_not_found", "file_not_found", "file_deleted"})
"""What people do and nobody needs to look into."""
log = logging.getLogger(__name__)


class Calls:
    """One for all calls of this process."""

    def __init__(self, installs: Installs, pace: Pace) -> None:
        self.pace = pace
        self._installs = installs

    async def client(self, workspace: str) -> AsyncWebClient:
        """See `Installs`."""
        return await self._installs.client(workspace)

    async def __call__(self, workspace: str, method: str, ask: Ask, channel: str = "") -> Json:
        """The answer. `method` is its name in Slack's words; `channel`: in which it posts. Raises PlatformError in all its
        kinds, and ValueError for what Slack can never take.
        """
        client = await self._installs.client(workspace)
        await self.pace.turn(workspace, method, channel)
        try:
            answer = await ask(client)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            ours = to_error(error)
            if isinstance(ours, RateLimited):
                self.pace.refused(workspace, method, ours.retry_after_s)
            self._tell(method, error)
            raise ours from None  # what Slack answered may hold words and addresses
        data = answer.data
        return data if isinstance(data, dict) else {}

    def _tell(self, method: str, error: Exception) -> None:
        said = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        if said not in _EXPECTED:
            log.warning("slack_refused", extra={"kind": method, "code": said or "no_answer"})
