"""Painted backdrops: a name for each kind and the function that paints it, in linear light [H, W, 3]."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.contract.pixels import Linear
from engine.contract.styles import Backdrop, BackdropKind
from engine.renderers.studio.backdrops import outside, paper, rooms

Painter = Callable[[Backdrop, int, int, np.random.Generator], Linear]

PAINTERS: Mapping[BackdropKind, Painter] = {
    "gradient": paper.gradient,
    "canvas": paper.muslin,
    "office": rooms.office,
    "shelves": rooms.shelves,
    "bokeh": outside.bokeh,
    "brick": outside.brick,
    "haze": outside.haze,
}
"""`original` and `picture` are not painted; see `photographs`."""
