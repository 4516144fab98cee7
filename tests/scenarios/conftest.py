"""One house for all scenarios, and people who come to it as strangers each time, on each platform."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial

import pytest
import pytest_asyncio

from tests.scenarios.house import House, open_house
from tests.scenarios.person import Person
from tests.scenarios.playground import open_playground
from tests.scenarios.slack import SlackTown, open_town
from tests.scenarios.window import Town


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/scenarios/test_browser.py --screenshots FOLDER`."""
    browser = parser.getgroup("scenarios", "the playground in a real browser")
    browser.addoption("--screenshots", default="", help="folder for pictures of the page, light and dark")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def slack() -> AsyncIterator[SlackTown]:
    """A simulated Slack, which the bot is connected to all the time."""
    async with open_town() as town:
        yield town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole(slack: SlackTown, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Started once, for all platforms."""
    async with open_house(tmp_path_factory.mktemp("house"), slack.environment, slack.is_up) as house:
        await house.is_whole()
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playground(whole: House) -> AsyncIterator[Mapping[str, Person]]:
    """Each of them has one page of the playground open."""
    async with open_playground(whole) as town:
        yield _people(town)


@pytest_asyncio.fixture(loop_scope="session", params=["playground", pytest.param("slack", marks=pytest.mark.slow)])
async def cast(
    request: pytest.FixtureRequest, playground: Mapping[str, Person], slack: SlackTown
) -> AsyncIterator[Mapping[str, Person]]:
    """Each of them has one window open."""
    if request.param == "playground":
        yield playground
    else:
        with slack.newcomers() as newcomers:
            yield _people(newcomers)


def _people(town: Town) -> dict[str, Person]:
    return {
        user: Person(user.capitalize(), window, town.keys[user], partial(town.traces, user))
        for user, window in town.windows.items()
    }


@pytest_asyncio.fixture(loop_scope="session")
async def house(whole: House, cast: Mapping[str, Person]) -> House:
    """Everything runs, and knows nobody."""
    await whole.is_whole()
    await asyncio.gather(*(person.is_forgotten() for person in cast.values()))
    return whole


@pytest.fixture
def alex(house: House, cast: Mapping[str, Person]) -> Person:
    """A member."""
    return cast["alex"]


@pytest.fixture
def sam(house: House, cast: Mapping[str, Person]) -> Person:
    """Another member."""
    return cast["sam"]


@pytest.fixture
def gus(house: House, cast: Mapping[str, Person]) -> Person:
    """A guest of the workspace."""
    return cast["gus"]
