"""Several workspaces on one app, by signed requests and real web pages: nobody is answered with the token of somebody else."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from adapters.slack.app import Slack as Platform
from adapters.slack.oauth import INSTALL, REDIRECT
from adapters.slack.profile import PATH
from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import folder_shelf
from bot.events import Event, Said
from bot.messages import Message, Text
from bot.people import Person
from bot.settings import Settings, load_settings
from bot.vault import of_person
from engine.catalogue import StudioCatalogue
from engine.contract.errors import PersonError, Undeliverable
from tests.slack.places import jpeg
from tests.slack.simulator.slack import Slack, open_slack
from tests.slack.strongroom import Strongroom, open_strongroom

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),  # slack_sdk uses it
]
PUBLIC = "https://headroom.example.com"


@dataclass
class Inbox:
    """What people did."""

    events: list[Event] = field(default_factory=list)

    async def receive(self, event: Event) -> bool:
        """Keep it."""
        self.events.append(event)
        return True


@dataclass
class Studio:
    """The platform as the bot runs it, with a browser beside it."""

    slack: Slack
    platform: Platform
    room: Strongroom
    web: ClientSession
    inbox: Inbox

    async def opens(self, url: str, cookie: str = "") -> tuple[int, str, str]:
        """One of our pages: status, body, and the cookie that it sets. Browsers keep such a cookie over https only."""
        address = url.replace(PUBLIC, self.platform.url)
        async with self.web.get(address, headers={"Cookie": cookie} if cookie else {}) as page:
            return page.status, await page.text(), page.headers.get("Set-Cookie", "").partition(";")[0]

    async def installs(self, user: str) -> None:
        """From our page by way of Slack's and back."""
        _, body, cookie = await self.opens(PUBLIC + INSTALL)
        (link,) = re.findall(r'class="button" href="([^"]*)"', body)
        status, _, _ = await self.opens(self.slack.person(user).approves(link.replace("&amp;", "&")), cookie)
        assert status == 200

    async def says(self, workspace: str, user: str, key: str) -> str:
        """The bot to somebody."""
        return await self.platform.chat.send(f"{workspace}/@{user}", Message("Good.", (Text("Good."),)), key)

    async def hears(self, user: str, text: str) -> list[str]:
        """Somebody writes; of whom the platform told."""
        await self.slack.person(user).dm(text)
        await self.slack.events.settled()
        told = [e.person.key for e in self.inbox.events if isinstance(e.happened, Said) and e.happened.text == text]
        return list(dict.fromkeys(told))

    def posts(self) -> list[tuple[str, str]]:
        """(token, error) of all messages that were posted, or were to be."""
        calls = [call for call in self.slack.world.calls if call.method == "chat.postMessage"]
        return [(call.token[:8], call.answer.get("error", "")) for call in calls]


def settings(slack: Slack, **more: str) -> Settings:
    """Of an app that any workspace can add."""
    return load_settings(
        _env_file=None,
        slack_mode="http",
        slack_client_id=slack.client_id,
        slack_client_secret=slack.client_secret,
        slack_signing_secret=slack.signing_secret,
        slack_public_url=PUBLIC,
        slack_api_url=slack.api_url,
        slack_file_hosts=slack.file_host,
        **more,
    )


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    """Nobody has installed anything yet."""
    async with open_slack() as slack, open_strongroom(tmp_path) as room, ClientSession() as web:
        inbox = Inbox()
        pictures = await open_pictures(folder_shelf(tmp_path / "pictures"), bytes(32), lambda: datetime.now(UTC))
        chosen = settings(slack).model_copy(update={"slack_http_port": 0})
        platform = Platform(chosen, inbox.receive, pictures, room.vault, StudioCatalogue(None), room.clock)
        await platform.start()
        slack.use_http(f"{platform.url}/slack/events")
        yield Studio(slack, platform, room, web, inbox)
        await platform.stop()


async def test_two_workspaces_are_served_side_by_side(studio: Studio) -> None:
    """Each is heard, and answered with its own token."""
    for user in ("U1", "U9"):
        await studio.installs(user)
    assert await studio.hears("U1", "hello from the first") == ["slack/T1/U1"]
    assert await studio.hears("U9", "hello from the second") == ["slack/T9/U9"]
    await studio.says("T1", "U1", "k1")
    await studio.says("T9", "U9", "k2")

    assert studio.posts() == [("xoxb-T1-", ""), ("xoxb-T9-", "")]
    assert studio.slack.world.leaks == []


async def test_before_a_workspace_has_installed_the_app_it_is_not_heard(studio: Studio) -> None:
    """And nothing can be said there."""
    await studio.installs("U1")

    assert await studio.hears("U9", "hello") == []
    with pytest.raises(Undeliverable, match="install_revoked"):
        await studio.says("T9", "U9", "k1")


async def test_one_removes_the_app_and_the_other_does_not_notice(studio: Studio) -> None:
    """Also right after a message, when its client is still at hand; and it can come back."""
    for user in ("U1", "U9"):
        await studio.installs(user)
    await studio.says("T1", "U1", "k1")
    studio.slack.uninstall("T1")
    await studio.slack.events.settled()

    with pytest.raises(Undeliverable, match="install_revoked"):
        await studio.says("T1", "U1", "k2")
    assert await studio.hears("U1", "anybody there?") == []
    assert await studio.room.vault.names("slack/T") == ("slack/T9/bot",)
    await studio.says("T9", "U9", "k3")
    assert await studio.hears("U9", "hello") == ["slack/T9/U9"]
    await studio.installs("U1")
    assert await studio.hears("U1", "here again") == ["slack/T1/U1"]
    await studio.says("T1", "U1", "k4")


async def test_a_profile_is_connected_by_a_real_page_and_lost_with_the_app(studio: Studio) -> None:
    """From the press to the photo, and to the day on which the app is removed."""
    await studio.installs("U1")
    anna = Person("slack", "T1", "U1")
    with pytest.raises(PersonError) as caught:
        await studio.platform.profiles.wear(anna, jpeg("teal", (800, 1000)))
    status, body, _ = await studio.opens(studio.slack.person("U1").approves(caught.value.facts["url"]))
    await studio.platform.profiles.wear(anna, jpeg("teal", (800, 1000)))

    assert (status, "Your profile is connected" in body) == (200, True)
    assert studio.slack.world.users["U1"].photo
    studio.slack.uninstall("T1")
    await studio.slack.events.settled()
    assert await studio.room.vault.get(of_person(anna, "profile")) is None


async def test_pages_answer_a_get_and_nothing_else(studio: Studio) -> None:
    """No other way in."""
    for path in (INSTALL, REDIRECT, PATH):
        for method in ("POST", "PUT", "DELETE"):
            async with studio.web.request(method, studio.platform.url + path) as answer:
                assert answer.status == 405
    status, body, _ = await studio.opens(f"{PUBLIC}{REDIRECT}?code=guessed&state=guessed")
    assert (status, "not added" in body) == (400, True)
