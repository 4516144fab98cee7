"""Small copies of pictures for the page, made when they are asked for and kept in memory for a little while.

Only pictures that the bot shows come here. What somebody just uploaded is drawn by their own browser, because nothing of it is
decoded before they agreed to that.
"""

import asyncio
import io
from collections import OrderedDict

import pillow_heif
from PIL import Image, ImageOps

from adapters.playground.limits import PREVIEW_MEGAPIXELS, PREVIEWS_KEPT_BYTES

_BOX = 2400
"""No preview is higher."""


class Previews:
    """A small cache by what was asked for. The caller makes sure that the original may still be seen."""

    def __init__(self) -> None:
        pillow_heif.register_heif_opener()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._one_by_one = asyncio.Semaphore(2)

    async def of(self, artifact: str, data: bytes, width_px: int) -> bytes | None:
        """A JPEG of at most this width; None when these bytes cannot be drawn."""
        key = (artifact, width_px)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        async with self._one_by_one:
            made = await asyncio.to_thread(_draw, data, width_px)
        if made is not None:
            self._kept[key] = made
            while sum(map(len, self._kept.values())) > PREVIEWS_KEPT_BYTES:
                self._kept.popitem(last=False)
        return made

    def forget(self, artifact: str) -> None:
        """The original is gone."""
        for key in [key for key in self._kept if key[0] == artifact]:
            del self._kept[key]


def _draw(data: bytes, width_px: int) -> bytes | None:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > PREVIEW_MEGAPIXELS * 1e6:
                return None
            opened.draft("RGB", (width_px, width_px))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((width_px, _BOX), Image.Resampling.LANCZOS)
            out = io.BytesIO()
            profile = picture.info.get("icc_profile")
            picture.convert("RGB").save(out, "JPEG", quality=88, subsampling=0, icc_profile=profile)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()
