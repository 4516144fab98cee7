"""The sample sitter of the studio's tests (NASA's public-domain portrait in scikit-image) and shots to print."""

from functools import cache

import numpy as np
from skimage import data

from engine.contract.identities import Identity
from engine.contract.pixels import Rgb8
from engine.contract.ports import Matte, Sitting
from engine.contract.selfies import Appearance, Outcome, Selfie
from engine.contract.shots import Prompt, Shot
from engine.contract.styles import Backdrop, CropName, Grade, Light, Wardrobe
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.sface import SFaceEmbedder
from engine.mattes.closed_form import ClosedFormMatter
from engine.planning.shot_ids import with_id
from engine.renderers.studio.negative import Negative, develop
from engine.stages.identity import identify

GREY = Backdrop("grey", "gradient", ("#8f969e", "#3c4148"))
SOFT = Light("soft")
CLEAN = Grade()
_NO_PROMPT = Prompt("", "", "")
_UNSEEN = Appearance(20.0, (65.0, 14.0, 16.0), None, "", 0.0, 0.0, None, "", 1.0, False)


@cache
def selfie() -> Selfie:
    """The portrait as an accepted selfie."""
    return selfie_of(np.ascontiguousarray(data.astronaut()), "astronaut")


def selfie_of(rgb: Rgb8, name: str) -> Selfie:
    """Any picture with one face as an accepted selfie."""
    face = MeshFaceAnalyzer().faces(rgb)[0]
    return Selfie(name, name, rgb, face, _UNSEEN, {}, 1.0, Outcome.ACCEPTED)


@cache
def sitting() -> Sitting:
    """A sitting of one selfie."""
    return Sitting((selfie(),), identity())


@cache
def identity() -> Identity:
    """The sitter's identity."""
    return identify((selfie(),), (SFaceEmbedder(),))


@cache
def matte() -> Matte:
    """The sitter cut out."""
    return ClosedFormMatter().matte(selfie().rgb, selfie().face)


class OnceMatter:
    """A matter that cuts the sample sitter out once for all tests."""

    def matte(self, rgb: Rgb8, face: object) -> Matte:
        """The cached matte."""
        assert rgb.shape == selfie().rgb.shape
        return matte()


@cache
def negative() -> Negative:
    """The developed selfie."""
    return develop(selfie(), OnceMatter())


def shot(
    crop: CropName = "classic",
    light: Light = SOFT,
    backdrop: Backdrop = GREY,
    grade: Grade = CLEAN,
    *,
    seed: int = 1,
    polish: float = 0.4,
    wardrobe: Wardrobe = "own",
) -> Shot:
    """A planned shot of the sample sitter."""
    return with_id(Shot("", seed, selfie().id, "corporate", crop, light, backdrop, grade, polish, wardrobe, _NO_PROMPT))
