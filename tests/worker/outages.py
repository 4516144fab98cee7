"""Stores that are away for a while; what they were asked stands in `history`."""

import asyncio
from datetime import datetime

from bot.artifacts import Artifact, ArtifactStore, Kind, Removed
from bot.ledger import Leases
from bot.shoots import Checkpoint, Ending, Lane, Lease
from engine.contract.errors import HeadroomError, StorageError


class Outage:
    """What is named in `away` fails, until it is taken out."""

    def __init__(self, code: str) -> None:
        self.away: set[str] = set()
        self.history: list[str] = []
        self._code = code

    def asked(self, name: str) -> None:
        self.history.append(name)
        if name in self.away:
            raise StorageError(self._code)


class AwayPictures(Outage):
    """An `ArtifactStore` that can be away."""

    def __init__(self, pictures: ArtifactStore, *away: str) -> None:
        super().__init__("storage_unavailable")
        self.away |= set(away)
        self._pictures = pictures

    async def put(self, owner: str, data: bytes, *, kind: Kind, media_type: str, expires_at: datetime) -> Artifact:
        self.asked("put")
        return await self._pictures.put(owner, data, kind=kind, media_type=media_type, expires_at=expires_at)

    async def get(self, owner: str, artifact_id: str) -> tuple[Artifact, bytes]:
        self.asked("get")
        return await self._pictures.get(owner, artifact_id)

    async def find(self, owner: str, artifact_id: str) -> Artifact | None:
        self.asked("get")
        return await self._pictures.find(owner, artifact_id)

    async def expire(self, owner: str, artifact_id: str, at: datetime) -> None:
        self.asked("expire")
        await self._pictures.expire(owner, artifact_id, at)

    async def delete_owner(self, owner: str) -> Removed:
        return await self._pictures.delete_owner(owner)

    async def sweep(self, now: datetime) -> Removed:
        return await self._pictures.sweep(now)


class AwayLeases(Outage):
    """`Leases` of records that can be away."""

    def __init__(self, leases: Leases) -> None:
        super().__init__("records_unreachable")
        self._leases = leases
        self.before_checkpoint: list[object] = []
        """Coroutine functions to run once each, just before a checkpoint is written."""

    async def claim(self, lane: Lane, owner: str) -> Lease | None:
        self.asked("claim")
        return await self._leases.claim(lane, owner)

    async def beat(self, lease: Lease) -> Lease | None:
        self.asked("beat")
        return await self._leases.beat(lease)

    async def checkpoint(self, lease: Lease, made: Checkpoint) -> bool:
        while self.before_checkpoint:
            act = self.before_checkpoint.pop(0)
            assert asyncio.iscoroutinefunction(act)
            await act()
        self.asked("checkpoint")
        return await self._leases.checkpoint(lease, made)

    async def finish(self, lease: Lease, ending: Ending) -> bool:
        self.asked("finish")
        return await self._leases.finish(lease, ending)

    async def give_back(self, lease: Lease, error: HeadroomError | None = None) -> bool:
        self.asked("give_back")
        return await self._leases.give_back(lease, error)
