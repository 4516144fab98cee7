"""Closed-form alpha and multi-level foreground colours, with pymatting's solver and without the rest of it.

Importing the whole package compiles 29 kernels when it is first used on a machine, three quarters of a minute; these need
a few. So the packages' `__init__` files, which import everything, are stepped over once, here.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec

import numpy as np
from numpy.typing import NDArray

from engine.mattes.laplacian import matting_system

_PACKAGES = ("", ".util", ".solver", ".preconditioner", ".foreground")
_SHIFT = 4e-3
"""Added to the diagonal: the incomplete factorisation then does not break down, which would cost a retry and print."""


@contextmanager
def _hollow_packages() -> Iterator[None]:
    """The packages are known but not run, so that single modules can be imported; afterwards they are as if never touched."""
    names = [f"pymatting{package}" for package in _PACKAGES]
    if "pymatting" in sys.modules:
        yield
        return
    try:
        for name in names:
            spec = find_spec(name)
            if spec is None:
                raise ModuleNotFoundError(name)
            sys.modules[name] = module_from_spec(spec)
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "pymatting"]:
            del sys.modules[name]


with _hollow_packages():
    _gradients = import_module("pymatting.solver.cg")
    _foreground = import_module("pymatting.foreground.estimate_foreground_ml")
    _preconditioner = import_module("pymatting.preconditioner.ichol")


def closed_form_alpha(picture: NDArray[np.float64], trimap: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha [H, W] of a picture [H, W, 3] in [0, 1]; trimap 0, 1 or between = unknown. Raises ValueError when it cannot be solved.

    Levin, Lischinski and Weiss, PAMI 2008; conjugate gradients with an incomplete Cholesky factorisation.
    """
    matrix, right, unknown = matting_system(picture, trimap)
    factorised = _preconditioner.ichol(matrix, discard_threshold=1e-3, shifts=[_SHIFT])
    alpha = trimap.copy()
    alpha[unknown] = _gradients.cg(matrix, right, M=factorised, rtol=1e-5, maxiter=600)
    return np.clip(alpha, 0, 1)


def foreground_colours(picture: NDArray[np.float64], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """The person's own colours [H, W, 3] under the matte (Germer et al. 2020)."""
    return np.asarray(_foreground.estimate_foreground_ml(picture, alpha), np.float64)
