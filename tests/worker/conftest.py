"""One Valkey for all tests of the worker, and a new world for each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.queue.connection import connect
from adapters.queue.embedded import EmbeddedServer
from tests.worker.world import World, new_world


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Flushed between tests."""
    with EmbeddedServer(tmp_path_factory.mktemp("doorbell")) as running:
        yield running


@pytest_asyncio.fixture
async def world(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[World]:
    """Empty."""
    client = connect(server.url)
    await client.flushall()
    await client.aclose()
    async with new_world(tmp_path, server.url) as made:
        yield made
