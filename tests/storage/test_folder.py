"""Pictures in a folder: what disks, crashes and other users of the machine do to it."""

import asyncio
import os
import resource
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.install_key import load_install_key
from adapters.storage.shelf import folder_shelf
from bot.artifacts import Removed
from engine.contract.errors import ArtifactUnreadable, StorageError
from tests.rules.source import ROOT
from tests.storage.places import DAY, START, Place, folder_place

MEGABYTE = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures lie."""
    return tmp_path / "data" / "pictures"


@pytest.fixture
def place(folder: Path) -> Place:
    """The empty place."""
    return folder_place(folder)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """The kernel ends every write at this size, as a full disk does: a part is written, the rest refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def _put(place: Place, data: bytes = b"picture") -> str:
    store = await place.open()
    artifact = await store.put("ada", data, kind="candidate", media_type="image/png", expires_at=START + DAY)
    return artifact.id


def _staged_beside(folder: Path, prefix: str, data: bytes = b"half") -> Path:
    """What a writer leaves that was killed between writing and naming."""
    whole = next(p for p in (folder / prefix).rglob("*") if p.is_file())
    staged = whole.with_name(f"{whole.name}#1")
    staged.write_bytes(data)
    return staged


def test_a_full_disk_is_told_and_harms_nothing(place: Place, folder: Path) -> None:
    """No half picture is ever shown; what was there before stays, and with room again the same put goes through."""

    async def story() -> None:
        small = await _put(place)
        with no_file_above(MEGABYTE), pytest.raises(StorageError) as caught:
            await _put(place, bytes(2 * MEGABYTE))

        assert (caught.value.code, caught.value.retryable) == ("storage_full", True)
        store = await place.open()
        await store.get("ada", small)
        assert len([p for p in (folder / "pictures").rglob("*") if p.is_file()]) == 1
        assert len((await store.get("ada", await _put(place, bytes(2 * MEGABYTE))))[1]) == 2 * MEGABYTE

    asyncio.run(story())


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    """A file where the folder should be, or a mount that went away, is an error of ours, not of the person."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="storage_unavailable"):
        folder_shelf(tmp_path / "file" / "pictures")

    async def story() -> None:
        place = folder_place(tmp_path / "pictures")
        await _put(place)
        for path in list((tmp_path / "pictures" / "keys").rglob("wrapped")):
            path.unlink()
            path.parent.rmdir()
            path.parent.write_bytes(b"")
        with pytest.raises(StorageError, match="storage_unavailable"):
            await _put(place)

    asyncio.run(story())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(place: Place, folder: Path) -> None:
    """Reading goes on; writing and forgetting say that they could not."""

    async def story() -> None:
        kept = await _put(place)
        places = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
        for path in places:
            path.chmod(0o500)
        try:
            store = await place.open()
            await store.get("ada", kept)
            with pytest.raises(StorageError, match="storage_unavailable"):
                await _put(place, b"more")
            with pytest.raises(StorageError, match="storage_unavailable"):
                await store.delete_owner("ada")
        finally:
            for path in places:
                path.chmod(0o700)

    asyncio.run(story())


def test_what_a_killed_writer_left_is_never_shown_and_is_swept(place: Place, folder: Path) -> None:
    """A writer at work is left alone for an hour; the object under its real name is another matter and stays."""

    async def story() -> None:
        artifact_id = await _put(place)
        staged = _staged_beside(folder, "pictures")
        store = await place.open()
        written = staged.stat().st_mtime
        now = START.fromtimestamp(written, START.tzinfo)

        assert (await store.get("ada", artifact_id))[1] == b"picture"
        await store.expire("ada", artifact_id, now + DAY)
        assert await store.sweep(now + timedelta(minutes=59)) == Removed()
        assert await store.sweep(now + timedelta(minutes=61)) == Removed(leftovers=1, size_bytes=len(b"half"))
        assert (await store.get("ada", artifact_id))[1] == b"picture"

    asyncio.run(story())


_ENDLESS = """
import asyncio, sys
from pathlib import Path
from tests.rules.source import ROOT
from tests.storage.places import DAY, START, folder_place

async def store_for_ever():
    store = await folder_place(Path(sys.argv[1])).open()
    for i in range(10**6):
        data = i.to_bytes(4, 'big') * 500_000
        await store.put(f"person {i % 3}", data, kind="candidate", media_type="image/png", expires_at=START + DAY)
        print("stored", flush=True)

asyncio.run(store_for_ever())
"""


@pytest.mark.slow
def test_killed_writers_leave_whole_pictures_or_none(place: Place, folder: Path) -> None:
    """kill -9 in the middle of a put: every object there is can be read, and the next put of the same picture succeeds."""
    for round_ in range(4):
        command = [sys.executable, "-c", _ENDLESS, str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(0.01 + 0.037 * round_)
            writer.kill()

    async def story() -> None:
        store = await place.open()
        names = {store._seal.name_of(f"person {i}"): f"person {i}" for i in range(3)}
        found = [p for p in (folder / "pictures").rglob("*") if p.is_file() and "#" not in p.name]
        for path in found:
            assert len((await store.get(names[path.parent.name], path.name))[1]) == 2_000_000
        assert found
        for i in range(3):
            data = i.to_bytes(4, "big") * 500_000
            await store.put(f"person {i}", data, kind="candidate", media_type="image/png", expires_at=START + DAY)
            await store.delete_owner(f"person {i}")
        assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


def test_forgetting_takes_half_written_pictures_and_keys_too(place: Place, folder: Path) -> None:
    """A copy of the key that a crash left beside it would undo the forgetting."""

    async def story() -> None:
        artifact_id = await _put(place)
        stored = place.thief.everything()
        key = next(data for path, data in stored.items() if path.startswith("keys/"))
        _staged_beside(folder, "keys", key)
        _staged_beside(folder, "pictures")

        removed = await (await place.open()).delete_owner("ada")
        assert (removed.artifacts, removed.keys, removed.leftovers) == (1, 1, 2)
        assert {str(p.relative_to(folder)) for p in folder.rglob("*")} <= {"install", "keys", "pictures"}
        with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
            await (await place.open()).get("ada", artifact_id)

    asyncio.run(story())


def test_only_its_user_may_enter_the_folder(place: Place, folder: Path) -> None:
    """Other users of the machine cannot even count the people."""
    asyncio.run(_put(place))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_install_key_is_made_once_for_its_user_alone(tmp_path: Path) -> None:
    """Processes that start together agree on one key."""
    path = tmp_path / "secrets" / "install.key"
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(load_install_key(path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 16
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["install.key"]


@pytest.mark.parametrize("text", ["", "abc", "not hexadecimal", "00" * 31, "é"])
def test_a_broken_install_key_is_never_replaced(tmp_path: Path, text: str) -> None:
    """A new key would lock every picture for ever, so the operator is asked instead."""
    path = tmp_path / "install.key"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ArtifactUnreadable, match="install_key_wrong"):
        load_install_key(path)
    assert path.read_text(encoding="utf-8") == text


def test_an_install_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The start fails with a sentence."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError, match="storage_unavailable"):
        load_install_key(tmp_path / "file" / "install.key")
