"""Headshots as files: JPEG, PNG and WebP with an sRGB profile and provenance, and no other metadata."""

import io
from functools import cache

from PIL import Image, ImageCms, PngImagePlugin

from engine.contract.pixels import Rgb8
from engine.contract.shots import FileFormat

SUFFIXES: dict[FileFormat, str] = {"jpeg": "jpg", "png": "png", "webp": "webp"}
_DATE = slice(24, 36)
"""Bytes of the ICC header that hold when the profile was made (ICC.1:2022, 7.2.1)."""
_DATE_2020 = bytes((0x07, 0xE4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))


@cache
def srgb_profile() -> bytes:
    """ICC profile of sRGB with a fixed date, because the same headshot must always give the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = _DATE_2020
    return bytes(profile)


def encode(rgb: Rgb8, file_format: FileFormat, xmp: bytes) -> bytes:
    """Bytes of a picture file at the quality that print and retouching want."""
    image = Image.fromarray(rgb)
    file = io.BytesIO()
    match file_format:
        case "jpeg":
            image.save(file, "JPEG", quality=95, subsampling=0, optimize=True, icc_profile=srgb_profile(), xmp=xmp)
        case "png":
            text = PngImagePlugin.PngInfo()
            text.add_itxt("XML:com.adobe.xmp", xmp.decode())
            image.save(file, "PNG", compress_level=6, icc_profile=srgb_profile(), pnginfo=text)
        case "webp":
            image.save(file, "WEBP", quality=95, method=4, icc_profile=srgb_profile(), xmp=xmp)
    return file.getvalue()


def shrink(rgb: Rgb8, side_px: int) -> Image.Image:
    """A copy whose longer side is at most `side_px`."""
    image = Image.fromarray(rgb)
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return image


def preview(image: Image.Image, quality: int = 84) -> bytes:
    """A small JPEG for a page; sRGB is what a browser assumes."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()
