"""Safe decoding: strangers' bytes become plain pixels in a throw-away process, one answer per photo whatever happens.

Formats: JPEG (MPO included), PNG, WebP, HEIC, AVIF. Done on the way: EXIF orientation, ICC profile → sRGB, CMYK, 16-bit grey,
transparency on white. The picture is rebuilt from raw RGB bytes, so nothing of the file but its pixels gets past here.
"""

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Final

import numpy as np

from engine.contract.errors import PersonError
from engine.contract.pixels import Rgb8
from engine.contract.selfies import Photo
from engine.intake.containers import PHOTOS, Container, container
from engine.intake.decoder_child import ANSWERS, Orders


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one photo may cost."""

    megabytes: int = 25
    megapixels: int = 64
    """Phones reach 50 in their normal modes."""
    aspect: float = 4.0
    """Long side / short side; a head and shoulders never need more."""
    long_side_px: int = 3072
    """Larger photos are shrunk to it. Carries a sharp headshot of 2048 px when the sitter fills two thirds of the photo."""
    memory_mb: int = 1536
    cpu_s: int = 10
    wall_s: float = 15.0


LIMITS: Final = DecodeLimits()

_REFUSED_CONTAINERS: Final[dict[Container, str]] = {
    "other_picture": "photo_format_unsupported",
    "drawing": "photo_is_a_drawing",
    "web_page": "photo_is_a_web_page",
    "video": "photo_is_a_video",
    "unknown": "photo_is_no_picture",
}
_CHILD: Final = Path(__file__).with_name("decoder_child.py")


def decode(photos: Sequence[Photo], limits: DecodeLimits = LIMITS) -> Iterator[Rgb8 | PersonError]:
    """Pixels (uint8 [H, W, 3], sRGB, upright) or the reason of refusal, one per photo in their order.

    One process serves all photos; when it dies or hangs, that photo gets its own error and the next one a new process.
    Lazy: a photo is decoded when its answer is asked for. Closing the iterator ends the process.
    """
    child: _Child | None = None
    heif = any(container(photo.data) == "heif" for photo in photos)
    try:
        for photo in photos:
            refusal = _refusal_before_opening(photo.data, limits)
            if refusal is not None:
                yield refusal
                continue
            child = child or _Child(limits, heif)
            answer = child.decode(photo.data)
            if not child.alive:
                child.close()
                child = None
            yield answer
    finally:
        if child is not None:
            child.close()


def _refusal_before_opening(data: bytes, limits: DecodeLimits) -> PersonError | None:
    if not data:
        return PersonError("photo_empty")
    if len(data) > limits.megabytes * 1_000_000:
        return PersonError("photo_too_heavy", megabytes=round(len(data) / 1e6), limit=limits.megabytes)
    kind = container(data)
    return None if kind in PHOTOS else PersonError(_REFUSED_CONTAINERS[kind])


class _Child:
    """One throw-away process; `alive` turns False when it crashed or was killed for taking too long."""

    def __init__(self, limits: DecodeLimits, heif: bool) -> None:
        orders = Orders(
            paths=[path for path in sys.path if path],
            heif=heif,
            max_pixels=limits.megapixels * 1_000_000,
            max_aspect=limits.aspect,
            long_side_px=limits.long_side_px,
            memory_mb=limits.memory_mb,
            cpu_s=limits.cpu_s,
        )
        command = [sys.executable, "-I", "-S", "-B", str(_CHILD), json.dumps(orders._asdict())]
        self.alive = True
        self._limits = limits
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env={}
        )

    def decode(self, data: bytes) -> Rgb8 | PersonError:
        late = Timer(self._limits.wall_s, self._process.kill)
        late.start()
        try:
            return self._exchange(data)
        except (BrokenPipeError, EOFError):
            self.alive = False
            return PersonError("photo_damaged" if late.is_alive() else "photo_takes_too_long")
        finally:
            late.cancel()
            late.join()

    def _exchange(self, data: bytes) -> Rgb8 | PersonError:
        process_in, process_out = self._process.stdin, self._process.stdout
        assert process_in is not None
        assert process_out is not None
        _write_all(process_in, struct.pack(">I", len(data)) + data)
        said, width, height = struct.unpack(">BII", _read_exactly(process_out, 9))
        if not 0 <= said < len(ANSWERS):
            raise EOFError
        if ANSWERS[said] != "ok":
            return _refusal(ANSWERS[said], width, height, self._limits)
        if not 0 < max(width, height) <= self._limits.long_side_px or not min(width, height):
            raise EOFError  # a parser that was taken over cannot make us hold more than a photo
        pixels = np.frombuffer(_read_exactly(process_out, width * height * 3), np.uint8)
        return pixels.reshape(height, width, 3)

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.kill()
        self._process.wait()


def _refusal(code: str, width: int, height: int, limits: DecodeLimits) -> PersonError:
    if code == "photo_too_many_pixels":
        return PersonError(code, megapixels=round(width * height / 1e6) or "very many", limit=limits.megapixels)
    return PersonError(code)


def _write_all(pipe: IO[bytes], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _read_exactly(pipe: IO[bytes], count: int) -> bytearray:
    """Raises EOFError when the other end closes before."""
    data = bytearray(count)
    rest = memoryview(data)
    while rest:
        got = pipe.readinto(rest)  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        rest = rest[got:]
    return data
