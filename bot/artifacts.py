"""The port `ArtifactStore`: where pictures live, each with an owner and an expiry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["selfie", "reference", "candidate", "headshot", "export"]


@dataclass(frozen=True, slots=True)
class Artifact:
    """Facts about one stored picture."""

    id: str
    """32 hexadecimal digits: the same bytes of the same owner, kind and media type have the same id until the owner is
    forgotten. It tells nothing about the picture to anybody else."""
    owner: str
    """`Person.key` of the one whom it belongs to."""
    kind: Kind
    media_type: str
    """Such as image/jpeg."""
    size_bytes: int
    sha256: str
    """Of the picture's own bytes, hexadecimal."""
    created_at: datetime
    expires_at: datetime
    """From this moment on nobody gets it, whether it was swept or not."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What a clean-up destroyed."""

    artifacts: int = 0
    """Pictures."""
    keys: int = 0
    """Keys of people."""
    leftovers: int = 0
    """Half-written files, and pictures whose key had gone before them."""
    size_bytes: int = 0
    """Room that became free, as stored."""


class ArtifactStore(Protocol):
    """Keeps pictures encrypted, with a key per person. Times are aware; every method may be called again after a failure.

    All raise `StorageError`: `storage_unavailable` or `storage_full`, and `ArtifactUnreadable` where trying again is no use.
    """

    async def put(self, owner: str, data: bytes, *, kind: Kind, media_type: str, expires_at: datetime) -> Artifact:
        """Store a picture; it is there whole or not at all.

        Storing the same again changes nothing but the expiry, and that only to later.
        """
        ...

    async def get(self, owner: str, artifact_id: str) -> tuple[Artifact, bytes]:
        """A picture and its facts.

        Missing, expired, forgotten and somebody else's all raise the very same `artifact_missing`.
        """
        ...

    async def find(self, owner: str, artifact_id: str) -> Artifact | None:
        """The facts alone, without reading the picture; None where they cannot be had, as when `get` says that it is missing."""
        ...

    async def expire(self, owner: str, artifact_id: str, at: datetime) -> None:
        """Move an expiry, later or earlier; a time that has come destroys the picture at once. Raises as `get` does."""
        ...

    async def delete_owner(self, owner: str) -> Removed:
        """Forget somebody: destroy the key first, which makes every copy unreadable, then all that it locked."""
        ...

    async def sweep(self, now: datetime) -> Removed:
        """Destroy what has expired by `now`, and what interrupted calls left behind."""
        ...
