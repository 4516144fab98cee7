"""Closed-form alpha and multi-level foreground colours: the two functions of pymatting that we use, without the rest of it.

Importing the whole package compiles 29 kernels when it is first used on a machine, three quarters of a minute; these two
need six of them. So the packages' `__init__` files, which import everything, are stepped over once, here.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec

import numpy as np
from numpy.typing import NDArray

_PACKAGES = ("", ".util", ".laplacian", ".solver", ".preconditioner", ".foreground", ".alpha")
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
        for name in names:
            sys.modules.pop(name, None)


with _hollow_packages():
    _alpha = import_module("pymatting.alpha.estimate_alpha_cf")
    _foreground = import_module("pymatting.foreground.estimate_foreground_ml")
    _preconditioner = import_module("pymatting.preconditioner.ichol")


def closed_form_alpha(picture: NDArray[np.float64], trimap: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha [H, W] of a picture [H, W, 3] in [0, 1]; trimap 0, 1 or between = unknown. Raises ValueError when it cannot be solved.

    Levin, Lischinski and Weiss, PAMI 2008; conjugate gradients with an incomplete Cholesky factorisation.
    """

    def factorised(matrix: object) -> object:
        return _preconditioner.ichol(matrix, discard_threshold=1e-3, shifts=[_SHIFT])

    options = {"rtol": 1e-5, "maxiter": 600}
    return np.asarray(
        _alpha.estimate_alpha_cf(picture, trimap, preconditioner=factorised, cg_kwargs=options), np.float64
    )


def foreground_colours(picture: NDArray[np.float64], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """The person's own colours [H, W, 3] under the matte (Germer et al. 2020)."""
    return np.asarray(_foreground.estimate_foreground_ml(picture, alpha), np.float64)
