"""The throw-away process in which strangers' bytes are parsed. Run as a script by `decode`; imports nothing of Headroom and no numpy.

Before the first byte is parsed it gives up memory, CPU time, file writing and every file descriptor but its three pipes,
so that neither a file nor a socket can be opened from here. A crash or a hang costs one photo and this process.

Arguments: `Orders` as JSON. On stdin, per photo: u32 length, bytes. On stdout: u8 answer (index into `ANSWERS`), u32 width,
u32 height; after "ok" follow width × height × 3 bytes, RGB in sRGB. With a refusal for size, width and height are what the file claims.
"""

import contextlib
import importlib
import io
import json
import resource
import struct
import sys
import warnings
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

ANSWERS = (
    "ok",
    "photo_damaged",
    "photo_animated",
    "photo_too_many_pixels",
    "photo_odd_shape",
    "photo_needs_too_much_memory",
)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
"""JPEG covers MPO. What is not named here is never offered to its parser, PostScript first of all."""

PARSERS = (
    "AvifImagePlugin",
    "ImageCms",
    "ImageOps",
    "ImagePalette",
    "JpegImagePlugin",
    "MpoImagePlugin",
    "PngImagePlugin",
    "TiffImagePlugin",  # reads EXIF
    "WebPImagePlugin",
)
MALFORMED = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    EOFError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What the parsers raise for malformed files. Anything else ends this process, and the photo is called damaged all the same."""


class Orders(NamedTuple):
    """What the parent allows."""

    paths: list[str]
    """Where Python finds packages; this process runs without environment and site."""
    heif: bool
    """Load the HEIF library: only then its code is in reach of the bytes."""
    max_pixels: int
    max_aspect: float
    long_side_px: int
    memory_mb: int
    cpu_s: int


class Refused(Exception):
    """The photo is not taken; `size` is what the file claims."""

    def __init__(self, answer: str, size: tuple[int, int] = (0, 0)) -> None:
        super().__init__(answer)
        self.answer = answer
        self.size = size


def give_up_rights(orders: Orders) -> None:
    """Cap memory, file writing and descriptors for good. A limit that a system does not know is left out."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_AS, orders.memory_mb * 2**20),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS
            resource.setrlimit(limit, (value, value))


def allow_cpu(seconds: int) -> None:
    """From now on at most this much CPU time; past it the system kills the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def decoded(data: bytes, orders: Orders) -> "Picture":
    """The photo upright, in sRGB, at most `long_side_px` long."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as photo:
        warnings.simplefilter("ignore")
        width, height = photo.size
        if width * height > orders.max_pixels:
            raise Refused("photo_too_many_pixels", photo.size)
        if max(width, height) > orders.max_aspect * min(width, height):
            raise Refused("photo_odd_shape", photo.size)
        if getattr(photo, "is_animated", False) and photo.format not in ("MPO", "HEIF"):
            raise Refused(
                "photo_animated"
            )  # MPO and HEIF hold further pictures of the same moment; the first is the photo
        shrink = min(1.0, orders.long_side_px / max(width, height))
        if photo.format in ("JPEG", "MPO"):
            photo.draft(None, (round(width * shrink), round(height * shrink)))
        picture = ImageOps.exif_transpose(photo)
        profile = photo.info.get("icc_profile")
    picture = evened(picture)
    if shrink < 1.0:
        width, height = picture.size
        k = orders.long_side_px / max(width, height)
        small = (max(1, round(width * k)), max(1, round(height * k)))
        picture = picture.resize(small, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return on_white(to_srgb(picture, profile))


def evened(picture: "Picture") -> "Picture":
    """The same picture in one of the modes L, RGB, RGBA, CMYK: 8 bits a channel, scaled and not clipped, no palette."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return picture.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if picture.mode in ("L", "RGB", "CMYK") and "transparency" not in picture.info:
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def to_srgb(picture: "Picture", profile: bytes | None) -> "Picture":
    """RGB or RGBA in sRGB. A profile that is broken or of another colour model counts as absent, as in browsers."""
    from PIL import ImageCms

    keeps_alpha = picture.mode == "RGBA"
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            out = ImageCms.profileToProfile(
                picture,
                source,
                ImageCms.createProfile("sRGB"),
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGBA" if keeps_alpha else "RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            if out is not None:
                return out
    return picture if keeps_alpha else picture.convert("RGB")


def on_white(picture: "Picture") -> "Picture":
    """Transparent parts become white paper."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, (255, 255, 255))
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def answer(data: bytes, orders: Orders) -> tuple[str, tuple[int, int], bytes]:
    """Answer, size and, after "ok", raw pixels: nothing else of the file goes further."""
    from PIL import Image

    try:
        picture = decoded(data, orders)
        return "ok", picture.size, picture.tobytes()
    except Refused as refusal:
        return refusal.answer, refusal.size, b""
    except Image.DecompressionBombError:
        return "photo_too_many_pixels", (0, 0), b""
    except MemoryError:
        return "photo_needs_too_much_memory", (0, 0), b""
    except MALFORMED:
        return "photo_damaged", (0, 0), b""


def load_parsers(orders: Orders) -> None:
    """Import everything now: afterwards no file can be opened, not even a module of Pillow."""
    from PIL import Image

    for module in PARSERS:
        importlib.import_module(f"PIL.{module}")
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = (
        orders.max_pixels
    )  # an error at twice this; ours comes at once, this one guards inner pictures
    if orders.heif:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)


def main() -> None:
    """Serve photos until stdin ends."""
    orders = Orders(**json.loads(sys.argv[1]))
    sys.path[:] = orders.paths
    load_parsers(orders)
    give_up_rights(orders)
    photos, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := photos.read(4)) == 4:
        allow_cpu(orders.cpu_s)
        said, size, pixels = answer(photos.read(*struct.unpack(">I", head)), orders)
        answers.write(struct.pack(">BII", ANSWERS.index(said), *size))
        answers.write(pixels)
        answers.flush()


if __name__ == "__main__":
    main()
