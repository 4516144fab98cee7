"""The engine process: builds its studio once, then does one job after another for its parent until the pipe ends.

Orders come on stdin, reports go out on what was stdout; stray prints of libraries go nowhere. The main thread works; a second one
listens, so that a cancel is heard during a job. After a failure that is not the person's the process ends: the next job
begins in a fresh one.
"""

import importlib
import json
import os
import secrets
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Protocol

from engine.child import messages
from engine.child.events import Checked, Done, Event, Finished, Stepped, Stopped
from engine.child.frames import Frame, packed, read_frame
from engine.child.messages import CANCELLED, READY, error_frame, event_frame, to_job
from engine.child.tether import die_with_parent, fall_first, let_others_go_first
from engine.contract.errors import Cancelled, EngineError, HeadroomError, OutOfMemory, PersonError
from engine.contract.ports import OnStep, Step
from engine.contract.selfies import Intake, Photo
from engine.contract.shots import FileFormat, Gallery, Headshot, ShootRequest, VariationRequest
from engine.headshot_files import to_file


class StudioLike(Protocol):
    """What a studio factory returns: `engine.pipeline.Studio`, or a test's own."""

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        """A verdict for every photo."""
        ...

    def shoot(
        self,
        request: ShootRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        """A gallery, without making again what is kept."""
        ...

    def vary(
        self,
        request: VariationRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        """More of one headshot."""
        ...

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, Any]:
        """What makes the headshot again."""
        ...


class Desk:
    """What the parent says, sorted: jobs wait in line, cancel and wind-up are seen at the next step."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.jobs: SimpleQueue[Frame | None] = SimpleQueue()
        self.cancelled = 0
        """Number of the job that nobody wants any more."""
        self.winding_up = False
        self._pipe = pipe

    def listen(self) -> None:
        """Until the pipe ends: then the parent is gone, and so are we, whatever is being done."""
        while True:
            try:
                frame = read_frame(self._pipe)
            except (EOFError, OSError):
                os._exit(0)
            match frame.kind:
                case messages.CANCEL:
                    self.cancelled = frame.facts["number"]
                case messages.WIND_UP:
                    self.wind_up()
                case _:
                    self.jobs.put(frame)

    def wind_up(self) -> None:
        """Finish the headshot that is being made, then end."""
        self.winding_up = True
        self.jobs.put(None)


@dataclass(slots=True)
class Bench:
    """One job at work: passes steps and headshots on, and stops when it is told to."""

    desk: Desk
    number: int
    file_format: FileFormat
    recipe: Callable[[Headshot, FileFormat], Mapping[str, Any]]
    send: Callable[[Frame], None]
    stage: str = ""

    def on_step(self, step: Step) -> None:
        """Before the headshots are finished there is nothing worth waiting for when we wind up."""
        self.stage = step.stage
        self.report(Stepped(step))
        if self.unwanted or (self.desk.winding_up and step.stage != "finish"):
            raise Cancelled

    def on_headshot(self, headshot: Headshot) -> None:
        """Hand it over, then look whether to go on."""
        height_px, width_px = headshot.rgb.shape[:2]
        self.report(
            Finished(
                rank=headshot.rank,
                shot_id=headshot.shot.id,
                picture=to_file(headshot.rgb, headshot.shot, self.file_format),
                file_format=self.file_format,
                width_px=width_px,
                height_px=height_px,
                recipe=self.recipe(headshot, self.file_format),
                scores=headshot.scores,
                likeness=headshot.likeness,
                why=headshot.why,
                notes=headshot.notes,
            )
        )
        if self.unwanted or self.desk.winding_up:
            raise Cancelled

    def report(self, event: Event) -> None:
        """Tell the parent."""
        self.send(event_frame(event))

    @property
    def unwanted(self) -> bool:
        """Somebody cancelled this very job."""
        return self.desk.cancelled == self.number


def main() -> None:
    """Serve until the pipe ends. The arguments are one JSON object: see `engine.child.process`."""
    orders = json.loads(sys.argv[1])
    die_with_parent(orders["parent_pid"])
    fall_first()
    let_others_go_first()
    pipe_in, pipe_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def send(frame: Frame) -> None:
        pipe_out.write(packed(frame))
        pipe_out.flush()

    desk = Desk(pipe_in)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, lambda _number, _frame: desk.wind_up())
    Thread(target=desk.listen, daemon=True).start()
    serve(orders, desk, send)
    pipe_out.close()
    os._exit(0)  # nothing is worth waiting for: no exit handler of a library may hang here


def serve(orders: Mapping[str, Any], desk: Desk, send: Callable[[Frame], None]) -> None:
    """Build the studio, say so, and work until told to end or until a job fails."""
    stage = "start"
    bench: Bench | None = None
    try:
        module, _, name = orders["factory"].partition(":")
        studio: StudioLike = getattr(importlib.import_module(module), name)(
            Path(orders["own_styles"]) if orders["own_styles"] else None
        )
        send(Frame(READY, {}))
        while not desk.winding_up and (frame := desk.jobs.get()) is not None:
            job = to_job(frame)
            bench = Bench(desk, frame.facts["number"], job.file_format, studio.recipe, send)
            stage = ""
            try:
                bench.report(_answer(studio, job.request, job.kept, bench))
            except Cancelled:
                send(Frame(CANCELLED, {}) if bench.unwanted else event_frame(Stopped()))
            except PersonError as error:
                send(error_frame(error))
    except Exception as error:  # noqa: BLE001 the dispatcher: whatever it was, the parent hears of it and goes on
        send(error_frame(_failure(error, bench.stage if bench else stage)))


def _answer(
    studio: StudioLike,
    request: ShootRequest | VariationRequest | tuple[Photo, ...],
    kept: Mapping[int, str],
    bench: Bench,
) -> Event:
    if isinstance(request, tuple):
        return _checked(studio.check(request, bench.on_step))
    if isinstance(request, VariationRequest):
        gallery = studio.vary(request, bench.on_step, bench.on_headshot, kept)
    else:
        gallery = studio.shoot(request, bench.on_step, bench.on_headshot, kept)
    return Done(
        style=gallery.style.name,
        headshots=len(gallery.headshots),
        rendered=gallery.rendered,
        rejected=gallery.rejected,
        seconds=gallery.seconds,
        checked=_checked(gallery.intake),
    )


def _checked(intake: Intake) -> Checked:
    return Checked(intake.verdicts, intake.coverage)


def _failure(error: Exception, stage: str) -> HeadroomError:
    """Ours as it is; others by class and place only: their texts may quote what a person sent."""
    if isinstance(error, HeadroomError):
        return error
    if isinstance(error, MemoryError) or _opencv_lacks_memory(error):
        return OutOfMemory("engine_out_of_memory", stage)
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return EngineError("engine_failed", stage, reference=secrets.token_hex(4), kind=type(error).__name__, where=where)


def _opencv_lacks_memory(error: Exception) -> bool:
    cv2 = sys.modules.get("cv2")  # a studio without OpenCV need not load it
    return cv2 is not None and isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem
