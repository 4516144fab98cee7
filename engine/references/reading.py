"""What a reference picture says: its light and its colours, as numbers. Nothing here tells who is in it, or what it shows."""

from dataclasses import dataclass

from engine.contract.styles import Colour

Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands behind the person, or the whole picture where there is none."""

    centre: Colour
    edge: Colour
    at: tuple[float, float]
    """Where the centre is, as shares of width and height."""
    radius: float
    """From centre to edge, as a share of the height."""
    unrest: float
    """How far it is from that smooth fall of light, in ΔE: below 4 paper, below 9 a painted cloth, more is a place."""
    layout: tuple[Colour, ...]
    """Its colours in two rows of four, filled in behind people."""
    lamps: tuple[Colour, ...]
    """Colours of small lights before the dark; none by day."""


@dataclass(frozen=True, slots=True)
class FaceLight:
    """How the light falls on the person; measured on skin as shading, whatever its tone."""

    azimuth_deg: float
    """0 from the camera, 90 from the side, whichever."""
    elevation_deg: float
    ratio: float
    """Lit side to shadow side."""
    highlight: float
    """Encoded luminance of the brightest 5 % of the face, in [0, 1]: .64 to .82 is how a print shows it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Light and colour of one picture."""

    ground: Ground | None
    """None where a person covers nearly all of it."""
    light: FaceLight | None
    """None where nobody is seen."""
    lightness: float
    """Mean L*: below 30 low key, above 75 high key."""
    contrast: float
    """L* from the darkest to the brightest 5 % of the people, or of everything where nobody is seen."""
    blacks: float
    """L* of the darkest 2 %: above 6 they are lifted, as in matt prints."""
    warmth: float
    """b* of what is nearly grey: above 0 amber, below 0 blue."""
    chroma: float
    """Mean chroma."""
    monochrome: bool
