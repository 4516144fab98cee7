"""The matting Laplacian of Levin, Lischinski and Weiss (PAMI 2008), for the unknown pixels only.

pymatting builds it for every pixel of the picture, at 400 bytes each: half a gigabyte for one sitter. The unknown band is a
tenth of the picture at most, and the known pixels only ever appear on the right-hand side. Equal to pymatting's to rounding;
a test compares them.
"""

from typing import Any

import numpy as np
import scipy.sparse
from numba import njit
from numpy.typing import NDArray

EPSILON = 1e-7
"""Regularisation of the colour covariance, as in pymatting."""
_REACH = 5
"""Two pixels share a 3 × 3 window when they are at most two apart: 5 × 5 neighbours."""


@njit("void(f8[:, :, :], f8[:, :], i8[:, :], f8, f8[:, :], f8[:])", cache=True, nogil=True)
def _accumulate(picture: Any, trimap: Any, number: Any, epsilon: float, values: Any, right: Any) -> None:
    """Adds every 3 × 3 window that holds an unknown pixel to `values` [unknown, 25] and to the right-hand side."""
    height, width = number.shape
    c = np.zeros((9, 3))
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            any_unknown = False
            for k in range(9):
                if number[y + k // 3 - 1, x + k % 3 - 1] >= 0:
                    any_unknown = True
            if not any_unknown:
                continue
            for channel in range(3):
                mean = 0.0
                for k in range(9):
                    mean += picture[y + k // 3 - 1, x + k % 3 - 1, channel]
                mean /= 9
                for k in range(9):
                    c[k, channel] = picture[y + k // 3 - 1, x + k % 3 - 1, channel] - mean
            a00 = a11 = a22 = epsilon
            a01 = a02 = a12 = 0.0
            for k in range(9):
                a00 += c[k, 0] * c[k, 0]
                a01 += c[k, 0] * c[k, 1]
                a02 += c[k, 0] * c[k, 2]
                a11 += c[k, 1] * c[k, 1]
                a12 += c[k, 1] * c[k, 2]
                a22 += c[k, 2] * c[k, 2]
            a00, a01, a02, a11, a12, a22 = a00 / 9, a01 / 9, a02 / 9, a11 / 9, a12 / 9, a22 / 9
            det = a00 * (a11 * a22 - a12 * a12) - a01 * (a01 * a22 - a02 * a12) + a02 * (a01 * a12 - a02 * a11)
            m00, m01, m02 = (a11 * a22 - a12 * a12) / det, (a02 * a12 - a01 * a22) / det, (a01 * a12 - a02 * a11) / det
            m11, m12, m22 = (a00 * a22 - a02 * a02) / det, (a01 * a02 - a00 * a12) / det, (a00 * a11 - a01 * a01) / det
            for i in range(9):
                row = number[y + i // 3 - 1, x + i % 3 - 1]
                if row < 0:
                    continue
                c0 = m00 * c[i, 0] + m01 * c[i, 1] + m02 * c[i, 2]
                c1 = m01 * c[i, 0] + m11 * c[i, 1] + m12 * c[i, 2]
                c2 = m02 * c[i, 0] + m12 * c[i, 1] + m22 * c[i, 2]
                for j in range(9):
                    value = (1.0 if i == j else 0.0) - (1 + c0 * c[j, 0] + c1 * c[j, 1] + c2 * c[j, 2]) / 9
                    yj, xj = y + j // 3 - 1, x + j % 3 - 1
                    if number[yj, xj] >= 0:
                        values[row, (j // 3 - i // 3 + 2) * 5 + j % 3 - i % 3 + 2] += value
                    else:
                        right[row] -= value * trimap[yj, xj]


def matting_system(
    picture: NDArray[np.float64], trimap: NDArray[np.float64]
) -> tuple[scipy.sparse.csc_matrix, NDArray[np.float64], NDArray[np.bool_]]:
    """Matrix A, right-hand side b and mask of the unknowns, so that A α = b gives alpha where the trimap is neither 0 nor 1.

    `picture` [H, W, 3] in [0, 1], `trimap` [H, W].
    """
    unknown = (trimap > 0) & (trimap < 1)
    count = int(unknown.sum())
    number = np.full(trimap.shape, -1, np.int64)
    number[unknown] = np.arange(count)
    values, right = np.zeros((count, _REACH**2)), np.zeros(count)
    _accumulate(picture, trimap, number, EPSILON, values, right)

    padded = np.pad(number, 2, constant_values=-1)
    rows, columns = np.nonzero(unknown)
    steps = np.arange(_REACH**2)
    neighbours = padded[rows[:, None] + steps // _REACH, columns[:, None] + steps % _REACH]
    there = neighbours >= 0
    ends = np.concatenate([[0], np.cumsum(there.sum(1))])
    matrix = scipy.sparse.csr_matrix((values[there], neighbours[there], ends), shape=(count, count))
    return matrix.tocsc(), right, unknown
