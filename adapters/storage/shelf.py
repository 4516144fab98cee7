"""Bytes under paths, in a folder or in a bucket: the only place that speaks to obstore, and where its errors become ours."""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from engine.contract.errors import StorageError

_FULL = re.compile(r"os error (27|28|122)\)|507 Insufficient Storage|XMinioStorageFull")
"""EFBIG, ENOSPC and EDQUOT of Linux; what MinIO answers."""
_STAGED = re.compile(r"#\d+$")
"""obstore writes `name#1` and then links or renames it to `name`; it does not list such files."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where an S3-compatible store is, and who we are there. It must exist, without versioning: deleted means deleted."""

    name: str
    endpoint: str
    """URL, such as https://s3.eu-central-1.amazonaws.com; addressed by path, as all compatible stores understand."""
    region: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    prefix: str = ""
    """Folder inside the bucket."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored object."""

    path: str
    size_bytes: int
    written_at: datetime


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        if _FULL.search(str(error)):
            raise StorageError("storage_full") from error
        raise StorageError("storage_unavailable") from error


class Shelf:
    """A folder or a bucket. Paths are made of names that we chose, never of what somebody typed."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def read(self, path: str, limit_bytes: int | None = None) -> bytes | None:
        """The object, or its first bytes; None when there is none."""
        with _ours():
            try:
                if limit_bytes is not None:
                    return bytes(await self._store.get_range_async(path, start=0, length=limit_bytes))
                return bytes(await (await self._store.get_async(path)).bytes_async())
            except FileNotFoundError:
                return None

    async def write(self, path: str, data: bytes, *, new: bool = False) -> bool:
        """Write the whole object or nothing; with `new`, False and nothing written when there is one already."""
        with _ours():
            try:
                await self._store.put_async(path, data, mode="create" if new else "overwrite", use_multipart=False)
            except AlreadyExistsError:
                return False
            if self._folder is not None:
                await asyncio.to_thread(_settle, self._folder / path)
            return True

    async def remove(self, path: str) -> bool:
        """Remove an object; False when a folder has none there (a bucket does not say)."""
        with _ours():
            try:
                await self._store.delete_async(path)
            except FileNotFoundError:
                return False
            return True

    async def entries(self, prefix: str) -> list[Entry]:
        """All objects below a prefix, by path."""
        with _ours():
            found = await self._store.list(prefix).collect_async()
        return sorted(
            (Entry(meta["path"], meta["size"], meta["last_modified"]) for meta in found), key=lambda entry: entry.path
        )

    async def clear_staged(self, prefix: str, before: datetime) -> list[int]:
        """Remove what writers that died left half-written before a time; returns the sizes. A bucket has none of that."""
        if self._folder is None:
            return []
        with _ours():
            return await asyncio.to_thread(_clear_staged, self._folder, self._folder / prefix, before)


def folder_shelf(folder: Path) -> Shelf:
    """A shelf in a folder, which is made when it is missing and which only its user may enter."""
    with _ours():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Shelf(LocalStore(folder, automatic_cleanup=True), folder)


def bucket_shelf(bucket: Bucket) -> Shelf:
    """A shelf in a bucket. A store that does not answer is given up after 15 s."""
    store = S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        endpoint=bucket.endpoint,
        region=bucket.region,
        access_key_id=bucket.access_key_id,
        secret_access_key=bucket.secret_access_key,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True, "connect_timeout": "3s", "timeout": "15s"},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
    )
    return Shelf(store)


def _settle(path: Path) -> None:
    """Let a file and its name survive a power cut. Nothing to do when somebody removed it meanwhile."""
    for place in (path, path.parent):
        try:
            descriptor = os.open(place, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clear_staged(root: Path, folder: Path, before: datetime) -> list[int]:
    sizes = []
    for path in _staged(folder):
        try:
            facts = path.stat()
            if datetime.fromtimestamp(facts.st_mtime, UTC) >= before:
                continue
            path.unlink()
        except FileNotFoundError:  # its writer was alive after all, and has finished
            continue
        sizes.append(facts.st_size)
        if path.parent != root:
            with suppress(OSError):  # not empty
                path.parent.rmdir()
    return sizes


def _staged(folder: Path) -> list[Path]:
    """Files below a folder that obstore stages; folders may come and go meanwhile."""

    def unless_gone(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    walk = os.walk(folder, onerror=unless_gone)
    return [Path(place, name) for place, _, names in walk for name in names if _STAGED.search(name)]
