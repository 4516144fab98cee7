"""How a picture is laid out in one stored object: mark, box of facts of a fixed size, box of the picture.

The facts stand in front, so that a sweep reads half a kilobyte of each object; they are sealed, so that nobody else learns
even the kind; and they are their own box, so that a new expiry does not touch the picture.
"""

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from adapters.storage.seals import BOX_BYTES, PersonSeal
from bot.artifacts import Artifact
from engine.contract.errors import ArtifactUnreadable

MARK = b"HRO1"
_FACTS_BYTES = 512 - len(MARK) - BOX_BYTES
HEAD_BYTES = 512
"""What has to be read to know the facts."""
_TIMES = ("created_at", "expires_at")


def _head(seal: PersonSeal, artifact: Artifact) -> bytes:
    """Mark and box of facts, always HEAD_BYTES long. The owner is not among the facts: who asks has to know."""
    facts = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(artifact).items()}
    plain = json.dumps({k: v for k, v in facts.items() if k not in ("id", "owner")}).encode()
    if len(plain) > _FACTS_BYTES:
        raise ValueError("the media type is too long")
    return MARK + seal.close(plain.ljust(_FACTS_BYTES), artifact.id, "facts")


def to_object(seal: PersonSeal, artifact: Artifact, data: bytes) -> bytes:
    """The whole object."""
    return _head(seal, artifact) + seal.close(data, artifact.id, "picture")


def with_facts(seal: PersonSeal, artifact: Artifact, stored: bytes) -> bytes:
    """The object with other facts, its picture untouched."""
    return _head(seal, artifact) + stored[HEAD_BYTES:]


def facts_of(seal: PersonSeal, owner: str, artifact_id: str, stored: bytes) -> Artifact:
    """The facts at the front of an object; raises ArtifactUnreadable."""
    if not stored.startswith(MARK):
        raise ArtifactUnreadable("artifact_damaged")
    facts = json.loads(seal.open(stored[len(MARK) : HEAD_BYTES], artifact_id, "facts"))
    facts |= {name: datetime.fromisoformat(facts[name]) for name in _TIMES}
    return Artifact(id=artifact_id, owner=owner, **facts)


def picture_of(seal: PersonSeal, owner: str, artifact_id: str, stored: bytes) -> tuple[Artifact, bytes]:
    """Facts and picture of a whole object; raises ArtifactUnreadable."""
    artifact = facts_of(seal, owner, artifact_id, stored)
    data = seal.open(stored[HEAD_BYTES:], artifact_id, "picture")
    if sha256(data).hexdigest() != artifact.sha256:
        raise ArtifactUnreadable("artifact_damaged")
    return artifact, data
