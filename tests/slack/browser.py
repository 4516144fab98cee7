"""Somebody's web browser on our own few pages: keeps cookies, and tells what stands on the page."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.oauth import Route


@dataclass(frozen=True)
class Page:
    """What the browser shows."""

    status: int
    body: str
    headers: Mapping[str, str]

    @property
    def title(self) -> str:
        """Its heading."""
        found = re.search(r"<h1>(.*?)</h1>", self.body)
        assert found
        return html.unescape(found[1])

    @property
    def link(self) -> str:
        """Where its button leads."""
        found = re.search(r'class="button" href="([^"]*)"', self.body)
        assert found
        return html.unescape(found[1])


@dataclass
class Browser:
    """A window that remembers."""

    routes: Mapping[str, Route]
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, url: str) -> Page:
        """One of our pages, by its whole address."""
        address = urlsplit(url)
        headers = (
            {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        )
        response = await self.routes[address.path](AsyncBoltRequest(body="", query=address.query, headers=headers))
        for morsels in response.cookies():
            self.cookies |= {name: morsel.value for name, morsel in morsels.items()}
        return Page(response.status, response.body, response.first_headers_without_set_cookie())
