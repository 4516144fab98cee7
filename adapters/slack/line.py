"""The line to Slack: one HTTP session for all calls, uploads and downloads, and the hosts that files may go to and come from."""

import asyncio
from collections.abc import Collection

import aiohttp
from yarl import URL

CALL_S = 10.0
"""For one call of the Web API; a message has 25 s for all of its calls."""
CONNECT_S = 5.0
AT_ONCE = 64
"""Connections."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Line:
    """Opened when it is first needed, on the loop that needs it."""

    def __init__(self, file_hosts: Collection[str]) -> None:
        self._file_hosts = frozenset(host.lower() for host in file_hosts)
        self._session: aiohttp.ClientSession | None = None
        self._opening = asyncio.Lock()

    async def session(self) -> aiohttp.ClientSession:
        """The one."""
        async with self._opening:
            if self._session is None or self._session.closed:
                self._session = aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=CALL_S, connect=CONNECT_S),
                    connector=aiohttp.TCPConnector(limit=AT_ONCE),
                )
            return self._session

    async def close(self) -> None:
        """What is under way breaks off."""
        if self._session is not None:
            await self._session.close()

    def leads_to_files(self, url: URL) -> bool:
        """Whether bytes and tokens may travel there: a host of Slack's file service, and locked on the way."""
        host = (url.host or "").lower()
        named = host in self._file_hosts or f"{host}:{url.port}" in self._file_hosts
        return named and (url.scheme == "https" or host in _LOOPBACK)
