"""What stands in Redis, to the byte: JSON, checked on the way in.

Pickle, the default of arq, would run what anybody with access to Redis wrote there. And some fields of a job reach
arithmetic outside the `try` of arq 0.28 (`t`, `et`), where a wrong type would end the worker at every start; so a job that
is not exactly ours is refused here, where arq counts it as failed and goes on.
"""

import json
from typing import Any

from redis.typing import EncodableT, FieldT

from bot.doorbell import Progress, require_opaque

FUNCTION = "answer"
"""Name of the only function that a ring can call."""

LARGEST_BYTES = 256
"""A ring has about 110."""
LATEST_MS = 4_102_444_800_000
"""Year 2100."""


def pack_job(job: dict[str, Any]) -> bytes:
    """A job or a result of arq as JSON; an exception becomes the name of its class, so that no message of it is kept."""
    return json.dumps(job, separators=(",", ":"), default=_class_name).encode()


def unpack_job(packed: bytes) -> dict[str, Any]:
    """A ring as arq 0.28 wants it: f function, a arguments, k keywords, t try, et ms. Raises ValueError on anything else."""
    if len(packed) > LARGEST_BYTES:
        raise ValueError("a ring is small")
    try:
        job = json.loads(packed)
    except RecursionError as error:
        raise ValueError("a ring is flat") from error
    match job:
        case {"f": str(f), "a": [str(shoot_id)], "k": {**k}, "t": int() | None as t, "et": int(et), **rest}:
            known = f == FUNCTION and not k and not rest and 0 <= (t or 0) < 1000 and 0 <= et <= LATEST_MS
            if known and not isinstance(t, bool) and not isinstance(et, bool):
                return {"f": f, "a": (require_opaque(shoot_id),), "k": {}, "t": t, "et": et}
    raise ValueError("this is not a ring")


def pack_progress(progress: Progress) -> dict[FieldT, EncodableT]:
    """Fields of an entry of the stream; the shoot id stands in the key."""
    at_ms = round(progress.at * 1000)
    return {"stage": progress.stage, "done": progress.done, "total": progress.total, "at_ms": at_ms}


def unpack_progress(shoot_id: str, fields: dict[bytes, bytes]) -> Progress | None:
    """None when the entry is not ours."""
    try:
        done, total, at_ms = (int(fields[name]) for name in (b"done", b"total", b"at_ms"))
        return Progress(shoot_id, fields[b"stage"].decode(), done, total, at_ms / 1000)
    except (KeyError, ValueError, OverflowError):
        return None


def _class_name(thing: object) -> str:
    if isinstance(thing, BaseException):
        return type(thing).__name__
    raise TypeError(f"{type(thing).__name__} has no place in Redis")
