"""Pictures in a bucket: a store that is away."""

import asyncio
import socket

import pytest

from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import Bucket, bucket_shelf
from engine.contract.errors import StorageError
from tests.storage.places import INSTALL_KEY, Clock


def _nobody() -> str:
    """An address of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_a_store_that_is_away_is_told_soon_and_may_be_tried_again() -> None:
    """Whoever waits for a picture hears within seconds."""
    shelf = bucket_shelf(Bucket("pictures", _nobody(), "us-east-1", "who", "secret"))

    with pytest.raises(StorageError, match="storage_unavailable") as caught:
        asyncio.run(asyncio.wait_for(open_pictures(shelf, INSTALL_KEY, Clock()), 15))
    assert caught.value.retryable


def test_credentials_are_not_printed() -> None:
    """A bucket in a log line or a traceback gives nothing away."""
    assert "whoami" not in repr(Bucket("pictures", "http://localhost", "us-east-1", "whoami", "hidden"))
    assert "hidden" not in repr(Bucket("pictures", "http://localhost", "us-east-1", "whoami", "hidden"))
