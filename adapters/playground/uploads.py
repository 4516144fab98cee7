"""Photos that come from a page: received in pieces, never more than the limit, and locked away at once."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters.playground.cast import Actor
from adapters.playground.limits import PHOTO_BYTES, PHOTO_KEPT_S
from bot.artifacts import ArtifactStore
from bot.conversation.selfies import media_type_of
from bot.events import Attachment
from engine.contract.errors import PersonError


async def receive_photo(request: web.Request) -> bytes:
    """The body of a request. Raises PersonError "photo_too_heavy", "photo_empty"."""
    if (request.content_length or 0) > PHOTO_BYTES:
        raise _too_heavy(request.content_length or 0)
    data = bytearray()
    async for piece in request.content.iter_any():
        data += piece
        if len(data) > PHOTO_BYTES:
            raise _too_heavy(len(data))
    if not data:
        raise PersonError("photo_empty")
    return bytes(data)


async def keep_photo(pictures: ArtifactStore, actor: Actor, data: bytes) -> Attachment:
    """Put it into the picture store for a short while; the bot keeps it for longer when its owner agreed to that."""
    expires_at = datetime.now(UTC) + timedelta(seconds=PHOTO_KEPT_S)
    media_type = media_type_of(data)
    artifact = await pictures.put(actor.person.key, data, kind="selfie", media_type=media_type, expires_at=expires_at)
    return Attachment(artifact.id, media_type, len(data))


def _too_heavy(size_bytes: int) -> PersonError:
    return PersonError("photo_too_heavy", megabytes=round(size_bytes / 1e6), limit=PHOTO_BYTES // 10**6)
