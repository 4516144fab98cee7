"""Choosing the frame."""

import numpy as np
import pytest

from engine.contract.crops import CROPS
from engine.contract.styles import CropName
from engine.renderers.studio.framing import LARGEST_HEAD, frame
from engine.renderers.studio.negative import develop
from tests.studio.sitter import OnceMatter, negative, selfie, selfie_of


@pytest.mark.parametrize("crop", [name for name in CROPS if name != "banner"])
def test_a_roomy_photo_gets_the_crop_as_designed(crop: CropName) -> None:
    """Head size and free space above it are those of the table when the photo has room, and no photo edge shows."""
    framing = frame(negative(), CROPS[crop])

    assert framing.missing == 0
    assert framing.head == pytest.approx(CROPS[crop].head, rel=0.12)
    assert 0.02 < framing.headroom < 0.25
    assert framing.width / framing.height == pytest.approx(CROPS[crop].aspect)


def test_a_photo_that_cuts_the_shoulders_is_framed_inside_its_edges() -> None:
    """For somebody whose photo ends at the shoulders: the frame goes closer rather than show where the photo ends."""
    from engine.mattes.closed_form import ClosedFormMatter

    whole = selfie()
    x, y, w, h = (int(v) for v in whole.face.box)
    top = max(0, y - int(0.7 * h))
    close = np.ascontiguousarray(whole.rgb[top : y + int(1.5 * h), x - int(0.6 * w) : x + int(1.6 * w)])
    now = develop(selfie_of(close, "close"), ClosedFormMatter())

    framing = frame(now, CROPS["two-three"])
    valid = now.matte.valid[
        int(framing.y) + 2 : int(framing.y + framing.height) - 2,
        int(framing.x) + 2 : int(framing.x + framing.width) - 2,
    ]
    person = now.matte.alpha[
        int(framing.y) + 2 : int(framing.y + framing.height) - 2,
        int(framing.x) + 2 : int(framing.x + framing.width) - 2,
    ]

    assert framing.missing == 0
    assert ((valid < 0.5) & (person > 0.5)).mean() < 0.002
    assert framing.head <= LARGEST_HEAD + 0.01


def test_the_sample_sitter_is_cut_out_once() -> None:
    """The tests share one matte: it belongs to the sample sitter and to nobody else."""
    with pytest.raises(AssertionError):
        OnceMatter().matte(np.zeros((10, 10, 3), np.uint8), None)
