"""The client of Slack's SDK, which a proxy between us and Slack cannot confuse."""

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

_NO_ANSWER = "this is no answer of Slack's"


class Client(AsyncWebClient):
    """An answer that is no JSON object is none: as unclear as a line that broke. The SDK takes bytes for a success, and trips
    over text.
    """

    async def api_call(self, *args: Any, **more: Any) -> AsyncSlackResponse:
        """See the SDK. aiohttp.ClientPayloadError for what somebody else answered."""
        try:
            answer = await super().api_call(*args, **more)
        except AttributeError:  # the SDK looks into a text as if it were a dictionary
            raise aiohttp.ClientPayloadError(_NO_ANSWER) from None
        if not isinstance(answer.data, dict):
            raise aiohttp.ClientPayloadError(_NO_ANSWER)
        return answer
