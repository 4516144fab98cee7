"""Selfies in, ranked headshots out: the seven stages as seven calls. Plain synchronous code that does no I/O of its own."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from engine.contract.errors import PersonError
from engine.contract.pixels import Rgb8
from engine.contract.ports import FaceAnalyzer, FaceEmbedder, OnStep, Renderer, Sitting, Step, Upscaler
from engine.contract.selfies import Intake, Photo, Selfie
from engine.contract.shots import FileFormat, Gallery, Headshot, ShootRequest, Shot, VariationRequest
from engine.contract.styles import Style
from engine.intake.decode import decode
from engine.planning.recipes import read_recipe, to_recipe
from engine.planning.variations import vary
from engine.references.look import in_the_look
from engine.references.measures import read_reference
from engine.stages.finish import finish, unfinished
from engine.stages.identity import identify
from engine.stages.intake import intake
from engine.stages.prompt import plan
from engine.stages.render import render
from engine.stages.select import select
from engine.stages.style import find_style

OnHeadshot: TypeAlias = Callable[[Headshot], None]
MakeRenderer: TypeAlias = Callable[[Rgb8 | None], Renderer]
"""Gets the picture to hang behind the sitter, if there is one."""
_MOST_SELFIES = 6
_NOTHING: Mapping[int, str] = MappingProxyType({})
SAME = "same"
"""The kind of variation that changes nothing: the headshot of a recipe again, at another size if wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Studio:
    """The engine, put together from its ports."""

    analyzer: FaceAnalyzer
    embedders: tuple[FaceEmbedder, ...]
    make_renderer: MakeRenderer
    upscaler: Upscaler
    own_styles: Path | None = None

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        """Stage 1 alone: a verdict for every photo."""
        return intake(photos, self.analyzer, self.embedders[0], on_step)

    def shoot(
        self, request: ShootRequest, on_step: OnStep, on_headshot: OnHeadshot, kept: Mapping[int, str] = _NOTHING
    ) -> Gallery:
        """All stages. `on_headshot` gets each headshot as soon as it is finished; either callback may raise `Cancelled`.

        `kept`, for a shoot that goes on after a restart: rank → shot id of what was handed over before and is not finished again.

        Raises PersonError when the style, the wish, the reference picture or the photos do not allow a shoot, EngineError when the engine fails.
        """
        style = self._in_the_look(find_style(request.style, self.own_styles), request.reference)

        def planned(sitting: Sitting, renderer: Renderer) -> tuple[Shot, ...]:
            return plan(style, _best(sitting.selfies), request, renderer.card)

        picture = self._decoded(request.backdrop_picture)
        work = _Work(request.photos, style, request.count, request.height_px, picture, planned)
        return self._made(work, on_step, on_headshot, kept)

    def vary(
        self, request: VariationRequest, on_step: OnStep, on_headshot: OnHeadshot, kept: Mapping[int, str] = _NOTHING
    ) -> Gallery:
        """A shoot that starts from one headshot: its recipe, edited. Raises PersonError when the selfie is not among the photos."""
        shot = read_recipe(request.recipe)
        style = find_style(shot.style, self.own_styles)

        def planned(sitting: Sitting, _renderer: Renderer) -> tuple[Shot, ...]:
            if shot.selfie_id not in {selfie.id for selfie in sitting.selfies}:
                raise PersonError("recipe_selfie_missing")
            if request.kind == SAME:
                return (shot,)
            return vary(shot, request.kind, max(2 * request.count, 8), request.seed, style)

        work = _Work(request.photos, style, request.count, request.height_px, None, planned)
        return self._made(work, on_step, on_headshot, kept)

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, Any]:
        """What makes this headshot again, as JSON; its picture is the finished one."""
        return to_recipe(headshot.shot, version("headroom"), headshot.rgb.shape[0], file_format)

    def _made(self, work: "_Work", on_step: OnStep, on_headshot: OnHeadshot, kept: Mapping[int, str]) -> Gallery:
        clock = _Clock(on_step)
        with clock.stage("intake"):
            seen = intake(work.photos, self.analyzer, self.embedders[0], on_step)
            if not seen.selfies:
                advice = " ".join(f"{at}. {verdict.advice}" for at, verdict in enumerate(seen.verdicts, 1))
                raise PersonError("no_usable_selfie", advice=advice)
        with clock.stage("identity"):
            identity = identify(seen.selfies, self.embedders)
            sitting = Sitting(tuple(s for s in seen.selfies if s.id in identity.selfie_ids), identity)
        with clock.stage("style"):
            renderer = self.make_renderer(work.backdrop_picture)
        with clock.stage("prompt"):
            shots = work.plan(sitting, renderer)
        with clock.stage("render"):
            proofs = render(renderer, sitting, shots, on_step)
        with clock.stage("select"):
            keeps_pixels = renderer.card.keeps_pixels
            chosen, rejected = select(
                proofs, sitting, self.analyzer, self.embedders, work.count, on_step, keeps_pixels=keeps_pixels
            )
            if not chosen:
                raise PersonError("nothing_passed")
        with clock.stage("finish"):
            waiting = unfinished(chosen, kept)
            proof_of = {headshot.rank: headshot.rgb for headshot in waiting}
            finished = [headshot for headshot in chosen if headshot.shot.id in kept.values()]
            for headshot in finish(waiting, renderer, sitting, self.upscaler, work.height_px, on_step):
                on_headshot(headshot)
                finished.append(replace(headshot, rgb=proof_of[headshot.rank]))  # a hundred large ones fill the memory
        renderer.unload()
        return Gallery(
            style=work.style,
            intake=seen,
            headshots=tuple(sorted(finished, key=lambda headshot: headshot.rank)),
            rendered=len(proofs),
            rejected={**rejected, "not_rendered": len(shots) - len(proofs)},
            seconds=clock.seconds,
        )

    def _in_the_look(self, style: Style, picture: Photo | None) -> Style:
        return style if picture is None else in_the_look(style, read_reference(picture, self.analyzer))

    def _decoded(self, picture: bytes | None) -> Rgb8 | None:
        if picture is None:
            return None
        result = next(iter(decode([Photo("backdrop", picture)])))
        if isinstance(result, PersonError):
            raise result
        return result


def _best(selfies: Sequence[Selfie]) -> tuple[Selfie, ...]:
    """The selfies that shots are made from: more would cost memory and show the weaker ones."""
    return tuple(sorted(selfies, key=lambda selfie: (-selfie.quality, selfie.id))[:_MOST_SELFIES])


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """A shoot or a variation, ready to be made."""

    photos: tuple[Photo, ...]
    style: Style
    count: int
    height_px: int
    backdrop_picture: Rgb8 | None
    plan: Callable[[Sitting, Renderer], tuple[Shot, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class _Clock:
    on_step: OnStep
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tells that the stage begins and ends, and times it."""
        self.on_step(Step(name, 0, 0))
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began
        self.on_step(Step(name, 1, 1))


def open_studio(own_styles: Path | None = None) -> Studio:
    """The studio of this machine: the computational renderer and every face embedder whose weights are present."""
    from threadpoolctl import threadpool_limits

    from engine.allocation import give_large_blocks_back
    from engine.faces.analyzer import MeshFaceAnalyzer
    from engine.faces.insightface_pack import arcface_embedder
    from engine.faces.sface import SFaceEmbedder
    from engine.mattes.closed_form import ClosedFormMatter
    from engine.renderers.studio.renderer import StudioRenderer
    from engine.settings import arcface_dir, batch
    from engine.upscalers.lanczos import LanczosUpscaler

    give_large_blocks_back()
    threadpool_limits(limits=1, user_api="blas")  # our matrices are small: more threads only wait for each other
    sface, matter = SFaceEmbedder(), ClosedFormMatter()
    folder, pictures_at_once = arcface_dir(), batch()
    embedders: tuple[FaceEmbedder, ...] = (sface, arcface_embedder(folder)) if folder else (sface,)

    def make_renderer(backdrop_picture: Rgb8 | None) -> Renderer:
        return StudioRenderer(matter, sface, backdrop_picture, pictures_at_once)

    return Studio(MeshFaceAnalyzer(), embedders, make_renderer, LanczosUpscaler(), own_styles)
