"""Pictures in a bucket: a store that is away."""

import asyncio
import socket
from dataclasses import replace

import pytest

from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import Bucket, bucket_shelf
from engine.contract.errors import StorageError
from tests.storage.places import DAY, INSTALL_KEY, START, Clock, bucket_place, s3_server


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


def test_a_bucket_that_does_not_exist_is_told() -> None:
    """A wrong name is found at the start, not at the first picture."""
    with s3_server() as url:
        shelf = bucket_shelf(Bucket("nowhere", url, "us-east-1", "who", "secret"))
        with pytest.raises(StorageError, match="storage_unavailable"):
            asyncio.run(open_pictures(shelf, INSTALL_KEY, Clock()))


def test_a_folder_of_a_bucket_is_a_store_of_its_own() -> None:
    """Two installs may share a bucket: each lists, sweeps and forgets below its own prefix."""

    async def story(url: str) -> None:
        bucket, place = bucket_place(url)
        one, two = [
            await open_pictures(bucket_shelf(replace(bucket, prefix=name)), bytes([i]) * 32, place.clock)
            for i, name in enumerate(("one", "deep/two"))
        ]
        kept = await one.put("ada", b"picture", kind="selfie", media_type="image/jpeg", expires_at=START + DAY)
        await two.put("ada", b"picture", kind="selfie", media_type="image/jpeg", expires_at=START + DAY)

        assert (await two.sweep(START + DAY)).artifacts == 1
        assert (await two.delete_owner("ada")).keys == 1
        assert (await one.get("ada", kept.id))[1] == b"picture"
        assert {path.split("/")[0] for path in place.thief.everything()} == {"one", "deep"}

    with s3_server() as url:
        asyncio.run(story(url))


def test_credentials_are_not_printed() -> None:
    """A bucket in a log line or a traceback gives nothing away."""
    assert "whoami" not in repr(Bucket("pictures", "http://localhost", "us-east-1", "whoami", "hidden"))
    assert "hidden" not in repr(Bucket("pictures", "http://localhost", "us-east-1", "whoami", "hidden"))
