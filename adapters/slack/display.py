"""Pictures for messages: smaller copies that say nothing but what is to be seen. The originals go out as files."""

import io

import pillow_heif
from PIL import Image, ImageOps

from adapters.slack.limits import PICTURE_PX, PICTURE_QUALITY

MEGAPIXELS = 60
"""More is not opened: nothing of ours is so large."""


def display_jpeg(data: bytes) -> bytes | None:
    """A JPEG in the colours of the original, upright, without any other metadata; None when these bytes cannot be drawn.

    Takes tens of milliseconds: not for the event loop.
    """
    pillow_heif.register_heif_opener()
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MEGAPIXELS * 1e6:
                return None
            opened.draft("RGB", (PICTURE_PX, PICTURE_PX))
            picture = ImageOps.exif_transpose(opened)
            profile = opened.info.get("icc_profile") if opened.mode == "RGB" else None
            picture.thumbnail((PICTURE_PX, PICTURE_PX), Image.Resampling.LANCZOS)
            drawn, out = _opaque(picture), io.BytesIO()
            drawn.info.clear()  # Pillow would write comments of the original
            drawn.save(out, "JPEG", quality=PICTURE_QUALITY, subsampling=0, icc_profile=profile)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, as paper would be."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    sheet = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(sheet, picture.convert("RGBA")).convert("RGB")
