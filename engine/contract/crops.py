"""Frames a headshot can be cut to. Head share and eye line follow portrait practice; see docs/styles.md."""

from dataclasses import dataclass

from engine.contract.styles import CropName


@dataclass(frozen=True, slots=True)
class Crop:
    """A frame. Shares are of the frame height."""

    name: CropName
    aspect: float
    """Width / height."""
    head: float
    """Head height (top of hair to chin)."""
    eye_line: float
    """Eyes below the top edge."""


CROPS: dict[CropName, Crop] = {
    "classic": Crop("classic", 4 / 5, 0.50, 0.385),
    "tight": Crop("tight", 4 / 5, 0.60, 0.41),
    "wide": Crop("wide", 4 / 5, 0.42, 0.36),
    "square": Crop("square", 1.0, 0.55, 0.42),
    "square-tight": Crop("square-tight", 1.0, 0.64, 0.44),
    "three-four": Crop("three-four", 3 / 4, 0.47, 0.375),
    "two-three": Crop("two-three", 2 / 3, 0.42, 0.355),
    "banner": Crop("banner", 3.0, 0.66, 0.45),
}
