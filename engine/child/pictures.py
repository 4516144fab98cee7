"""Finished headshots as files: the best quality that each format has, the sRGB profile, and nothing else beside the pixels."""

import io
import struct

from PIL import Image, ImageCms

from engine.contract.pixels import Rgb8
from engine.contract.shots import FileFormat


def encoded(rgb: Rgb8, file_format: FileFormat) -> bytes:
    """Bytes of a picture file. PNG keeps every pixel; JPEG is at quality 95 without colour subsampling, WebP at 95."""
    out, profile = io.BytesIO(), _srgb_profile()
    picture = Image.fromarray(rgb)
    match file_format:
        case "jpeg":
            picture.save(out, "JPEG", quality=95, subsampling=0, optimize=True, icc_profile=profile)
        case "png":
            picture.save(out, "PNG", compress_level=6, icc_profile=profile)
        case "webp":
            picture.save(out, "WEBP", quality=95, method=4, icc_profile=profile)
    return out.getvalue()


def _srgb_profile() -> bytes:
    """With a fixed date in its header (ICC.1:2022, 7.2.8): the same pixels make the same file."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2020, 1, 1, 0, 0, 0)
    return bytes(profile)
