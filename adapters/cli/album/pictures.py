"""Small copies of headshots, for pages."""

import io

from PIL import Image

from engine.contract.pixels import Rgb8


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
