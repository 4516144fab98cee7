"""Ports of the engine: protocols of at most five methods. One test suite per port runs on every implementation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard, Identity
from engine.contract.pixels import Plane, Rgb8, Vector
from engine.contract.selfies import Selfie
from engine.contract.shots import Candidate, Shot


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a stage: `done` of `total`; total 0 = not known."""

    stage: str
    done: int
    total: int


OnStep: TypeAlias = Callable[[Step], None]
"""Called often by every stage; may raise `Cancelled`."""


class FaceAnalyzer(Protocol):
    """Finds faces."""

    def faces(self, rgb: Rgb8) -> tuple[Face, ...]:
        """All faces, the largest first."""
        ...


class FaceEmbedder(Protocol):
    """Turns a face into a vector."""

    @property
    def card(self) -> EmbedderCard:
        """Dimension, threshold and licence."""
        ...

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """Unit vector of the face; `face` is in the pixels of `rgb`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """The person cut out of one picture, on an upright square canvas around the face."""

    matrix: NDArray[np.float64]
    """[2, 3]: canvas pixels → pixels of the picture."""
    face: Face
    """The sitter's face in canvas pixels."""
    picture: Rgb8
    """The picture resampled to the canvas."""
    valid: Plane
    """0 where the canvas lies outside the picture."""
    alpha: Plane
    """Coverage by the person in [0, 1]."""
    foreground: Rgb8
    """The person's own colours at the edges, without the background's tint."""
    confidence: float
    """In [0, 1]: 1 = crisp edges everywhere, low = hair and background could hardly be told apart."""


class Matter(Protocol):
    """Cuts people out."""

    def matte(self, rgb: Rgb8, face: Face) -> Matte:
        """The person whose face this is; `face` in pixels of `rgb`."""
        ...


class Upscaler(Protocol):
    """Makes a picture larger."""

    def upscale(self, rgb: Rgb8, height_px: int) -> Rgb8:
        """Same picture at the wanted height."""
        ...


class SafetyChecker(Protocol):
    """Says whether a picture may be processed or shown."""

    def refusal(self, rgb: Rgb8) -> str | None:
        """Code of the reason to withhold, or None. A checker that cannot run raises; the caller withholds the picture."""
        ...


@dataclass(frozen=True, slots=True)
class RendererCard:
    """What a renderer can do."""

    name: str
    resolution_free: bool
    """True: a candidate can be rendered again at any height; False: it must be upscaled."""
    keeps_pixels: bool
    """True: the person's own pixels are kept, so clothes, pose, gaze and expression cannot change."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """One person's accepted selfies and the identity made from them."""

    selfies: tuple[Selfie, ...]
    identity: Identity

    def selfie(self, selfie_id: str) -> Selfie:
        """The selfie with this id; raises KeyError."""
        for selfie in self.selfies:
            if selfie.id == selfie_id:
                return selfie
        raise KeyError(selfie_id)


class Renderer(Protocol):
    """Makes candidates."""

    @property
    def card(self) -> RendererCard:
        """What it can do."""
        ...

    def load(self) -> None:
        """Read weights; raises ModelUnavailable."""
        ...

    def render(self, sitting: Sitting, shots: Sequence[Shot], height_px: int, on_step: OnStep) -> Iterator[Candidate]:
        """Candidates in the order of the shots; one that fails its likeness guard is left out."""
        ...

    def unload(self) -> None:
        """Give memory back."""
        ...
