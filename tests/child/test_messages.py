"""What crosses the pipe arrives as it was sent, and nonsense is refused instead of believed."""

import asyncio
import io
import json
import struct

import pytest

from engine.child.events import Checked, Done, Event, Finished, Stepped, Stopped
from engine.child.frames import Frame, hear_frame, packed, read_frame
from engine.child.messages import Job, error_frame, event_frame, job_frame, to_error, to_event, to_job
from engine.contract import errors
from engine.contract.identities import Likeness
from engine.contract.ports import Step
from engine.contract.selfies import Photo
from engine.contract.shots import Scores, ShootRequest, VariationRequest
from engine.contract.styles import Backdrop
from tests.child.studios import verdicts

PHOTOS = (Photo("1.jpg", b"\x00\xff"), Photo("zwei – 2.heic", b""))
INTAKE = verdicts(PHOTOS)
CHECKED = Checked(INTAKE.verdicts, INTAKE.coverage)


def sent(frame: Frame) -> Frame:
    """Over the wire and back."""
    return read_frame(io.BytesIO(packed(frame)))


@pytest.mark.parametrize(
    "job",
    [
        Job(PHOTOS),
        Job(ShootRequest(PHOTOS, wish="wärmer", crops=("square",), seed=2**40), "png", {1: "a", 12: "b"}),
        Job(ShootRequest(PHOTOS[:1], backdrop=Backdrop("lobby", "picture"), backdrop_picture=b"PNG")),
        Job(ShootRequest(PHOTOS, reference=Photo("look.png", b"LOOK"))),
        Job(ShootRequest(PHOTOS, backdrop_picture=b"PNG", reference=Photo("", b""))),
        Job(VariationRequest({"schema": 1, "shot": {"seed": 3}}, "warmer", PHOTOS), "webp"),
    ],
    ids=["check", "shoot", "backdrop", "reference", "both", "vary"],
)
def test_a_job_arrives_as_it_was_given(job: Job) -> None:
    """Photos to the byte, also one that is empty; words in any script."""
    assert to_job(sent(job_frame(1, job))) == job


@pytest.mark.parametrize(
    "event",
    [
        Stepped(Step("render", 3, 20)),
        Finished(2, "ab12", b"\xff\xd8", "jpeg", 4, 5, {"schema": 1}, Scores(0.9, {"focus": 0.1}),
                 Likeness(0.9, 0.8, 0.7), "Chosen for light.", ("note_close",)),
        Done("corporate", 4, 20, {"near_identical": 2}, {"render": 1.5}, CHECKED),
        CHECKED,
        Stopped(),
    ],
    ids=lambda event: type(event).__name__,
)  # fmt: skip
def test_an_event_arrives_as_it_happened(event: Event) -> None:
    """Records come out equal, numbers of NumPy as plain ones."""
    assert to_event(sent(event_frame(event))) == event


@pytest.mark.parametrize(
    "error",
    [
        errors.PersonError("photo_too_heavy", megabytes=30, limit=25),
        errors.ModelUnavailable("weights_missing", "render", name="sface", folder="models"),
        errors.OutOfMemory("engine_out_of_memory", "finish"),
        errors.StorageError("folder_unwritable", folder="out"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_keeps_class_code_stage_and_facts(error: errors.HeadroomError) -> None:
    """Whoever catches it decides as if it had been raised here."""
    arrived = to_error(sent(error_frame(error)))

    assert type(arrived) is type(error)
    assert (arrived.code, arrived.facts, arrived.retryable) == (error.code, error.facts, error.retryable)
    assert getattr(arrived, "stage", "") == getattr(error, "stage", "")


def test_an_error_that_the_other_end_does_not_know_arrives_as_the_nearest() -> None:
    """A renderer may refine the tree; facts that are no plain values arrive as text."""

    class LampBurnt(errors.RenderFailed):
        pass

    arrived = to_error(sent(error_frame(LampBurnt("nothing_rendered", "render", where=("left", 2)))))

    assert type(arrived) is errors.RenderFailed
    assert arrived.facts == {"where": "('left', 2)"}


def wire(head: object, *, length: int | None = None) -> bytes:
    """A frame by hand."""
    data = json.dumps(head).encode()
    return struct.pack(">I", len(data) if length is None else length) + data


NONSENSE = [
    wire({"kind": "stepped"}),
    wire([1, 2]),
    wire({"kind": "stepped", "facts": {}, "blobs": [-1]}),
    wire({"kind": "finished", "facts": {}, "blobs": [10**12]}),
    wire({}, length=2**31),
    struct.pack(">I", 4) + b"\x80\x04\x95.",
]


@pytest.mark.parametrize("data", NONSENSE)
def test_nonsense_is_refused_before_memory_is_spent_on_it(data: bytes) -> None:
    """A process that a photo has taken over can end its own job, no more; a pickle is nonsense like any other."""

    async def heard() -> Frame:
        stream = asyncio.StreamReader()
        stream.feed_data(data)
        stream.feed_eof()
        return await hear_frame(stream)

    with pytest.raises(ValueError):  # noqa: PT011 the kind says it all
        asyncio.run(heard())


@pytest.mark.parametrize(
    "frame",
    [
        Frame("import", {}),
        Frame("stepped", {"step": {"stage": "x", "done": "many", "total": 0}}),
        Frame("finished", {"rank": 1}),
    ],
)
def test_an_event_that_is_none_is_refused(frame: Frame) -> None:
    """Well-formed, but not what was agreed."""
    with pytest.raises(ValueError):  # noqa: PT011 pydantic's own is one
        to_event(frame)


@pytest.mark.parametrize("facts", [{}, {"error": "SystemExit", "code": "x", "stage": "", "facts": {}}])
def test_a_failure_that_is_none_is_refused(facts: dict[str, object]) -> None:
    """Only the classes of our own tree can be raised from outside."""
    with pytest.raises(ValueError, match="no failure"):
        to_error(Frame("failed", facts))
