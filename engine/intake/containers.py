"""What kind of file the first bytes say it is: told before any parser runs, so that a wrong file gets the right sentence."""

from typing import Final, Literal, TypeAlias

Container: TypeAlias = Literal[
    "jpeg", "png", "webp", "heif", "avif", "other_picture", "drawing", "web_page", "video", "unknown"
]

PHOTOS: Final[frozenset[Container]] = frozenset({"jpeg", "png", "webp", "heif", "avif"})
"""Containers that are opened at all."""

_SIGNATURES: Final[tuple[tuple[bytes, Container], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "other_picture"),
    (b"BM", "other_picture"),
    (b"II*\x00", "other_picture"),  # TIFF and most camera raw files
    (b"MM\x00*", "other_picture"),
    (b"II+\x00", "other_picture"),
    (b"FUJIFILMCCD-RAW", "other_picture"),
    (b"\x00\x00\x00\x0cJXL ", "other_picture"),
    (b"\x00\x00\x00\x0cjP  ", "other_picture"),
    (b"\xff\x0a", "other_picture"),  # bare JPEG XL
    (b"8BPS", "other_picture"),
    (b"%!PS", "drawing"),
    (b"\xc5\xd0\xd3\xc6", "drawing"),  # EPS with a preview
    (b"%PDF", "drawing"),
    (b"\x1aE\xdf\xa3", "video"),  # Matroska, WebM
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def container(data: bytes) -> Container:
    """Kind of file by its first bytes; says nothing about whether the rest is whole."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF":
        return "webp" if data[8:12] == b"WEBP" else "video"
    if data[4:8] == b"ftyp":
        return _media_container(data)
    return _text_container(data)


def _media_container(data: bytes) -> Container:
    """ISO base media: stills and films share the container and differ in their brands."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[i : i + 4] for i in range(16, end, 4)}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heif" if brands & _HEIF_BRANDS else "video"


def _text_container(data: bytes) -> Container:
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start):
        return "drawing"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "web_page"
    return "unknown"
