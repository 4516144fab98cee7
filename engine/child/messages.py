"""Requests, events and errors as frames and back. Both ends of the pipe use this module; nothing else knows the names inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from pydantic import TypeAdapter

from engine.child.events import Checked, Done, Event, Finished, Stepped, Stopped
from engine.child.frames import Frame
from engine.contract import errors
from engine.contract.errors import EngineError, HeadroomError
from engine.contract.selfies import Photo
from engine.contract.shots import FileFormat, ShootRequest, VariationRequest

READY: Final = "ready"
CANCEL: Final = "cancel"
CANCELLED: Final = "cancelled"
WIND_UP: Final = "wind_up"
FAILED: Final = "failed"

_EVENTS: Final[Mapping[str, TypeAdapter[Event]]] = {
    "stepped": TypeAdapter(Stepped),
    "finished": TypeAdapter(Finished),
    "checked": TypeAdapter(Checked),
    "done": TypeAdapter(Done),
    "stopped": TypeAdapter(Stopped),
}
_KINDS: Final = {
    Stepped: "stepped", Finished: "finished", Checked: "checked", Done: "done", Stopped: "stopped",
}  # fmt: skip
_ERRORS: Final[Mapping[str, type[HeadroomError]]] = {
    kind.__name__: kind
    for kind in (
        errors.PersonError,
        errors.EngineError,
        errors.ModelUnavailable,
        errors.OutOfMemory,
        errors.RenderFailed,
        errors.StorageError,
        errors.SettingsError,
    )
}
_SHOOT: Final = TypeAdapter(ShootRequest)
_VARY: Final = TypeAdapter(VariationRequest)
_KEPT: Final = TypeAdapter(dict[int, str])
_FORMAT: Final[TypeAdapter[FileFormat]] = TypeAdapter(FileFormat)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do. `kept`: rank → shot id of headshots that an earlier start has finished."""

    request: ShootRequest | VariationRequest | tuple[Photo, ...]
    """Photos alone: check them."""
    file_format: FileFormat = "jpeg"
    kept: Mapping[int, str] = field(default_factory=dict)


def job_frame(number: int, job: Job) -> Frame:
    """The order to do it. Photos, a backdrop picture and a reference travel as raw bytes, in this order."""
    request = job.request
    photos = request if isinstance(request, tuple) else request.photos
    facts: dict[str, object] = {"number": number, "names": [photo.name for photo in photos]}
    blobs = [photo.data for photo in photos]
    if isinstance(request, tuple):
        return Frame("check", facts, tuple(blobs))
    facts |= {"file_format": job.file_format, "kept": dict(job.kept)}
    if isinstance(request, VariationRequest):
        return Frame("vary", {**facts, "request": replace(request, photos=())}, tuple(blobs))
    if request.backdrop_picture is not None:
        blobs.append(request.backdrop_picture)
    if request.reference is not None:
        facts["reference"] = request.reference.name
        blobs.append(request.reference.data)
    bare = replace(request, photos=(), backdrop_picture=None, reference=None)
    return Frame("shoot", {**facts, "request": bare}, tuple(blobs))


def to_job(frame: Frame) -> Job:
    """What `job_frame` was given."""
    names: Sequence[str] = frame.facts["names"]
    photos = tuple(Photo(name, data) for name, data in zip(names, frame.blobs, strict=False))
    if frame.kind == "check":
        return Job(photos)
    file_format = _FORMAT.validate_python(frame.facts["file_format"])
    kept = _KEPT.validate_python(frame.facts["kept"])
    if frame.kind == "vary":
        return Job(replace(_VARY.validate_python(frame.facts["request"]), photos=photos), file_format, kept)
    rest = list(frame.blobs[len(names) :])
    called = frame.facts.get("reference")
    reference = None if called is None else Photo(called, rest.pop())
    request = _SHOOT.validate_python(frame.facts["request"])
    backdrop = rest.pop() if rest else None
    return Job(replace(request, photos=photos, backdrop_picture=backdrop, reference=reference), file_format, kept)


def event_frame(event: Event) -> Frame:
    """The report of an event."""
    facts = {one.name: getattr(event, one.name) for one in fields(event)}
    blobs = (facts.pop("picture"),) if isinstance(event, Finished) else ()
    return Frame(_KINDS[type(event)], facts, blobs)


def to_event(frame: Frame) -> Event:
    """What `event_frame` was given. Raises ValueError when it is no event."""
    if frame.kind not in _EVENTS:
        raise ValueError("no event")
    picture = {"picture": frame.blobs[0]} if frame.blobs else {}
    return _EVENTS[frame.kind].validate_python({**frame.facts, **picture})


def error_frame(error: HeadroomError) -> Frame:
    """The report of a failure: the nearest class that both ends know, its code and facts."""
    kind = next((k.__name__ for k in type(error).__mro__ if k.__name__ in _ERRORS), EngineError.__name__)
    facts = {name: v if isinstance(v, bool | int | float | None) else str(v) for name, v in error.facts.items()}
    stage = error.stage if isinstance(error, EngineError) else ""
    return Frame(FAILED, {"error": kind, "code": error.code, "stage": stage, "facts": facts})


def to_error(frame: Frame) -> HeadroomError:
    """What `error_frame` was given. Raises ValueError when it is no failure that is known here."""
    match frame.facts:
        case {"error": str(name), "code": str(code), "stage": str(stage), "facts": dict(facts)} if name in _ERRORS:
            kind = _ERRORS[name]
            return kind(code, stage, **facts) if issubclass(kind, EngineError) else kind(code, **facts)
        case _:
            raise ValueError("no failure")
