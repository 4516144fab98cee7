"""What crosses the pipe: a JSON head and raw bytes, each with its length before it.

Not pickle, which runs what it reads: selfies are strangers' bytes, and a process that they have taken over must not be able to
take over the one that holds the queue. Not msgpack either: it would be one more package for heads of a few hundred bytes, and
pictures travel raw in both cases. On the wire: u32 length of the head, head (UTF-8), blobs one after another; the head's
"blobs" holds their lengths.
"""

import json
import struct
from asyncio import StreamReader
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import IO, Any, Final

import numpy as np

_MOST_HEAD_BYTES: Final = 8 * 2**20
_MOST_BLOB_BYTES: Final = 512 * 2**20
"""Of all blobs together: twenty photos of the largest size that is accepted."""
_LENGTH: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: str
    facts: Mapping[str, Any]
    """JSON-ready, or records of `engine.contract` without pictures."""
    blobs: tuple[bytes, ...] = ()


def packed(frame: Frame) -> bytes:
    """The frame as it goes over the wire."""
    head = {"kind": frame.kind, "facts": frame.facts, "blobs": [len(blob) for blob in frame.blobs]}
    data = json.dumps(head, default=_plain).encode()
    return b"".join((_LENGTH.pack(len(data)), data, *frame.blobs))


def read_frame(pipe: IO[bytes]) -> Frame:
    """The next frame of a blocking pipe. Raises EOFError when the other end closes, ValueError when it sends nonsense."""
    head = _head(_exactly(pipe, _head_length(_exactly(pipe, _LENGTH.size))))
    return Frame(head["kind"], head["facts"], tuple(_exactly(pipe, length) for length in head["blobs"]))


async def hear_frame(stream: StreamReader) -> Frame:
    """The next frame of a stream. Raises EOFError (IncompleteReadError) when the other end closes, ValueError for nonsense."""
    head = _head(await stream.readexactly(_head_length(await stream.readexactly(_LENGTH.size))))
    return Frame(head["kind"], head["facts"], tuple([await stream.readexactly(length) for length in head["blobs"]]))


def _head_length(data: bytes) -> int:
    (length,) = _LENGTH.unpack(data)
    if length > _MOST_HEAD_BYTES:
        raise ValueError("head too long")
    return int(length)


def _head(data: bytes) -> dict[str, Any]:
    head = json.loads(data)
    match head:
        case {"kind": str(), "facts": dict(), "blobs": [*lengths]} if all(
            type(length) is int and length >= 0 for length in lengths
        ):
            if sum(lengths) > _MOST_BLOB_BYTES:
                raise ValueError("blobs too long")
            return dict(head)
        case _:
            raise ValueError("no head")


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot cross the pipe")
