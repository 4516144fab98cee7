"""The `ArtifactStore` on a shelf: a folder and a bucket differ in nothing here.

    install                     tells whether the install key is the right one
    keys/<person>/wrapped       the person's key, wrapped by the install key
    pictures/<person>/<id>      see `objects`

Keys are read for every call and kept by none, so that a key destroyed by one process is gone for all of them at once.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, TypeVar

from adapters.storage.objects import HEAD_BYTES, facts_of, picture_of, to_object, with_facts
from adapters.storage.seals import InstallSeal, PersonSeal
from adapters.storage.shelf import Entry, Shelf
from bot.artifacts import Artifact, Kind, Removed
from engine.contract.errors import ArtifactUnreadable

INSTALL, KEYS, PICTURES = "install", "keys", "pictures"
ABANDONED = timedelta(hours=1)
"""A file that is half-written for so long has no writer any more."""
DAMAGED_KEPT = timedelta(days=30)
"""An object whose facts cannot be read is kept for so long after it was written, in case a key comes back from a backup."""
_AT_ONCE = 16
_EVER = datetime.max.replace(tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{32}")
_OURS = re.compile(rf"{PICTURES}/[0-9a-f]{{32}}/[0-9a-f]{{32}}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
_In = TypeVar("_In")
_Out = TypeVar("_Out")


async def open_pictures(shelf: Shelf, install_key: bytes, now: Callable[[], datetime]) -> "Pictures":
    """The store on a shelf; raises ArtifactUnreadable `install_key_wrong` when it was first used with another key."""
    seal = InstallSeal(install_key)
    check = await shelf.read(INSTALL)
    if check is None:
        await shelf.write(INSTALL, seal.new_check(), new=True)
        check = await shelf.read(INSTALL)
    seal.check(check or b"")
    return Pictures(shelf, seal, now)


class Pictures:
    """Encrypted pictures on a shelf; made by `open_pictures`."""

    def __init__(self, shelf: Shelf, seal: InstallSeal, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._seal = seal
        self._now = now

    async def put(self, owner: str, data: bytes, *, kind: Kind, media_type: str, expires_at: datetime) -> Artifact:
        """Store a picture, or move the expiry of the same one to later. Heals an object that was damaged."""
        now = self._now()
        if expires_at <= now:
            raise ValueError("a picture cannot expire before it is stored")
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise ValueError("not a media type")
        wrapped, person = await self._person_for_writing(owner)
        digest = (await asyncio.to_thread(sha256, data)).hexdigest()
        artifact_id = person.artifact_id(kind, media_type, digest)
        artifact = Artifact(artifact_id, owner, kind, media_type, len(data), digest, now, expires_at)
        stored = await asyncio.to_thread(to_object, person, artifact, data)
        path = _picture(person.name, artifact_id)
        if not await self._shelf.write(path, stored, new=True):
            try:
                earlier, _, _ = await self._load(person, owner, artifact_id)
            except ArtifactUnreadable:
                await self._shelf.write(path, stored)
            else:
                if earlier.expires_at >= expires_at:
                    return earlier
                artifact = replace(earlier, expires_at=expires_at)
                await self._shelf.write(path, with_facts(person, artifact, stored))
        await self._insist(person, path, wrapped)
        return artifact

    async def get(self, owner: str, artifact_id: str) -> tuple[Artifact, bytes]:
        """A picture and its facts."""
        _, person = await self._person_for_reading(owner)
        artifact, data, _ = await self._load(person, owner, artifact_id)
        return artifact, data

    async def find(self, owner: str, artifact_id: str) -> Artifact | None:
        """Its facts; reads the first 512 bytes."""
        try:
            _, person = await self._person_for_reading(owner)
            head = await self._shelf.read(_picture(person.name, artifact_id), HEAD_BYTES)
            artifact = None if head is None else facts_of(person, owner, artifact_id, head)
        except ArtifactUnreadable:
            return None
        return artifact if artifact is not None and artifact.expires_at > self._now() else None

    async def expire(self, owner: str, artifact_id: str, at: datetime) -> None:
        """Move an expiry; a time that has come destroys the picture at once, also one that cannot be read any more."""
        wrapped, person = await self._person_for_reading(owner)
        path = _picture(person.name, artifact_id)
        if at <= self._now():
            if await self._shelf.read(path, HEAD_BYTES) is None:
                raise ArtifactUnreadable("artifact_missing")
            await self._shelf.remove(path)
            return
        artifact, _, stored = await self._load(person, owner, artifact_id)
        await self._shelf.write(path, with_facts(person, replace(artifact, expires_at=at), stored))
        await self._insist(person, path, wrapped)

    async def delete_owner(self, owner: str) -> Removed:
        """Destroy the key, half-written copies of it included, then the pictures."""
        name = self._seal.name_of(owner)
        keys = await self._remove(await self._shelf.entries(f"{KEYS}/{name}"))
        staged = await self._shelf.clear_staged(f"{KEYS}/{name}", _EVER)
        pictures = await self._remove(await self._shelf.entries(f"{PICTURES}/{name}"))
        staged += await self._shelf.clear_staged(f"{PICTURES}/{name}", _EVER)
        return Removed(len(pictures), len(keys), len(staged), sum(keys) + sum(pictures) + sum(staged))

    async def sweep(self, now: datetime) -> Removed:
        """Destroy what has expired, what lost its key, and what was never finished."""
        entries = [entry for entry in await self._shelf.entries(PICTURES) if _OURS.fullmatch(entry.path)]
        names = sorted({_parts(entry)[0] for entry in entries})
        wrapped = dict(zip(names, await _each(names, lambda name: self._shelf.read(_key(name))), strict=True))
        fates = await _each(entries, lambda entry: self._fate(entry, wrapped[_parts(entry)[0]], now))
        expired = await self._remove([e for e, fate in zip(entries, fates, strict=True) if fate == "expired"])
        leftovers = await self._remove([e for e, fate in zip(entries, fates, strict=True) if fate == "lost"])
        leftovers += await self._shelf.clear_staged("", now - ABANDONED)
        return Removed(len(expired), 0, len(leftovers), sum(expired) + sum(leftovers))

    async def _fate(self, entry: Entry, wrapped: bytes | None, now: datetime) -> Literal["alive", "expired", "lost"]:
        if wrapped is None:  # keys are written before pictures, so this one was destroyed
            return "lost"
        name, artifact_id = _parts(entry)
        try:
            head = await self._shelf.read(entry.path, HEAD_BYTES) or b""
            artifact = facts_of(self._seal.unwrap(wrapped, name), "", artifact_id, head)
        except ArtifactUnreadable:
            return "lost" if entry.written_at <= now - DAMAGED_KEPT else "alive"
        return "expired" if artifact.expires_at <= now else "alive"

    async def _remove(self, entries: Sequence[Entry]) -> list[int]:
        """Sizes of those that were still there."""
        removed = await _each(entries, lambda entry: self._shelf.remove(entry.path))
        return [entry.size_bytes for entry, done in zip(entries, removed, strict=True) if done]

    async def _load(self, person: PersonSeal, owner: str, artifact_id: str) -> tuple[Artifact, bytes, bytes]:
        """Facts, picture, and the object as stored; raises ArtifactUnreadable."""
        stored = await self._shelf.read(_picture(person.name, artifact_id))
        if stored is None:
            raise ArtifactUnreadable("artifact_missing")
        artifact, data = await asyncio.to_thread(picture_of, person, owner, artifact_id, stored)
        if artifact.expires_at <= self._now():
            raise ArtifactUnreadable("artifact_missing")
        return artifact, data, stored

    async def _person_for_reading(self, owner: str) -> tuple[bytes, PersonSeal]:
        """Wrapped key and seal; whoever has none has no pictures."""
        name = self._seal.name_of(owner)
        wrapped = await self._shelf.read(_key(name))
        if wrapped is None:
            raise ArtifactUnreadable("artifact_missing")
        return wrapped, self._seal.unwrap(wrapped, name)

    async def _person_for_writing(self, owner: str) -> tuple[bytes, PersonSeal]:
        """Wrapped key and seal. Whoever makes the key first wins; the others take it."""
        name = self._seal.name_of(owner)
        if await self._shelf.read(_key(name)) is None:
            await self._shelf.write(_key(name), self._seal.new_key(name), new=True)
        return await self._person_for_reading(owner)

    async def _insist(self, person: PersonSeal, path: str, wrapped: bytes) -> None:
        """A write that crossed a `delete_owner` leaves nothing: the key it used must still be there."""
        if await self._shelf.read(_key(person.name)) != wrapped:
            await self._shelf.remove(path)
            raise ArtifactUnreadable("artifact_missing")


def _key(name: str) -> str:
    return f"{KEYS}/{name}/wrapped"


def _picture(name: str, artifact_id: str) -> str:
    """Path of a picture. An id that we did not make is nobody's, whatever path it would like to be."""
    if not _ID.fullmatch(artifact_id):
        raise ArtifactUnreadable("artifact_missing")
    return f"{PICTURES}/{name}/{artifact_id}"


def _parts(entry: Entry) -> tuple[str, str]:
    """Name of the person and id of the picture."""
    _, name, artifact_id = entry.path.split("/")
    return name, artifact_id


async def _each(items: Sequence[_In], work: Callable[[_In], Awaitable[_Out]]) -> list[_Out]:
    """Work on all, a few at once; answers in order."""
    done: list[_Out] = []
    for start in range(0, len(items), _AT_ONCE):
        done += await asyncio.gather(*(work(item) for item in items[start : start + _AT_ONCE]))
    return done
