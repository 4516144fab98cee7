"""Places to keep pictures in, as tests see them: the store itself, and everything that lies in it, as a thief would."""

import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import boto3
from moto.server import ThreadedMotoServer

from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import Bucket, Shelf, bucket_shelf, folder_shelf

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
INSTALL_KEY = bytes(range(32))
DAY = timedelta(days=1)


@dataclass
class Clock:
    """A clock that moves when told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


class Thief(Protocol):
    """Access to the stored bytes without any key."""

    def everything(self) -> dict[str, bytes]:
        """All that is stored, by path."""

    def write(self, path: str, data: bytes) -> None:
        """Put bytes there."""

    def remove(self, path: str) -> None:
        """Take away."""


class FolderThief:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def everything(self) -> dict[str, bytes]:
        return {str(p.relative_to(self._folder)): p.read_bytes() for p in self._folder.rglob("*") if p.is_file()}

    def write(self, path: str, data: bytes) -> None:
        (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self._folder / path).write_bytes(data)

    def remove(self, path: str) -> None:
        (self._folder / path).unlink()


class BucketThief:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def everything(self) -> dict[str, bytes]:
        found = self._client.list_objects_v2(Bucket=self._bucket).get("Contents", [])
        return {o["Key"]: self._client.get_object(Bucket=self._bucket, Key=o["Key"])["Body"].read() for o in found}

    def write(self, path: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=path, Body=data)

    def remove(self, path: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=path)


@dataclass
class Place:
    """An empty place; each `open` is another process of the same install."""

    shelf: Callable[[], Shelf]
    thief: Thief
    clock: Clock = field(default_factory=Clock)

    async def open(self, install_key: bytes = INSTALL_KEY) -> Pictures:
        """The store as a composition root opens it."""
        return await open_pictures(self.shelf(), install_key, self.clock)


class CrossedShelf(Shelf):
    """A shelf on which something else happens just before a picture is written."""

    def __init__(self, shelf: Shelf, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(shelf._store, shelf._folder)
        self._meanwhile = meanwhile

    async def write(self, path: str, data: bytes, *, new: bool = False) -> bool:
        if path.startswith("pictures/"):
            await self._meanwhile()
        return await super().write(path, data, new=new)


@contextmanager
def s3_server() -> Iterator[str]:
    """URL of an S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def folder_place(folder: Path) -> Place:
    """A place in a folder."""
    return Place(lambda: folder_shelf(folder), FolderThief(folder))


def bucket_place(endpoint: str) -> tuple[Bucket, Place]:
    """A place in a fresh bucket of an S3 server."""
    bucket = Bucket(f"pictures-{uuid.uuid4().hex}", endpoint, "us-east-1", "who", "secret")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=bucket.region,
        aws_access_key_id=bucket.access_key_id,
        aws_secret_access_key=bucket.secret_access_key,
    )
    client.create_bucket(Bucket=bucket.name)
    return bucket, Place(lambda: bucket_shelf(bucket), BucketThief(client, bucket.name))
