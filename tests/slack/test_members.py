"""Who is a guest: asked of Slack, known for an hour, and nobody waits for long."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.calls import Calls
from adapters.slack.installs import SingleInstall
from adapters.slack.line import Line
from adapters.slack.members import KNOWN_S, REFUSED_S, Members, is_guest
from adapters.slack.pace import Pace
from bot.events import Said
from engine.contract.errors import PlatformError
from tests.ports.ledger.story import HandClock
from tests.slack.running import running
from tests.slack.simulator.slack import Slack

pytestmark = pytest.mark.asyncio


class Asking:
    """The members of the simulated Slack, with a clock that is set by hand."""

    def __init__(self, slack: Slack) -> None:
        self.slack, self.clock, self.line = slack, HandClock(), Line([])
        install = SingleInstall(slack.bot_token, slack.api_url, self.line)
        self.members = Members(Calls(install, Pace()), self.clock)

    @property
    def questions(self) -> int:
        """How often Slack was asked about somebody."""
        return len([call for call in self.slack.world.calls if call.method == "users.info"])

    async def __aenter__(self) -> "Asking":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.members.close()
        await self.line.close()


async def test_guests_are_known_as_such(slack: Slack) -> None:
    """Gus is a guest, Xenia of another company in a shared channel; Anna is neither."""
    async with Asking(slack) as asking:
        found = {user: await asking.members.is_guest("T1", user) for user in ("U1", "U3", "U9")}

    assert found == {"U1": False, "U3": True, "U9": True}


async def test_slack_is_asked_once_an_hour_however_many_things_happen(slack: Slack) -> None:
    """Each press would wait for it otherwise, and Slack counts."""
    async with Asking(slack) as asking:
        await asyncio.gather(*(asking.members.is_guest("T1", "U1") for _ in range(20)))
        assert asking.questions == 1
        slack.world.users["U1"].is_guest = True
        assert not await asking.members.is_guest("T1", "U1")
        asking.clock.now += KNOWN_S + 1

        assert await asking.members.is_guest("T1", "U1")
        assert asking.questions == 2


async def test_who_was_known_stays_known_while_slack_does_not_answer(slack: Slack) -> None:
    """Nobody is turned away because of a bad minute."""
    async with Asking(slack) as asking:
        await asking.members.is_guest("T1", "U1")
        asking.clock.now += KNOWN_S + 1
        slack.habits.break_down("users.info", times=9)

        assert not await asking.members.is_guest("T1", "U1")


async def test_a_stranger_is_not_guessed_about(slack: Slack) -> None:
    """The question goes on behind: when Slack delivers again, the answer is there."""
    slack.habits.latency_s["users.info"] = 1.5
    async with Asking(slack) as asking:
        with pytest.raises(PlatformError, match="member_unknown"):
            await asking.members.is_guest("T1", "U1")
        await asyncio.sleep(0.5)

        assert not await asking.members.is_guest("T1", "U1")
        assert asking.questions == 1


async def test_whom_slack_does_not_tell_about_is_no_full_member(slack: Slack) -> None:
    """Nor is anybody while the scope is missing; an operator who adds it does not wait for an hour."""
    slack.habits.refuse("users.info", "missing_scope")
    async with Asking(slack) as asking:
        assert await asking.members.is_guest("T1", "U1")
        assert await asking.members.is_guest("T1", "U404")
        asking.clock.now += REFUSED_S + 1

        assert not await asking.members.is_guest("T1", "U1")


@pytest.mark.parametrize(
    ("user", "guest"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T1", "is_restricted": True}, True),
        ({"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True}, True),
        ({"team_id": "T9"}, True),
        ({"team_id": "T9", "is_stranger": True}, True),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T1", "T2"]}}, False),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, True),
        ({}, True),
    ],
)
async def test_full_members_are_those_of_this_workspace(user: dict[str, Any], guest: bool) -> None:
    """In an organisation, somebody can be in several workspaces, and is told to be in another."""
    assert is_guest(user, "T1") is guest


async def test_full_members_of_an_organisation_are_those_of_any_of_its_workspaces() -> None:
    """Where the organisation installed the app as a whole."""
    assert not is_guest({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1", "teams": ["T2"]}}, "E1")
    assert is_guest({"team_id": "T2", "enterprise_user": {"enterprise_id": "E2", "teams": ["T2"]}}, "E1")


async def test_a_guest_says_something(slack: Slack, tmp_path: Path) -> None:
    """It arrives as of a guest, and the bot decides what that means."""
    async with running(slack, tmp_path) as here:
        await slack.person("U3").dm("hello")
        (event,) = await here.desk.has(1)

    assert (event.happened, event.guest) == (Said("hello"), True)


async def test_what_a_stranger_says_is_delivered_again_until_slack_tells_who_they_are(
    slack: Slack, tmp_path: Path
) -> None:
    """Neither lost nor taken by guess."""
    slack.habits.break_down("users.info", times=2)
    slack.habits.event_ack_s = 0.4
    slack.habits.retries_s = (0.05,) * 9
    async with running(slack, tmp_path) as here:
        await slack.person("U3").dm("hello")
        (event,) = await here.desk.has(1)
        await slack.events.settled()

    assert event.guest
    assert here.desk.asked == 1
    assert slack.events.lost == []
