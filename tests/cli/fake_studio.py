"""A studio that keeps a public history and makes its pictures out of the sample photograph."""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from skimage.data import astronaut
from skimage.transform import resize

from engine.contract.crops import CROPS
from engine.contract.errors import HeadroomError
from engine.contract.faces import Face
from engine.contract.identities import Likeness
from engine.contract.pixels import Rgb8
from engine.contract.ports import OnStep, Step
from engine.contract.selfies import Appearance, Coverage, Finding, Intake, Outcome, Photo, Selfie, Verdict
from engine.contract.shots import FileFormat, Gallery, Headshot, Prompt, Scores, ShootRequest, Shot, VariationRequest
from engine.contract.styles import Backdrop, CropName, Grade, Light, PromptParts, Style

STAGES = ("intake", "identity", "style", "prompt", "render", "select", "finish")
CROP_CYCLE: tuple[CropName, ...] = ("classic", "square", "tight", "three-four", "banner", "two-three")
LOOKS = (("navy-canvas", "#2f4564"), ("graphite", "#4a4f57"), ("pale-grey", "#d5d8dc"), ("warm-office", "#a9896b"))
STYLE = Style(
    name="corporate",
    title="Corporate executive",
    summary="Calm light from the side, a plain backdrop, nothing that takes the eye off the face.",
    lights=(Light("soft-loop"), Light("clear-rembrandt")),
    backdrops=tuple(Backdrop(name, "gradient", (colour, "#101418")) for name, colour in LOOKS),
    grades=(Grade(),),
    crops=CROP_CYCLE,
    prompt=PromptParts(("a person",), ("studio light",)),
)


def picture(crop: CropName, height_px: int, colour: str) -> Rgb8:
    """A crop of the sample photograph, tinted so that pictures can be told apart."""
    photo = astronaut()
    aspect = CROPS[crop].aspect
    height = min(320, int(500 / aspect))
    top, left = 0, max(0, int(225 - height * aspect / 2))
    patch = photo[top : top + height, left : left + int(height * aspect)]
    tint = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    large = resize(patch, (height_px, int(height_px * aspect)), order=1)
    return np.clip(255 * (0.8 * large + 0.2 * tint), 0, 255).astype(np.uint8)


def headshot(rank: int, height_px: int = 320, **changes: object) -> Headshot:
    """A headshot with plausible scores."""
    name, colour = LOOKS[rank % len(LOOKS)]
    crop = CROP_CYCLE[(rank - 1) % len(CROP_CYCLE)]
    shot = Shot(
        id=f"shot-{rank}",
        seed=rank,
        selfie_id="a" * 16,
        style="corporate",
        crop=crop,
        light=STYLE.lights[rank % 2],
        backdrop=Backdrop(name, "gradient", (colour, "#101418")),
        grade=Grade(),
        polish=0.4,
        wardrobe="own",
        prompt=Prompt("a person", "studio light", ""),
    )
    parts = {"exposure": 0.97, "focus": 0.94, "composition": 0.9, "colour": 0.88, "light": 0.83, "edges": 0.79}
    values: dict[str, object] = {
        "rank": rank,
        "shot": shot,
        "rgb": picture(crop, height_px, colour),
        "scores": Scores(0.95 - 0.01 * rank, parts),
        "likeness": Likeness(0.91 - 0.005 * rank, 0.97 - 0.012 * rank, 0.96 - 0.004 * rank),
        "why": "Even light on both eyes and a calm backdrop; the sharpest of the set.",
    }
    return Headshot(**{**values, **changes})  # type: ignore[arg-type]


def a_face() -> Face:
    """A face that nobody looks at."""
    zero = np.zeros((71, 2), np.float32)
    mesh = np.zeros((468, 3), np.float32)
    return Face((0, 0, 1, 1), 0.9, zero[:5], mesh, 0.9, zero, zero, zero[:5], zero[:5], 0.0, 0.0, 0.0)


def an_intake(names: Sequence[str] = ("astronaut.png", "dark.jpg", "holiday.jpg")) -> Intake:
    """One photo of each outcome, as far as there are names."""
    answers = (
        (Outcome.ACCEPTED, "Sharp, well lit and facing the camera: this one is fine."),
        (Outcome.USABLE, "A little dark. Stand near a window and the skin will have more detail."),
        (Outcome.REFUSED, "No face was found in this photo. Send one where your face is clearly visible."),
    )
    verdicts, selfies = [], []
    look = Appearance(35.0, (65.0, 12.0, 15.0), None, "", 0.0, 0.0, None, "", 0.5, False)
    for number, name in enumerate(names):
        outcome, advice = answers[number % 3]
        findings = () if outcome is Outcome.ACCEPTED else (Finding("too_dark", outcome is Outcome.REFUSED, 40.0, 50.0),)
        photo_id = "abc"[number % 3] * 16
        verdicts.append(Verdict(name, photo_id, outcome, findings, advice, {"sharpness": 0.91234}))
        if outcome is not Outcome.REFUSED:
            selfies.append(Selfie(photo_id, name, astronaut(), a_face(), look, {}, 0.8, outcome, findings))
    coverage = Coverage(
        angles={"front": 2, "left": 0, "right": 1, "up": 0, "down": 0},
        light={"even": 2, "side": 0, "back": 0},
        expression={"mouth_closed": 1, "mouth_open": 1},
        next_photo="Turn your head a little to your left, as if you looked past the camera.",
    )
    return Intake(tuple(verdicts), tuple(selfies), coverage)


@dataclass
class FakeStudio:
    """Answers like the studio; `history` holds what was asked of it."""

    interrupt_after: int | None = None
    """Press Ctrl-C once that many headshots are finished."""
    failure: HeadroomError | None = None
    intake: Intake = field(default_factory=an_intake)
    history: list[tuple[str, object]] = field(default_factory=list)

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        self.history.append(("check", tuple(photo.name for photo in photos)))
        self._fail()
        on_step(Step("intake", len(photos), len(photos)))
        return self.intake

    def shoot(self, request: ShootRequest, on_step: OnStep, on_headshot: Callable[[Headshot], None]) -> Gallery:
        self.history.append(("shoot", request))
        self._fail()
        for stage in STAGES[:-1]:
            on_step(Step(stage, 1, 1))
        headshots = []
        for rank in range(1, request.count + 1):
            if self.interrupt_after == rank - 1:
                os.kill(os.getpid(), signal.SIGINT)
            on_step(Step("finish", rank - 1, request.count))
            headshots.append(headshot(rank))
            on_headshot(headshots[-1])
        on_step(Step("finish", request.count, request.count))
        seconds = dict(zip(STAGES, (2.1, 0.4, 0.01, 0.01, 18.2, 0.3, 9.7), strict=True))
        return Gallery(STYLE, self.intake, tuple(headshots), 24, {"likeness too low": 2}, seconds)

    def vary(self, variation: VariationRequest, on_step: OnStep, on_headshot: Callable[[Headshot], None]) -> Gallery:
        self.history.append(("vary", variation))
        return self.shoot(ShootRequest(variation.photos, count=variation.count), on_step, on_headshot)

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, object]:
        return {"seed": headshot.shot.seed, "crop": headshot.shot.crop}

    def _fail(self) -> None:
        if self.failure:
            raise self.failure
