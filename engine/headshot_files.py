"""Headshots as files: JPEG, PNG and WebP with an sRGB profile and provenance, and no other metadata.

The command line and the engine process both take theirs from here: the same headshot is the same file, to the byte.
"""

import io
from functools import cache

from PIL import Image, ImageCms, PngImagePlugin

from engine.contract.pixels import Rgb8
from engine.contract.shots import FileFormat, Shot
from engine.provenance import to_xmp

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


def to_file(rgb: Rgb8, shot: Shot, file_format: FileFormat) -> bytes:
    """The file of a headshot. PNG keeps every pixel; JPEG is at quality 95 without colour subsampling, WebP at 95."""
    image, xmp = Image.fromarray(rgb), to_xmp(shot)
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
