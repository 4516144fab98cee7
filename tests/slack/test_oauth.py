"""Adding the app to workspaces: two of them side by side, each with its own token; what is forged, late or repeated is refused."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.installation_store import STATE_S, VaultAuthorize, VaultInstallationStore, workspace_of
from adapters.slack.installs import VaultInstalls
from adapters.slack.line import Line
from adapters.slack.manifest import bot_scopes
from adapters.slack.oauth import INSTALL, REDIRECT, Installing
from bot.people import Person
from bot.vault import of_person
from engine.contract.errors import StorageError, Undeliverable
from tests.ports.ledger.story import HandClock
from tests.ports.vault.fake_vault import FakeVault
from tests.slack.browser import Browser, Page
from tests.slack.simulator.slack import Slack, open_slack
from tests.slack.strongroom import everything_logged, open_strongroom

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),  # slack_sdk uses it
]
PUBLIC = "https://headroom.example.com/"


@dataclass
class Door:
    """A Slack, and an install that any workspace can add."""

    slack: Slack
    vault: FakeVault
    clock: HandClock
    installing: Installing

    def browser(self) -> Browser:
        """Somebody's, without cookies."""
        return Browser(self.installing.routes())

    async def installs(self, user: str) -> Page:
        """The person walks all the way through."""
        return await walk(self.slack, self.browser(), user)

    async def hears(self, event: dict[str, object], at: float | None = None) -> None:
        """Slack tells something about the install in T1, some time after it happened."""
        context = AsyncBoltContext({"enterprise_id": None, "team_id": "T1"})
        await self.installing.store.hear(
            {"event": event, "event_time": int(time.time() if at is None else at)}, context
        )

    def bots(self) -> list[str]:
        """Whom the vault holds a bot for."""
        return [name for name in self.vault.kept if name.endswith("/bot")]

    def kept(self) -> list[str]:
        """All that is in the vault, but states."""
        return sorted(name for name in self.vault.kept if "/state/" not in name)


async def walk(slack: Slack, browser: Browser, user: str) -> Page:
    """From our page by way of Slack's and back."""
    page = await browser.get(PUBLIC.rstrip("/") + INSTALL)
    return await browser.get(slack.person(user).approves(page.link))


def installing(slack: Slack, vault: FakeVault, clock: HandClock) -> Installing:
    """As the app makes it."""
    return Installing(
        vault,
        clock,
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        scopes=bot_scopes(),
        public_url=PUBLIC,
        api_url=slack.api_url,
    )


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    """With a second company."""
    async with open_slack() as made:
        yield made


@pytest.fixture
def door(slack: Slack) -> Door:
    """Nobody has installed anything."""
    clock = HandClock()
    vault = FakeVault(clock)
    return Door(slack, vault, clock, installing(slack, vault, clock))


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    """To the Web API."""
    made = Line(["files.slack.com"])
    yield made
    await made.close()


async def test_two_workspaces_get_answers_with_their_own_tokens(door: Door, line: Line) -> None:
    """What is said in one is never said with the token of the other."""
    assert [(await door.installs(user)).title for user in ("U1", "U9")] == ["Headroom is in Slack"] * 2
    clients = VaultInstalls(door.installing.store, door.slack.api_url, line)

    for workspace, bot in (("T1", "UBT1"), ("T9", "UBOTHER")):
        told = await (await clients.client(workspace)).auth_test()
        assert (told["team_id"], told["user_id"]) == (workspace, bot)
    with pytest.raises(Undeliverable, match="install_revoked"):
        await clients.client("T5")


async def test_slack_is_asked_for_what_the_manifest_names_and_nothing_else(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that the SDK would read by itself change nothing."""
    strange = {"SLACK_SCOPES": "admin", "SLACK_USER_SCOPES": "admin", "SLACK_REDIRECT_URI": "https://evil.example"}
    for name, value in {**strange, "SLACK_CLIENT_ID": "other", "SLACK_CLIENT_SECRET": "other"}.items():
        monkeypatch.setenv(name, value)
    fresh = Browser(installing(door.slack, door.vault, door.clock).routes())
    address = urlsplit((await fresh.get(PUBLIC.rstrip("/") + INSTALL)).link)
    asked = {name: values for name, values in parse_qs(address.query).items() if name != "state"}

    assert f"{address.scheme}://{address.netloc}{address.path}" == door.slack.authorize_url
    assert asked == {
        "client_id": [door.slack.client_id],
        "scope": [",".join(bot_scopes())],
        "redirect_uri": [PUBLIC.rstrip("/") + REDIRECT],
    }


async def test_a_public_address_with_a_path_is_kept(door: Door) -> None:
    """Headroom may live below a folder of the company's server."""
    below = Installing(
        door.vault, door.clock, client_id="1", client_secret="2", scopes=[], public_url=f"{PUBLIC}studio/",
        api_url="https://slack-gov.com/api/",
    )  # fmt: skip

    assert below.redirect_uri == f"{PUBLIC}studio{REDIRECT}"
    assert below.settings.authorization_url == "https://slack-gov.com/oauth/v2/authorize"


async def test_installing_again_replaces_the_token(door: Door, line: Line) -> None:
    """As after a change of scopes."""
    await door.installs("U1")
    first = await door.installing.store.find("T1")
    await door.installs("U2")
    second = await door.installing.store.find("T1")

    assert first is not None
    assert second is not None
    assert first.bot_token != second.bot_token
    assert door.bots() == ["slack/T1/bot"]


async def test_a_state_is_good_once(door: Door) -> None:
    """Whoever finds the address in a history gets nothing; Slack is not even asked."""
    browser = door.browser()
    back = door.slack.person("U1").approves((await browser.get(PUBLIC.rstrip("/") + INSTALL)).link)
    assert (await browser.get(back)).status == 200
    calls = len(door.slack.world.calls)
    again = await browser.get(back)

    assert (again.status, again.title) == (400, "Headroom was not added")
    fresh = Browser(door.installing.routes(), {"slack-app-oauth-state": parse_qs(urlsplit(back).query)["state"][0]})
    assert (await fresh.get(back)).status == 401
    assert len(door.slack.world.calls) == calls


@pytest.mark.parametrize("forgery", ["guessed", "none", "other_browser", "late"])
async def test_what_is_forged_or_late_installs_nothing(door: Door, forgery: str) -> None:
    """Nobody can be made to add the app, or to finish what somebody else began."""
    browser = door.browser()
    link = (await browser.get(PUBLIC.rstrip("/") + INSTALL)).link
    if forgery == "guessed":
        link = link.replace("state=", "state=x")
        browser.cookies["slack-app-oauth-state"] = "x" + browser.cookies["slack-app-oauth-state"]
    if forgery == "none":
        link = link.split("state=")[0] + "&".join(["state=", *link.split("&")[1:]])
    if forgery == "other_browser":
        browser.cookies.clear()
    if forgery == "late":
        door.clock.pass_s(STATE_S)
    page = await browser.get(door.slack.person("U1").approves(link))

    assert (page.status // 100, page.title) == (4, "Headroom was not added")
    assert door.bots() == []
    assert [call.method for call in door.slack.world.calls] == []


async def test_whoever_says_no_reads_that_nothing_was_changed(door: Door) -> None:
    """And can begin again."""
    browser = door.browser()
    page = await browser.get(door.slack.person("U1").declines((await browser.get(PUBLIC.rstrip("/") + INSTALL)).link))

    assert "You did not allow it" in page.body
    assert page.link == "install"
    assert door.bots() == []


@pytest.mark.parametrize("trouble", ["drop", "refuse", "no_json", "auth_test"])
async def test_when_slack_does_not_confirm_nothing_is_kept(door: Door, trouble: str) -> None:
    """A page says so; nothing breaks."""
    habits = door.slack.habits
    match trouble:
        case "drop":
            habits.drop("oauth.v2.access", times=9)
        case "refuse":
            habits.refuse("oauth.v2.access", "bad_redirect_uri")
        case "no_json":
            habits.break_down("oauth.v2.access")
        case _:
            habits.refuse("auth.test", "fatal_error")
    page = await door.installs("U1")

    assert (page.status, page.title) == (401, "Headroom was not added")
    assert door.bots() == []


async def test_pages_repeat_nothing_of_their_address(door: Door) -> None:
    """Anybody may write anything there."""
    page = await door.browser().get(f"{PUBLIC}slack/oauth_redirect?error=%3Cscript%3Ealert(1)%3C/script%3E")

    assert "alert" not in page.body
    assert "script" not in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_tokens_that_end_are_refused_with_the_reason(door: Door) -> None:
    """Better than an app that falls silent after twelve hours."""
    made = Installation(
        team_id="T1", user_id="U1", bot_token="xoxe.xoxb-1", bot_id="B", bot_user_id="UB", bot_refresh_token="xoxe-1"
    )
    browser = door.browser()
    link = (await browser.get(PUBLIC.rstrip("/") + INSTALL)).link

    class Rotating(Installing):
        async def run_installation(self, code: str) -> Installation | None:
            return made

    rotating = Rotating(
        door.vault, door.clock, client_id=door.slack.client_id, client_secret="s", scopes=[], public_url=PUBLIC,
        api_url=door.slack.api_url,
    )  # fmt: skip
    page = await Browser(rotating.routes(), browser.cookies).get(door.slack.person("U1").approves(link))

    assert (page.status, "token rotation" in page.body) == (500, True)
    assert door.bots() == []


async def test_whoever_removes_the_app_is_left_alone_and_others_are_served(door: Door, line: Line) -> None:
    """Its bot and what its people had allowed are gone; the other workspace does not notice."""
    for user in ("U1", "U9"):
        await door.installs(user)
    for person in (Person("slack", "T1", "U1"), Person("slack", "T9", "U9"), Person("discord", "T1", "U1")):
        await door.vault.put(of_person(person, "profile"), b"xoxp")
    await door.hears({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["UBT1"]}})
    await door.hears({"type": "app_uninstalled"})
    clients = VaultInstalls(door.installing.store, door.slack.api_url, line)

    with pytest.raises(Undeliverable, match="install_revoked"):
        await clients.client("T1")
    assert (await (await clients.client("T9")).auth_test())["team_id"] == "T9"
    assert door.kept() == ["person/discord/T1/U1/profile", "person/slack/T9/U9/profile", "slack/T9/bot"]


async def test_a_removal_that_is_told_late_does_not_remove_what_was_installed_since(door: Door) -> None:
    """Slack tells it again for a day, when nobody listened at first."""
    await door.installs("U1")
    hour_ago = time.time() - 3600
    await door.hears({"type": "tokens_revoked", "tokens": {"bot": ["UBT1"]}}, hour_ago)
    await door.hears({"type": "app_uninstalled"}, hour_ago)

    assert door.kept() == ["slack/T1/bot"]


async def test_one_person_who_takes_back_what_they_allowed_keeps_the_app_installed(door: Door) -> None:
    """Only theirs is dropped."""
    await door.installs("U1")
    for user in ("U1", "U2"):
        await door.vault.put(of_person(Person("slack", "T1", user), "profile"), b"xoxp")
    await door.hears({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})

    assert door.kept() == ["person/slack/T1/U2/profile", "slack/T1/bot"]


async def test_an_organisation_and_one_of_its_workspaces_do_not_mix(door: Door) -> None:
    """An organisation installs the app as a whole, and one of its workspaces may have done so before."""
    store = door.installing.store
    for token, team, whole in (("xoxb-team", "T1", False), ("xoxb-whole", None, True)):
        made = Installation(
            team_id=team, enterprise_id="E1", user_id="U1", bot_token=token, bot_id="B", bot_user_id="UB",
            is_enterprise_install=whole,
        )  # fmt: skip
        await store.async_save(made)

    async def token_of(**ids: object) -> str:
        bot = await store.async_find_bot(**ids)  # type: ignore[arg-type]
        return bot.bot_token if bot else ""

    assert await token_of(enterprise_id="E1", team_id="T2", is_enterprise_install=True) == "xoxb-whole"
    assert await token_of(enterprise_id="E1", team_id=None, is_enterprise_install=True) == "xoxb-whole"
    assert await token_of(enterprise_id="E1", team_id="T1", is_enterprise_install=False) == "xoxb-team"
    await store.async_delete_all(enterprise_id="E1", team_id="T1")
    assert await token_of(enterprise_id="E1", team_id="T1", is_enterprise_install=False) == ""
    assert await token_of(enterprise_id="E1", team_id=None, is_enterprise_install=True) == "xoxb-whole"
    assert workspace_of("E1", "T1", True) == "E1"


async def test_who_an_event_is_for_is_known_without_asking_slack(door: Door) -> None:
    """People wait for an answer to every event; and an app that was removed answers none."""
    await door.installs("U1")
    calls = len(door.slack.world.calls)
    authorize = VaultAuthorize(door.installing.store)
    context = AsyncBoltContext({})
    found = await authorize(context=context, enterprise_id=None, team_id="T1", user_id="U1")

    assert found is not None
    assert (found.bot_id, found.bot_user_id, str(found.bot_token)[:4]) == ("BT1", "UBT1", "xoxb")
    assert await authorize(context=context, enterprise_id=None, team_id="T9", user_id="U9") is None
    assert len(door.slack.world.calls) == calls


async def test_no_token_can_be_read_in_the_database_or_in_the_logs(slack: Slack, tmp_path: Path) -> None:
    """Nor the app's own secret, nor the code and the state of an install; and no names of companies are kept."""
    with everything_logged() as logged:
        async with open_strongroom(tmp_path) as room:
            made = installing(slack, room.vault, room.clock)  # type: ignore[arg-type]
            browser = Browser(made.routes())
            slack.habits.refuse("oauth.v2.access", "invalid_code")
            await walk(slack, browser, "U1")
            assert (await walk(slack, browser, "U1")).status == 200
            bot = await made.store.find("T1")
            kept = await room.vault.get("slack/T1/bot")
            seen = room.bytes_on_disk() + logged.getvalue().encode()

    assert bot is not None
    assert b"slack/T1/bot" in seen, "the test has gone blind"
    assert "slack_install_failed" in logged.getvalue(), "the test has gone blind"
    secrets = [bot.bot_token, slack.client_secret, *slack.world.grants, *browser.cookies.values()]
    assert [secret for secret in secrets if secret.encode() in seen] == []
    assert b"xoxb" not in seen
    assert "Studio Works" not in json.dumps(json.loads(kept or b""))


async def test_a_store_that_cannot_be_written_is_said_on_the_page(door: Door) -> None:
    """The installer can try again, and nothing is half done."""
    store = VaultInstallationStore(Full(door.clock))
    door.installing.settings.installation_store = store
    page = await door.installs("U1")

    assert (page.status, "could not be written down" in page.body) == (500, True)


class Full(FakeVault):
    """A vault on a disk without room."""

    async def put(self, name: str, secret: bytes, expires_at: float | None = None) -> None:
        raise StorageError("records_full")
