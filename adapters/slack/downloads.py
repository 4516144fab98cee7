"""Files that people sent: only their own, only from Slack's file service, and never what only looks like a file."""

import logging
from typing import NoReturn

import aiohttp
from yarl import URL

from adapters.slack.calls import Calls, Json
from adapters.slack.line import Line
from adapters.slack.removing import PLATFORM
from bot.events import Attachment
from bot.people import Person
from engine.contract.errors import FileUnavailable, PersonError, PlatformError, RateLimited, Undeliverable

DOWNLOAD_S = 40.0
"""For one file; an event may take 50 s."""
_PIECE = 65_536
_PAGES = (b"<!doctype", b"<html")
log = logging.getLogger(__name__)


class Downloads:
    """One for the whole process."""

    def __init__(self, calls: Calls, line: Line) -> None:
        self._calls = calls
        self._line = line

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        if person.platform != PLATFORM or not attachment.ref.startswith("F"):
            raise FileUnavailable("file_unavailable")
        file = await self._file(person, attachment.ref)
        if int(file.get("size") or 0) > limit_bytes:
            raise _too_heavy(int(file["size"]), limit_bytes)
        url = URL(str(file.get("url_private_download") or file.get("url_private") or ""), encoded=True)
        if not self._line.leads_to_files(url):
            _unavailable("slack_file_elsewhere")
        data = await self._bytes(person.workspace, url, limit_bytes)
        if data[:512].lstrip().lower().startswith(_PAGES) and file.get("mimetype") != "text/html":
            _unavailable("slack_file_html")
        return data

    async def _file(self, person: Person, ref: str) -> Json:
        """What Slack knows of it: events may tell no more than its id. Somebody else's is answered like one that is not there."""
        try:
            answer = await self._calls(person.workspace, "files.info", lambda client: client.files_info(file=ref))
        except Undeliverable as error:
            raise FileUnavailable("file_unavailable") from error
        file: Json = answer.get("file") or {}
        if file.get("user") != person.user or file.get("mode") in ("tombstone", "hidden_by_limit", "external"):
            raise FileUnavailable("file_unavailable")
        return file

    async def _bytes(self, workspace: str, url: URL, limit_bytes: int) -> bytes:
        """Without following anybody: a token shown elsewhere is a token lost."""
        client = await self._calls.client(workspace)
        session = await self._line.session()
        asked = session.get(
            url,
            headers={"Authorization": f"Bearer {client.token}"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=DOWNLOAD_S),
            proxy=client.proxy,
        )
        try:
            async with asked as answer:
                _check(answer)
                data = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE):
                    data += piece
                    if len(data) > limit_bytes:
                        raise _too_heavy(max(len(data), answer.content_length or 0), limit_bytes)
                return bytes(data)
        except (aiohttp.ClientError, TimeoutError):
            raise PlatformError("platform_unclear") from None


def _check(answer: aiohttp.ClientResponse) -> None:
    """Slack answers a token that may not read files with its login page: 200, or on the way there. The remedy is the scope
    files:read, and a new install.
    """
    if answer.status == 429:
        raise RateLimited(retry_after_s=float(answer.headers.get("Retry-After") or 1))
    if answer.status >= 500:
        raise PlatformError("platform_unclear")
    if 300 <= answer.status < 400:
        _unavailable("slack_file_redirected")
    if answer.status != 200:
        raise FileUnavailable("file_unavailable")
    if answer.content_type == "text/html":
        _unavailable("slack_file_html")


def _unavailable(code: str) -> NoReturn:
    """The person sends it again; the operator finds in the log why that may not help."""
    log.warning("slack_file_refused", extra={"code": code})
    raise FileUnavailable("file_unavailable")


def _too_heavy(size_bytes: int, limit_bytes: int) -> PersonError:
    return PersonError("photo_too_heavy", megabytes=round(size_bytes / 1e6), limit=limit_bytes // 10**6)
