"""Array types that cross the seams of the engine; shapes, channel order and range in one place."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rgb8: TypeAlias = NDArray[np.uint8]
"""Picture: uint8 [H, W, 3], RGB, sRGB encoded."""

Linear: TypeAlias = NDArray[np.float32]
"""Picture in linear light: float32 [H, W, 3], RGB, Rec. 709 primaries, 1.0 = diffuse white."""

Plane: TypeAlias = NDArray[np.float32]
"""One channel: float32 [H, W]; a mask or a matte is in [0, 1]."""

Points: TypeAlias = NDArray[np.float32]
"""Points in pixels: float32 [n, 2] as x, y or [n, 3] as x, y, z (z negative = nearer the camera)."""

Vector: TypeAlias = NDArray[np.float32]
"""Embedding: float32 [dim], L2 normalised."""
