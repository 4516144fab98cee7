"""The selfies of an order: fetched for the engine, kept a while after a shoot, destroyed when they were refused."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from bot.payloads import SelfieRef
from bot.people import Person
from engine.contract.errors import ArtifactUnreadable, PersonError, StorageError
from engine.contract.selfies import Photo
from engine.worker.parts import Parts
from engine.worker.patience import patiently


class NotNow(Exception):
    """The picture store is away, and nothing was begun yet: the start does not count."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def fetched(parts: Parts, person: Person, refs: Sequence[SelfieRef]) -> tuple[tuple[SelfieRef, Photo], ...]:
    """Those that are still there: some may have expired or been deleted since the order. Raises NotNow."""
    found = []
    for ref in refs:
        try:
            _, data = await patiently(partial(parts.pictures.get, person.key, ref.artifact), parts.patience())
        except ArtifactUnreadable:
            continue
        except StorageError as error:
            raise NotNow(error.code) from error
        found.append((ref, Photo(ref.name, data)))
    return tuple(found)


async def photos_of(parts: Parts, person: Person, refs: Sequence[SelfieRef]) -> tuple[Photo, ...]:
    """Selfies for a shoot. Raises PersonError when none is left, and NotNow."""
    photos = tuple(photo for _, photo in await fetched(parts, person, refs))
    if not photos:
        raise PersonError("selfies_gone")
    return photos


async def reference_of(parts: Parts, person: Person, ref: SelfieRef | None) -> Photo | None:
    """The picture whose look is wanted, if one is. Raises PersonError when it is gone, and NotNow."""
    if ref is None:
        return None
    for _, photo in await fetched(parts, person, (ref,)):
        return photo
    raise PersonError("reference_gone")


async def expire(parts: Parts, person: Person, artifact: str, at: datetime) -> None:
    """Move an expiry; nothing to do for a picture that is gone. Raises StorageError when the store stays away."""
    with suppress(ArtifactUnreadable):
        await patiently(lambda: parts.pictures.expire(person.key, artifact, at), parts.patience())
