"""The darkroom keeps less when it is told to; the pictures do not show it."""

from dataclasses import replace

import numpy as np

from engine.contract.crops import CROPS
from engine.contract.pixels import Rgb8
from engine.contract.ports import Matte, Sitting
from engine.contract.selfies import Selfie
from engine.faces.sface import SFaceEmbedder
from engine.renderers.studio.darkroom import NEGATIVES, Darkroom
from engine.renderers.studio.framing import frame
from engine.renderers.studio.renderer import StudioRenderer
from engine.stages.identity import identify
from tests.studio.sitter import OnceMatter, matte, negative, selfie, shot, sitting


class CountingMatter:
    """Cuts the sample sitter out, and remembers of which pictures."""

    def __init__(self) -> None:
        self.history: list[float] = []

    def matte(self, rgb: Rgb8, face: object) -> Matte:
        """The cached cut on this very picture."""
        self.history.append(float(rgb.mean()))
        return replace(matte(), picture=rgb if rgb.shape == matte().picture.shape else matte().picture)


def darker(by: int) -> Selfie:
    """The sample sitter in less light."""
    rgb = np.asarray(selfie().rgb.astype(np.int16) - by, np.int16).clip(0, 255).astype(np.uint8)
    return replace(selfie(), id=f"selfie-{by}", rgb=rgb)


def test_a_small_batch_keeps_fewer_selfies_and_gives_the_same_bytes() -> None:
    """A shoot that ran out of memory is made again in a smaller room, and its headshots stay what they would have been."""
    selfies = tuple(darker(by) for by in range(NEGATIVES + 1))
    sitters = Sitting(selfies, identify(selfies, (SFaceEmbedder(),)))
    shots = [replace(shot(seed=at), selfie_id=one.id) for at, one in enumerate((*selfies, *selfies))]
    large, small = CountingMatter(), CountingMatter()

    pictures = [
        [
            c.rgb
            for c in StudioRenderer(matter, SFaceEmbedder(), batch=batch).render(sitters, shots, 320, lambda _: None)
        ]
        for matter, batch in ((large, 2), (small, 1))
    ]

    assert [len(made) for made in pictures] == [len(shots)] * 2
    assert all(np.array_equal(one, other) for one, other in zip(*pictures, strict=True))
    assert len(large.history) == len(selfies)
    assert len(small.history) == 2 * len(selfies)


def test_what_is_kept_is_what_would_be_worked_out_again() -> None:
    """The embedding comes from the identity and each frame is searched once; no picture changes by it."""
    embedder = SFaceEmbedder()
    darkroom = Darkroom(sitting(), OnceMatter(), embedder.card.name, batch=1)

    assert np.array_equal(darkroom.vector(selfie().id), embedder.embed(selfie().rgb, selfie().face))
    for crop in CROPS:
        assert darkroom.framing(selfie().id, crop) == frame(negative(), CROPS[crop])
        assert darkroom.framing(selfie().id, crop) is darkroom.framing(selfie().id, crop)
