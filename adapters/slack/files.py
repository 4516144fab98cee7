"""Files that we put up at Slack: an address, the bytes, the completion; then Slack looks at them before they can be shown.

Never with `alt_txt`, which quietly keeps a file from being shared [python-slack-sdk#1818]. Uploaded and posted with one token, since
whoever posts has to see the file.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from adapters.slack.calls import Calls, Json
from adapters.slack.limits import FIRST_LOOK_S, READY_S, SHARED_S
from adapters.slack.line import Line
from engine.contract.errors import FileUnavailable, PlatformError, RateLimited

_SLOWEST_BYTES_S = 100_000
"""An upload slower than this has stalled."""
_LEAST_S = 15.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call waits for what Slack does behind the scenes."""

    ready_s: float = READY_S
    shared_s: float = SHARED_S


class SlackFiles:
    """By Slack's ids, F… Raises PlatformError."""

    def __init__(self, calls: Calls, line: Line) -> None:
        self._calls = calls
        self._line = line

    async def begin(self, workspace: str, name: str, length: int) -> tuple[str, str]:
        """Id of a file to come, and the address for its bytes."""
        answer = await self._calls(
            workspace,
            "files.getUploadURLExternal",
            lambda client: client.files_getUploadURLExternal(filename=name, length=length),
        )
        return str(answer["file_id"]), str(answer["upload_url"])

    async def put(self, workspace: str, address: str, data: bytes) -> None:
        """The bytes. Who has the address may put them there: no token travels."""
        url = URL(address, encoded=True)
        if not self._line.leads_to_files(url):
            raise PlatformError("file_host_unknown")
        proxy = (await self._calls.client(workspace)).proxy
        timeout = aiohttp.ClientTimeout(total=_LEAST_S + len(data) / _SLOWEST_BYTES_S)
        session = await self._line.session()
        try:
            async with session.post(url, data=data, timeout=timeout, allow_redirects=False, proxy=proxy) as answer:
                if answer.status == 429:
                    raise RateLimited(retry_after_s=float(answer.headers.get("Retry-After") or 1))
                if answer.status != 200:
                    raise PlatformError("platform_unclear")
        except (aiohttp.ClientError, TimeoutError):
            raise PlatformError("platform_unclear") from None

    async def complete(self, workspace: str, titles: Mapping[str, str], channel: str = "", thread_ts: str = "") -> None:
        """They are there, each with its title; shared in a channel or thread, where one is named, as one message. Slack goes on with
        them behind the scenes.
        """
        await self._calls(
            workspace,
            "files.completeUploadExternal",
            lambda client: client.files_completeUploadExternal(
                files=[{"id": file, "title": title} for file, title in titles.items()],
                channel_id=channel or None,
                thread_ts=thread_ts or None,
            ),
        )

    async def find(self, workspace: str, file: str) -> Json | None:
        """What Slack knows of it; None when it is not there, or no longer."""
        try:
            answer = await self._calls(workspace, "files.info", lambda client: client.files_info(file=file))
        except FileUnavailable:
            return None
        found: Json = answer.get("file") or {}
        return None if found.get("mode") in ("tombstone", "hidden_by_limit") else found

    async def looked_at(self, workspace: str, file: str, until: float) -> Json | None:
        """What Slack knows of it once it has named its type; None when it is gone. PlatformError "picture_not_ready" at `until`, in
        seconds of the loop's clock: ask again later.
        """
        now, pause_s = asyncio.get_running_loop().time, FIRST_LOOK_S
        while True:
            found = await self.find(workspace, file)
            if found is None or found.get("mimetype"):
                return found
            if now() + pause_s > until:
                raise PlatformError("picture_not_ready")
            await asyncio.sleep(pause_s)
            pause_s *= 1.5

    async def is_shared(self, workspace: str, file: str, channel: str, patience: Patience) -> bool | None:
        """Whether it stands in the channel. Where it does not a moment after Slack has looked at it, it never will. None: it is
        gone. PlatformError "picture_not_ready" as above.
        """
        now = asyncio.get_running_loop().time
        found = await self.looked_at(workspace, file, now() + patience.ready_s)
        late, pause_s = now() + patience.shared_s, patience.shared_s / 8
        while found is not None:
            if channel in {where for where, _ in shares_of(found)}:
                return True
            if now() + pause_s > late:
                return False
            await asyncio.sleep(pause_s)
            pause_s *= 2
            found = await self.find(workspace, file)
        return None

    async def delete(self, workspace: str, file: str) -> bool:
        """Bytes and all; False when it was gone."""
        try:
            await self._calls(workspace, "files.delete", lambda client: client.files_delete(file=file))
        except FileUnavailable:
            return False
        return True


def shares_of(found: Json) -> list[tuple[str, str]]:
    """Channel and time stamp of each message that a file stands in."""
    kinds = (found.get("shares") or {}).values()
    return [(channel, str(share["ts"])) for kind in kinds for channel, each in kind.items() for share in each]
