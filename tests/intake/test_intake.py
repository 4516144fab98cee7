"""Stage 1 end to end, on the real analyzer: every photo gets a verdict in the order given, whatever arrives."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from engine.contract.errors import Cancelled
from engine.contract.pixels import Rgb8
from engine.contract.ports import Step
from engine.contract.selfies import Intake, Outcome, Photo, Selfie
from engine.contract.sentences import SENTENCES, sentence
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.sface import SFaceEmbedder
from engine.intake.crops import EYE_LINE, face_crop
from engine.intake.duplicates import photo_id
from engine.stages.intake import intake
from tests.intake.conftest import Shoot


def outcomes(result: Intake) -> list[str]:
    """As the person sees them."""
    return [verdict.outcome.value for verdict in result.verdicts]


def first_codes(result: Intake) -> list[str]:
    """Code of the first finding of each photo, "" when there is none."""
    return [verdict.findings[0].code if verdict.findings else "" for verdict in result.verdicts]


@pytest.fixture(scope="module")
def selfie(portrait: Rgb8, analyzer: MeshFaceAnalyzer, png: Callable[[Rgb8], bytes]) -> Selfie:
    """The portrait, taken in."""
    return Shoot(analyzer, png).take(portrait).selfies[0]


class TestVerdicts:
    def test_one_bad_photo_never_spoils_the_others(self, portrait: Rgb8, shoot: Shoot) -> None:
        """A film, a web page, half a file and an empty one between two good photos: six answers, in order."""
        other = np.ascontiguousarray(portrait[:, ::-1])
        half = shoot._png(portrait)[:9000]
        result = shoot.take(b"\0\0\0\x20ftypisomiso2", portrait, b"<html>", half, b"", other)
        assert first_codes(result) == [
            "photo_is_a_video", "face_small", "photo_is_a_web_page", "photo_damaged", "photo_empty", "face_small",
        ]  # fmt: skip
        assert [verdict.name for verdict in result.verdicts] == [f"photo {i}" for i in range(1, 7)]
        assert [chosen.name for chosen in result.selfies] == ["photo 2", "photo 6"]

    def test_every_photo_gets_one_sentence_of_advice(self, portrait: Rgb8, shoot: Shoot) -> None:
        """Also the good ones: a verdict without a word is no answer."""
        result = shoot.take(portrait, np.full((600, 600, 3), 128, np.uint8), b"junk")
        assert all(verdict.advice.strip().endswith(".") for verdict in result.verdicts)
        assert result.verdicts[0].advice == sentence("face_small")

    def test_a_photo_without_a_face_is_refused(self, shoot: Shoot) -> None:
        """A landscape, a cat, a wall."""
        wall = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (600, 600, 3)).astype(np.uint8), (0, 0), 5)
        result = shoot.take(np.asarray(wall, np.uint8))
        assert (outcomes(result), first_codes(result)) == (["refused"], ["no_face"])
        assert result.coverage.next_photo == "next_first_photo"

    def test_no_photos_at_all_is_an_answer_too(self, shoot: Shoot) -> None:
        """Whoever sends nothing is told what to send."""
        result = shoot.take()
        assert (result.verdicts, result.selfies) == ((), ())
        assert result.coverage.next_photo == "next_first_photo"

    @pytest.mark.parametrize("quarter_turns", [1, 2, 3])
    def test_a_photo_that_lies_on_its_side_is_turned_upright(
        self, quarter_turns: int, portrait: Rgb8, shoot: Shoot
    ) -> None:
        """Messengers strip the orientation of phones; the person is told in case it was meant so."""
        result = shoot.take(np.ascontiguousarray(np.rot90(portrait, quarter_turns)))
        assert "lay_on_its_side" in {finding.code for finding in result.verdicts[0].findings}
        assert np.array_equal(result.selfies[0].rgb, portrait)

    def test_the_same_file_twice_counts_once(self, portrait: Rgb8, shoot: Shoot) -> None:
        """Double taps happen; one selfie is one selfie."""
        result = shoot.take(portrait, portrait)
        assert (outcomes(result), first_codes(result)[1]) == (["usable", "refused"], "same_photo")

    def test_the_same_moment_saved_again_is_noticed(self, portrait: Rgb8, shoot: Shoot) -> None:
        """A re-compressed crop of the same photo teaches nothing new; a mirrored pose is another photo."""
        file = io.BytesIO()
        Image.fromarray(portrait).resize((900, 900), Image.Resampling.LANCZOS).crop((40, 0, 860, 830)).save(
            file, "JPEG", quality=70
        )
        result = shoot.take(portrait, file.getvalue(), np.ascontiguousarray(portrait[:, ::-1]))
        told = [{finding.code for finding in verdict.findings} for verdict in result.verdicts]
        assert ["same_moment" in codes for codes in told] == [False, True, False]

    def test_the_same_photos_give_the_same_selfies(self, portrait: Rgb8, shoot: Shoot) -> None:
        """Recipes depend on it."""
        first, second = shoot.take(portrait), shoot.take(portrait)
        assert first.verdicts == second.verdicts
        assert first.selfies[0].id == photo_id(shoot._png(portrait))
        assert first.selfies[0].quality == second.selfies[0].quality
        assert 0 < first.selfies[0].quality <= 1

    def test_every_sentence_of_intake_says_what_to_do(self) -> None:
        """Findings carry no placeholders, so that any code can be shown anywhere."""
        for code in ("no_face", "whose_face", "same_photo", "same_moment", "several_people", "lay_on_its_side"):
            assert "{" not in SENTENCES[code]


class TestSteps:
    def test_progress_counts_up_to_its_total(self, portrait: Rgb8, shoot: Shoot) -> None:
        """A progress bar that stops short looks like a hang."""
        shoot.take(portrait, b"junk")
        assert [step.done for step in shoot.steps] == [0, 1, 2, 3, 4]
        assert {(step.stage, step.total) for step in shoot.steps} == {("intake", 4)}

    def test_a_cancel_ends_the_stage_at_the_next_step(
        self, portrait: Rgb8, shoot: Shoot, analyzer: MeshFaceAnalyzer
    ) -> None:
        """Whoever presses stop does not wait for ten more photos."""

        def stop(step: Step) -> None:
            if step.done == 1:
                raise Cancelled

        photos = [Photo(f"photo {i}", shoot._png(portrait) + bytes(i)) for i in range(10)]
        with pytest.raises(Cancelled):
            intake(photos, analyzer, SFaceEmbedder(), stop)


class TestCrops:
    @pytest.mark.parametrize("side_px", [512, 1024])
    def test_a_face_crop_is_upright_with_the_eyes_in_place(
        self, side_px: int, selfie: Selfie, analyzer: MeshFaceAnalyzer
    ) -> None:
        """Identity models and people compare faces only when they lie alike."""
        crop = face_crop(selfie, side_px)  # type: ignore[arg-type]
        assert crop.shape == (side_px, side_px, 3)
        eyes = analyzer.faces(crop)[0].points[:2]
        assert abs(eyes[0, 1] - eyes[1, 1]) < 0.02 * side_px
        assert eyes.mean(0) == pytest.approx([0.5 * side_px, EYE_LINE * side_px], abs=0.02 * side_px)


class TestCoverage:
    def test_the_map_counts_angles_light_and_mouth(self, portrait: Rgb8, shoot: Shoot) -> None:
        """The sample looks straight ahead, in even light, smiling."""
        found = shoot.take(portrait).coverage
        assert (found.angles["front"], found.light["even"], found.expression["mouth_open"]) == (1, 1, 1)
        assert found.next_photo == "next_closer"
        assert sentence(found.next_photo)

    def test_refused_photos_cover_nothing(self, portrait: Rgb8, shoot: Shoot) -> None:
        """A blurred photo fills no gap."""
        blurred = np.asarray(cv2.GaussianBlur(portrait, (0, 0), 6), np.uint8)
        result = shoot.take(blurred)
        assert result.verdicts[0].outcome is Outcome.REFUSED
        assert sum(result.coverage.angles.values()) == 0
