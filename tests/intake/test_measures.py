"""A bad photo is refused or warned about for the right reason, and a good one is left in peace."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.contract.sentences import sentence
from engine.faces import landmarks as lm
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.geometry import polygon
from engine.intake.colour_names import colour_name, hair_name
from engine.intake.coverage import expression
from engine.intake.findings import RULES, findings, quality
from engine.intake.measures import Measured, measured

Degradation = Callable[[Rgb8, Face], Any]


def exposed(rgb: Rgb8, stops: float) -> Rgb8:
    """The same scene with more or less light."""
    linear = (rgb / 255.0) ** 2.2 * 2.0**stops
    return np.asarray(np.clip(linear, 0, 1) ** (1 / 2.2) * 255, np.uint8)


def jpeg(rgb: Rgb8, quality: int) -> Rgb8:
    """Compressed and opened again."""
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1], np.uint8)


def noisy(rgb: Rgb8, sigma: float) -> Rgb8:
    """Grain of a dark room."""
    grain = np.random.default_rng(5).normal(0, sigma, rgb.shape)
    return np.asarray(np.clip(rgb + grain, 0, 255), np.uint8)


def leaning(rgb: Rgb8, face: Face, angle_deg: float) -> Rgb8:
    """Turned about the nose."""
    x, y = (float(v) for v in face.mesh[lm.NOSE_TIP, :2])
    turn = cv2.getRotationMatrix2D((x, y), angle_deg, 1.0)
    return np.asarray(
        cv2.warpAffine(rgb, turn, (rgb.shape[1], rgb.shape[0]), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def lit_from_the_left(rgb: Rgb8, face: Face) -> Rgb8:
    """The picture's right half of the face three stops darker."""
    share = 1 / (1 + np.exp(np.clip((np.arange(rgb.shape[1]) - face.mesh[lm.NOSE_BRIDGE, 0]) / 5, -30, 30)))
    return np.asarray(rgb * share[None, :, None] + exposed(rgb, -3) * (1 - share[None, :, None]), np.uint8)


def against_the_light(rgb: Rgb8, face: Face) -> Rgb8:
    """Two stops less on the person, a bright sky behind."""
    x, y, w, h = face.box
    person = np.zeros(rgb.shape[:2], np.uint8)
    cv2.ellipse(person, (int(x + w / 2), int(y + h * 0.4)), (int(0.85 * w), int(0.9 * h)), 0, 0, 360, 1, -1)
    person[int(y + 1.1 * h) :] = 1
    return np.asarray(np.where(person[..., None] > 0, exposed(rgb, -2), 245), np.uint8)


def painted(rgb: Rgb8, shape: np.ndarray[Any, Any], colour: tuple[int, int, int]) -> Rgb8:
    """A soft-edged patch of cloth, glass or skin in front of the picture."""
    share = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 1.0)[..., None]
    return np.asarray(rgb * (1 - share) + np.array(colour) * share, np.uint8)


def over_mouth(rgb: Rgb8, face: Face, colour: tuple[int, int, int]) -> Rgb8:
    """A mask, or a hand when it has the colour of skin."""
    return painted(
        rgb, polygon(rgb.shape, face.mesh[[234, 132, 172, 150, 152, 379, 397, 361, 454, 280, 195, 50]]), colour
    )


def over_eyes(rgb: Rgb8, face: Face, eyes: tuple[int, ...], colour: tuple[int, int, int]) -> Rgb8:
    """Dark glasses, or a hand over one eye."""
    shape = np.zeros(rgb.shape[:2], np.uint8)
    across = face.inter_eye_px
    for eye in eyes:
        x, y = (int(v) for v in face.points[eye])
        cv2.ellipse(shape, (x, y + int(0.06 * across)), (int(0.45 * across), int(0.4 * across)), 0, 0, 360, 1, -1)
    return painted(rgb, shape, colour)


DEGRADED: list[tuple[str, Degradation, set[str]]] = [
    ("out of focus", lambda rgb, face: cv2.GaussianBlur(rgb, (0, 0), 3.0), {"blurred", "soft"}),
    ("shaken", lambda rgb, face: cv2.blur(rgb, (11, 1)), {"blurred", "soft"}),
    ("in the dark", lambda rgb, face: exposed(rgb, -3), {"too_dark"}),
    ("in dim light", lambda rgb, face: exposed(rgb, -2), {"dark", "too_dark"}),
    ("washed out", lambda rgb, face: exposed(rgb, 2), {"too_bright", "highlights_lost"}),
    ("grainy", lambda rgb, face: noisy(rgb, 15), {"noisy"}),
    ("very grainy", lambda rgb, face: noisy(rgb, 45), {"too_noisy"}),
    ("compressed", lambda rgb, face: jpeg(rgb, 7), {"compressed"}),
    ("tiny", lambda rgb, face: cv2.resize(rgb, (384, 384), interpolation=cv2.INTER_AREA), {"photo_too_small"}),
    ("leaning", lambda rgb, face: leaning(rgb, face, 30), {"head_leans"}),
    ("lying", lambda rgb, face: leaning(rgb, face, 52), {"head_leans_far"}),
    ("half in shadow", lit_from_the_left, {"side_light"}),
    ("against the light", against_the_light, {"against_the_light"}),
    (
        "black and white",
        lambda rgb, face: np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, 2),
        {"black_and_white"},
    ),
    ("cut by the edge", lambda rgb, face: rgb[:, int(face.mesh[lm.NOSE_TIP, 0]) - 12 :], {"face_cut_off"}),
    ("dark glasses", lambda rgb, face: over_eyes(rgb, face, (0, 1), (24, 24, 28)), {"eyes_covered"}),
    ("hand over the right eye", lambda rgb, face: over_eyes(rgb, face, (0,), (214, 166, 140)), {"eyes_covered"}),
    ("hand over the left eye", lambda rgb, face: over_eyes(rgb, face, (1,), (214, 166, 140)), {"eyes_covered"}),
    ("white mask", lambda rgb, face: over_mouth(rgb, face, (226, 226, 230)), {"mouth_covered"}),
    ("black mask", lambda rgb, face: over_mouth(rgb, face, (28, 28, 32)), {"mouth_covered"}),
    ("hand over the mouth", lambda rgb, face: over_mouth(rgb, face, (214, 166, 140)), {"mouth_covered"}),
]


@pytest.fixture(scope="module")
def clean(portrait: Rgb8, face: Face) -> Measured:
    """Measures of the portrait as it is."""
    return measured(portrait, face)


class TestFindings:
    def test_a_good_portrait_is_only_told_that_it_is_small(self, clean: Measured) -> None:
        """No overwarning: the sample is sharp, even and frontal, so its size is all there is to say."""
        assert {finding.code for finding in findings(clean.measures)} == {"face_small"}
        assert quality(clean.measures) > 0.6

    @pytest.mark.parametrize(("change", "wanted"), [case[1:] for case in DEGRADED], ids=[case[0] for case in DEGRADED])
    def test_a_degraded_copy_is_found_out_for_the_right_reason(
        self,
        change: Degradation,
        wanted: set[str],
        portrait: Rgb8,
        face: Face,
        analyzer: MeshFaceAnalyzer,
        clean: Measured,
    ) -> None:
        """The person learns what to do better, and a worse photo never counts as much as the good one."""
        worse = np.ascontiguousarray(change(portrait, face), np.uint8)
        found = analyzer.faces(worse)
        assert found, "the face must still be found, or the case proves nothing"
        values = measured(worse, found[0]).measures
        assert {finding.code for finding in findings(values)} & wanted
        # size and the edge of the photo are no matter of quality here; they refuse by themselves
        if not wanted & {"black_and_white", "face_cut_off", "head_leans", "head_leans_far"}:
            assert quality(values) < quality(clean.measures)

    def test_the_same_face_measures_the_same_mirrored(
        self, portrait: Rgb8, analyzer: MeshFaceAnalyzer, clean: Measured
    ) -> None:
        """Front cameras mirror; only the signs of yaw, roll and side light may change."""
        mirrored = np.ascontiguousarray(portrait[:, ::-1])
        other = measured(mirrored, analyzer.faces(mirrored)[0]).measures
        for name, tolerance in {"sharpness": 0.1, "highlight": 2.0, "eyes_open": 0.05, "mouth_visible": 0.1}.items():
            assert other[name] == pytest.approx(clean.measures[name], abs=tolerance)
        assert other["side_light_ev"] == pytest.approx(-clean.measures["side_light_ev"], abs=0.3)

    def test_every_rule_has_a_measure_and_a_sentence(self, clean: Measured) -> None:
        """A limit on nothing, or a finding without advice, would be silent."""
        for rule in RULES:
            assert rule.measure in clean.measures
            assert sentence(rule.code).endswith(".")

    def test_refusals_are_told_before_warnings(self, clean: Measured) -> None:
        """The first finding is the sentence that the person reads."""
        worst = {**clean.measures, "sharpness": 0.1, "yaw_deg": -60.0, "noise": 9.0}
        refuses = [finding.refuses for finding in findings(worst)]
        assert refuses == sorted(refuses, reverse=True)

    def test_only_the_stricter_of_two_limits_speaks(self, clean: Measured) -> None:
        """Nobody is told twice that it is dark."""
        codes = [finding.code for finding in findings({**clean.measures, "highlight": 30.0, "backlight": 60.0})]
        assert "too_dark" in codes
        assert "dark" not in codes


class TestAppearance:
    def test_the_portrait_is_described_as_it_looks(self, clean: Measured) -> None:
        """Light skin, brown hair, no glasses, no beard, an orange-red suit: what a prompt may name."""
        looks = clean.appearance
        assert looks.skin_ita_deg > 41
        assert looks.hair_colour == "brown"
        assert looks.glasses < 0.2
        assert looks.facial_hair < 0.2
        assert looks.clothing_colour in ("red", "orange")
        assert not looks.monochrome

    def test_glasses_with_dark_frames_are_seen(self, portrait: Rgb8, face: Face) -> None:
        """They must stay on the nose in every headshot."""
        framed = portrait.copy()
        across = face.inter_eye_px
        right, left = (tuple(int(v) for v in point) for point in face.points[:2])
        for x, y in (right, left):
            cv2.ellipse(
                framed, (x, y + 2), (int(0.4 * across), int(0.36 * across)), 0, 0, 360, (20, 18, 18), 3, cv2.LINE_AA
            )
        cv2.line(framed, (right[0] + 15, right[1]), (left[0] - 15, left[1]), (20, 18, 18), 3, cv2.LINE_AA)
        assert measured(framed, face).appearance.glasses > 0.5

    def test_a_dark_beard_is_seen(self, portrait: Rgb8, face: Face) -> None:
        """It must not be taken for shadow."""
        beard = polygon(
            portrait.shape, face.mesh[[132, 58, 172, 150, 152, 379, 397, 288, 361, 426, 391, 164, 165, 206]]
        )
        lips = polygon(portrait.shape, face.mesh[lm.LIPS])
        strands = np.random.default_rng(1).normal(45, 14, portrait.shape[:2])[..., None]
        share = (beard * (1 - lips))[..., None]
        bearded = np.asarray(np.clip(portrait * (1 - share) + strands * share, 0, 255), np.uint8)
        assert measured(bearded, face).appearance.facial_hair > 0.5

    def test_a_grey_photo_names_no_colours(self, portrait: Rgb8, analyzer: MeshFaceAnalyzer) -> None:
        """What cannot be seen is not guessed."""
        grey = np.repeat(cv2.cvtColor(portrait, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
        looks = measured(grey, analyzer.faces(grey)[0]).appearance
        assert looks.monochrome
        assert (looks.hair_colour, looks.clothing_colour) == ("", "")

    @pytest.mark.parametrize(
        ("lab", "name"),
        [((12, 2, 3), "black"), ((30, 6, 12), "brown"), ((62, 5, 24), "blond"), ((35, 22, 28), "red"),
         ((50, 1, 2), "grey"), ((82, 1, 4), "white"), ((45, -5, -30), "")],
    )  # fmt: skip
    def test_hair_has_plain_names(self, lab: tuple[float, float, float], name: str) -> None:
        """And dyed or covered hair has none."""
        assert hair_name(lab) == name

    @pytest.mark.parametrize(
        ("lab", "name"),
        [((8, 0, 0), "black"), ((95, 0, 1), "white"), ((50, 0, 0), "grey"), ((25, 3, -22), "dark blue"), ((75, -4, -20), "light blue"),
         ((45, 60, 40), "red"), ((50, -40, 30), "green"), ((70, 4, 18), "beige"), ((35, 10, 20), "brown")],
    )  # fmt: skip
    def test_clothes_have_plain_names(self, lab: tuple[float, float, float], name: str) -> None:
        """As a photographer would call them."""
        assert colour_name(lab) == name

    def test_the_mouth_is_geometry_and_no_mood(self, clean: Measured) -> None:
        """The coverage map asks for variety, not for feelings."""
        assert expression(clean.measures) == "mouth_open"
