"""What Slack says when it says no, how long callers wait, and whom the app may speak to."""

import asyncio
from contextlib import suppress

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from adapters.slack.errors import TABLE, TooLong, from_code, to_error
from adapters.slack.installs import SingleInstall, VaultInstalls, client_for
from adapters.slack.limits import POST_BURST
from adapters.slack.line import Line
from adapters.slack.pace import SHORT_S, Pace
from engine.contract.errors import FileUnavailable, HeadroomError, PlatformError, RateLimited, Undeliverable
from engine.contract.sentences import SENTENCES
from tests.slack.simulator.slack import open_slack

KINDS: dict[str, type[Exception]] = {
    "message_gone": Undeliverable,
    "conversation_closed": Undeliverable,
    "messages_tab_disabled": Undeliverable,
    "install_revoked": Undeliverable,
    "permission_missing": Undeliverable,
    "form_too_late": Undeliverable,
    "file_unavailable": FileUnavailable,
    "platform_busy": RateLimited,
    "ours": ValueError,
    "too_long": TooLong,
}


def refusal(data: object, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    """As slack_sdk raises it."""
    answer = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args={},
        data=data,  # type: ignore[arg-type]
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_row_of_the_table_says_one_thing(code: str) -> None:
    """Whether to try again, and what a person is told; nobody is told Slack's own code."""
    error = to_error(refusal({"ok": False, "error": code}))

    assert type(error) is KINDS[TABLE[code]]
    assert type(from_code(code)) is type(error)
    if isinstance(error, HeadroomError):
        assert error.code == TABLE[code]
        assert error.code in SENTENCES


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("channel_not_found", "conversation_closed"),
        ("is_archived", "conversation_closed"),
        ("not_in_channel", "conversation_closed"),
        ("user_disabled", "conversation_closed"),
        ("messages_tab_disabled", "messages_tab_disabled"),
        ("message_not_found", "message_gone"),
        ("cant_update_message", "message_gone"),
        ("token_revoked", "install_revoked"),
        ("account_inactive", "install_revoked"),
        ("invalid_auth", "install_revoked"),
        ("expired_trigger_id", "form_too_late"),
        ("exchanged_trigger_id", "form_too_late"),
        ("missing_scope", "permission_missing"),
        ("file_deleted", "file_unavailable"),
        ("ratelimited", "platform_busy"),
    ],
)
def test_the_codes_that_people_meet_mean_what_they_say(code: str, meaning: str) -> None:
    """Moving one to another row is a decision."""
    assert TABLE[code] == meaning


@pytest.mark.parametrize(
    "error",
    [
        refusal({"ok": False, "error": "internal_error"}),
        refusal({"ok": False, "error": "fatal_error"}),
        refusal({"ok": False, "error": "of_next_year"}),
        refusal({"ok": False, "error": "channel_not_found"}, status=503),
        refusal({}, status=502),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(),
        TimeoutError(),
    ],
    ids=repr,
)
def test_whatever_is_unclear_is_tried_again(error: Exception) -> None:
    """The call may have worked."""
    ours = to_error(error)

    assert type(ours) is PlatformError
    assert ours.code == "platform_unclear"


@pytest.mark.parametrize(("said", "pause_s"), [("7", 7.0), ("0", 0.1), ("", 1.0), ("soon", 1.0), ("1.5", 1.5)])
def test_a_429_says_how_long(said: str, pause_s: float) -> None:
    """With a body or without, and with a header in any spelling."""
    for name, data in (("Retry-After", {}), ("retry-after", {"ok": False, "error": "ratelimited"})):
        ours = to_error(refusal(data, 429, {name: said} if said else {}))
        assert isinstance(ours, RateLimited)
        assert ours.retry_after_s == pause_s


def test_blocks_with_a_file_that_is_not_ready_are_no_mistake() -> None:
    """Slack calls them invalid as it does those that are."""
    told = {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
    }
    ours = to_error(refusal(told))

    assert isinstance(ours, PlatformError)
    assert ours.code == "picture_not_ready"


def test_what_slack_answered_stands_in_no_error_of_ours() -> None:
    """An answer may hold words of people and addresses."""
    ours = to_error(refusal({"ok": False, "error": "invalid_blocks", "message": {"text": "my wish"}}))

    assert "wish" not in f"{ours!s} {ours!r} {ours.__cause__!r}"


# ---- pace


class Clock:
    """Moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, [0.0]

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_a_method_rests_where_it_was_refused_and_nowhere_else() -> None:
    """Slack counts by method and workspace."""
    clock = Clock()
    pace = Pace(clock, clock.sleep)
    pace.refused("T1", "chat.update", 5)
    pace.refused("T1", "chat.update", 2)
    for workspace, method in (("T2", "chat.update"), ("T1", "chat.postMessage")):
        pace.check(workspace, method)
    with pytest.raises(RateLimited) as told:
        pace.check("T1", "chat.postMessage", "chat.update")
    assert told.value.retry_after_s == 5
    clock.now += 5

    pace.check("T1", "chat.update")


def test_messages_of_one_channel_come_a_second_apart_after_the_first_few() -> None:
    """Who would wait for long comes back; another channel is another."""
    clock = Clock()
    pace = Pace(clock, clock.sleep)

    async def post(channel: str, times: int) -> None:
        for _ in range(times):
            await pace.turn("T1", "chat.postMessage", channel)

    asyncio.run(post("D1", POST_BURST))
    assert sum(clock.slept) == 0
    asyncio.run(post("D1", 3))
    assert sum(clock.slept) == 3
    asyncio.run(post("D2", 1))
    assert sum(clock.slept) == 3


def test_a_queue_that_is_too_long_is_not_waited_in() -> None:
    """The relay has other messages to bring."""
    clock = Clock()

    async def no_sleep(seconds: float) -> None:
        clock.slept.append(seconds)

    async def crowd() -> int:
        pace, posted = Pace(clock, no_sleep), 0
        for _ in range(40):
            with suppress(RateLimited):
                await pace.turn("T1", "chat.postMessage", "D1")
                posted += 1
        with pytest.raises(RateLimited) as told:
            await pace.turn("T1", "chat.postMessage", "D1")
        assert told.value.retry_after_s > SHORT_S
        return posted

    assert asyncio.run(crowd()) == POST_BURST + int(SHORT_S)
    assert max(clock.slept) <= SHORT_S


# ---- where bytes may go


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x.jpg", True),
        ("https://FILES.slack.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com.evil.example/x", False),
        ("https://files.slack.com@evil.example/x", False),
        ("https://evil.example/files.slack.com", False),
        ("https://slack.com/x", False),
        ("http://127.0.0.1:8080/x", True),
        ("http://127.0.0.1:8081/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_files_go_to_named_hosts_only_and_locked(address: str, allowed: bool) -> None:
    """A loopback address need not be locked: there is nobody on the way."""
    assert Line(["files.slack.com", "127.0.0.1:8080"]).leads_to_files(URL(address, encoded=True)) is allowed


# ---- installs


class Bots:
    """An installation store of one workspace."""

    def __init__(self, token: str) -> None:
        self.token = token

    async def find(self, workspace: str) -> Bot | None:
        if workspace != "T1" or not self.token:
            return None
        return Bot(bot_token=self.token, bot_id="B1", bot_user_id="UB", installed_at=1.0)


@pytest.mark.asyncio
async def test_a_single_install_learns_whom_its_token_belongs_to() -> None:
    """Once, with what it may do; other workspaces hear that it is not there."""
    async with open_slack() as slack:
        line = Line([])
        install = SingleInstall(slack.bot_token, slack.api_url, line)
        identity = await install.identity()
        assert (identity.workspace, identity.bot_user) == ("T1", slack.bot_user)
        assert "files:read" in identity.scopes
        assert await install.client("T1") is await install.client("T1")
        with pytest.raises(Undeliverable, match="install_revoked"):
            await install.client("T2")
        assert len(slack.world.calls) == 1
        await line.close()


@pytest.mark.asyncio
async def test_a_token_for_a_whole_organisation_speaks_for_the_organisation() -> None:
    """Its workspace is E…, as in the addresses of its conversations."""
    async with open_slack() as slack:
        slack.add_team("T5", "Branch", enterprise_id="E5")
        line = Line([])
        token = slack.install("T5", enterprise_id="E5").value
        assert (await SingleInstall(token, slack.api_url, line).identity()).workspace == "E5"
        await line.close()


@pytest.mark.asyncio
async def test_a_token_that_is_no_good_says_so_and_a_slack_that_is_away_does_not() -> None:
    """The operator mends the first; the second goes by itself, and is asked again."""
    async with open_slack() as slack:
        line = Line([])
        with pytest.raises(Undeliverable, match="install_revoked"):
            await SingleInstall("xoxb-wrong", slack.api_url, line).identity()
        install = SingleInstall(slack.bot_token, slack.api_url, line)
        slack.habits.drop("auth.test")
        with pytest.raises(PlatformError, match="platform_unclear"):
            await install.identity()
        assert (await install.identity()).workspace == "T1"
        await line.close()


@pytest.mark.asyncio
async def test_the_token_of_the_store_speaks_for_its_workspace_and_no_other() -> None:
    """One that was added again speaks with its new token."""
    bots, line = Bots("xoxb-1"), Line([])
    installs = VaultInstalls(bots, "https://slack.test/api/", line)
    assert await installs.client("T1") is await installs.client("T1")
    bots.token = "xoxb-2"
    assert (await installs.client("T1")).token == "xoxb-2"
    bots.token = ""

    for workspace in ("T1", "T2"):
        with pytest.raises(Undeliverable, match="install_revoked"):
            await installs.client(workspace)
    await line.close()


@pytest.mark.asyncio
async def test_no_client_tries_again_by_itself() -> None:
    """A post whose answer got lost would stand there twice."""
    line = Line([])

    assert (await client_for("xoxb-1", "https://slack.test/api/", line)).retry_handlers == []
    await line.close()
