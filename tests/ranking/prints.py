"""Headshots for tests: the portrait in a frame, shots around it, and the many ways to spoil a print."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from engine.colour import decode8, encode
from engine.contract.crops import CROPS
from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.contract.shots import Candidate, Prompt, Shot
from engine.contract.styles import Backdrop, CropName, Grade, Light
from engine.faces.analyzer import MeshFaceAnalyzer
from tests.identity.sitters import portrait

_SKULL = 1.32


@cache
def headshot(crop: CropName = "classic", height_px: int = 480) -> Rgb8:
    """The portrait framed as the crop plans it."""
    rgb, face = portrait()
    plan = CROPS[crop]
    height = face.height_px * _SKULL / plan.head
    x, y = face.points[:2].mean(0)
    left, top = float(x) - plan.aspect * height / 2, float(y) - plan.eye_line * height
    step = height / height_px
    matrix = np.array([[step, 0, left], [0, step, top]])
    size = (round(height_px * plan.aspect), height_px)
    flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(rgb, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def only_face(rgb: Rgb8) -> Face:
    """The largest face."""
    return MeshFaceAnalyzer().faces(rgb)[0]


def lit(rgb: Rgb8, *gains: float) -> Rgb8:
    """Linear light times one gain, or one for each of red, green and blue."""
    return np.asarray(np.clip(encode(np.minimum(decode8(rgb) * np.float32(gains), 1)) * 255 + 0.5, 0, 255), np.uint8)


def soft(rgb: Rgb8, share_of_face: float) -> Rgb8:
    """Gaussian blur."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), share_of_face * only_face(rgb).height_px), np.uint8)


def noisy(rgb: Rgb8, sigma: float) -> Rgb8:
    """Grain of this many grey levels."""
    grain = np.random.default_rng(4).normal(0, sigma, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def moved(rgb: Rgb8, right: float = 0.0, down: float = 0.0, tilt_deg: float = 0.0) -> Rgb8:
    """Shifted by shares of the frame and turned; the rim is repeated."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height * 0.42), tilt_deg, 1.0)
    matrix[:, 2] += (right * width, down * height)
    return np.asarray(cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def recompressed(rgb: Rgb8, quality: int) -> Rgb8:
    """Through JPEG."""
    data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def shrunk(rgb: Rgb8, factor: int) -> Rgb8:
    """Reduced and enlarged again."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def spoiled(rgb: Rgb8) -> dict[str, Rgb8]:
    """Every fault that the ranking must see, by name."""
    return {
        "blurred": soft(rgb, 0.012),
        "very blurred": soft(rgb, 0.02),
        "grainy": noisy(rgb, 12),
        "very grainy": noisy(rgb, 24),
        "one stop dark": lit(rgb, 0.5),
        "one stop bright": lit(rgb, 2.0),
        "warm": lit(rgb, 1.35, 1.0, 0.55),
        "blue": lit(rgb, 0.7, 1.0, 1.5),
        "green": lit(rgb, 0.85, 1.15, 0.85),
        "tilted": moved(rgb, tilt_deg=18),
        "off-centre": moved(rgb, right=0.18),
        "low": moved(rgb, down=0.16),
        "over-compressed": recompressed(rgb, 10),
        "enlarged": shrunk(rgb, 4),
    }


def shot(number: int = 0, **changes: object) -> Shot:
    """A plan; the number becomes its id and seed."""
    plain = Shot(
        id=f"{number:012x}",
        seed=number,
        selfie_id="only",
        style="corporate",
        crop="classic",
        light=Light("loop"),
        backdrop=Backdrop("slate", "gradient", ("#8f969e", "#3c4148")),
        grade=Grade(),
        polish=0.4,
        wardrobe="own",
        prompt=Prompt("", "", ""),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def candidate(rgb: Rgb8, number: int = 0, framing: dict[str, float] | None = None, **changes: object) -> Candidate:
    """A rendered picture of a plan."""
    return Candidate(shot(number, **changes), rgb, 0.97, 1024, framing or {})
