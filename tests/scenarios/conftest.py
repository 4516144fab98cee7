"""One house for all scenarios, and people who come to it as strangers each time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from adapters.playground.cast import CAST
from tests.scenarios.house import House, open_house
from tests.scenarios.person import Person
from tests.scenarios.playground import open_window


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/scenarios/test_browser.py --screenshots FOLDER`."""
    browser = parser.getgroup("scenarios", "the playground in a real browser")
    browser.addoption("--screenshots", default="", help="folder for pictures of the page, light and dark")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Started once."""
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        await house.is_whole()
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cast(whole: House) -> AsyncIterator[Mapping[str, Person]]:
    """Each of them has one page of the playground open."""
    async with AsyncExitStack() as stack:
        windows = {user: await stack.enter_async_context(open_window(whole.url, user)) for user in CAST}
        yield {user: Person(CAST[user].name, window) for user, window in windows.items()}


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
