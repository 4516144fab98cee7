"""Where pictures are kept, as operators write it."""

import asyncio
from pathlib import Path

import pytest

from adapters.storage.places import shelf_at
from engine.contract.errors import SettingsError
from tests.storage.places import bucket_place, s3_server

NOWHERE = {"endpoint": "", "region": "us-east-1", "access_key_id": "", "secret_access_key": ""}


def test_a_path_is_a_folder(tmp_path: Path) -> None:
    """The default needs no credentials; the folder is made."""
    shelf = shelf_at(str(tmp_path / "deep" / "pictures"), **NOWHERE)

    asyncio.run(shelf.write("keys/a", b"one"))

    assert (tmp_path / "deep" / "pictures" / "keys" / "a").read_bytes() == b"one"


def test_an_s3_address_is_a_bucket_with_its_prefix() -> None:
    """Several installs may share a bucket."""
    with s3_server() as url:
        bucket, place = bucket_place(url)
        shelf = shelf_at(
            f"s3://{bucket.name}/office/berlin/", endpoint=url, region="us-east-1", access_key_id="who",
            secret_access_key="secret",
        )  # fmt: skip
        asyncio.run(shelf.write("keys/a", b"one"))

        assert place.thief.everything() == {"office/berlin/keys/a": b"one"}


@pytest.mark.parametrize("name", ["HEADROOM_S3_ENDPOINT", "HEADROOM_S3_ACCESS_KEY_ID", "HEADROOM_S3_SECRET_ACCESS_KEY"])
def test_what_a_bucket_lacks_is_named(name: str) -> None:
    """The operator reads which line to fill, at the start and not at the first picture."""
    given = {"endpoint": "http://127.0.0.1:1", "region": "r", "access_key_id": "who", "secret_access_key": "secret"}
    given[name.removeprefix("HEADROOM_S3_").lower()] = ""

    with pytest.raises(SettingsError) as caught:
        shelf_at("s3://pictures", **given)

    assert caught.value.facts["name"] == name


@pytest.mark.parametrize("place", ["gs://bucket", "s3:///prefix", "file:///tmp/x", "s3://bucket?versioning=on"])
def test_other_addresses_are_told_at_the_start(place: str) -> None:
    """A misspelt scheme does not become a folder of that name."""
    with pytest.raises(SettingsError, match="setting_wrong"):
        shelf_at(place, **NOWHERE)
