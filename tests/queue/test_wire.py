"""What is read from Redis is ours or is refused; nothing of it is ever run."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.queue.wire import LATEST_MS, pack_job, pack_progress, unpack_job, unpack_progress
from tests.queue.callers import new_id, step

SHOOT = "0123456789abcdef" * 2
RING: dict[str, Any] = {"t": None, "f": "answer", "a": (SHOOT,), "k": {}, "et": 1_700_000_000_000}
BAD = {
    "another function": {"f": "system"},
    "no argument": {"a": []},
    "two arguments": {"a": [SHOOT, SHOOT]},
    "not an id": {"a": ["../../etc/passwd"]},
    "a number": {"a": [5]},
    "keywords": {"k": {"shoot_id": SHOOT}},
    "a try that is text": {"t": "1"},
    "a try that is true": {"t": True},
    "a try beyond the last": {"t": 1000},
    "a time that is text": {"et": "now"},
    "a time beyond the calendar": {"et": LATEST_MS + 1},
    "a time before all": {"et": -1},
    "one field more": {"x": 1},
}


class Bomb:
    """Ends the test run when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('a pickle was run')",))


def test_a_ring_comes_back_as_it_was() -> None:
    """What arq packs is what the worker gets."""
    assert unpack_job(pack_job(RING)) == RING


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_whatever_is_not_a_ring_is_refused(change: dict[str, Any]) -> None:
    """Some of these would end the worker at every start, if they were let in."""
    with pytest.raises(ValueError, match=r"ring|shoot id"):
        unpack_job(json.dumps(RING | change).encode())


@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_in_the_same_way(junk: bytes) -> None:
    """ValueError is what arq counts as a failed job; a job stays ours however long the junk is."""
    with pytest.raises(ValueError):  # noqa: PT011 - from json or from us, both are fine
        unpack_job(junk)


@pytest.mark.parametrize("junk", [b"[" * 1000, b"{" * 1024, b"null", b"1e999", b'{"et": 1' + b"0" * 900 + b"}"])
def test_deep_and_large_junk_is_refused(junk: bytes) -> None:
    """Neither recursion nor huge numbers get further than this."""
    with pytest.raises(ValueError):  # noqa: PT011
        unpack_job(junk)


def test_a_pickle_is_not_run() -> None:
    """It is only bytes that are no JSON."""
    with pytest.raises(ValueError):  # noqa: PT011
        unpack_job(pickle.dumps(Bomb()))


def test_only_the_class_of_an_error_is_written() -> None:
    """The message of an exception may hold a name; no other object gets in at all."""
    assert b"Jane" not in pack_job(RING | {"r": RuntimeError("Jane Doe")})
    with pytest.raises(TypeError, match=r"^Bomb has no place in Redis$"):
        pack_job({"r": Bomb()})


def test_progress_comes_back_as_it_was() -> None:
    """To the millisecond."""
    shoot_id = new_id()
    packed = {str(k).encode(): str(v).encode() for k, v in pack_progress(step(shoot_id, 5)).items()}

    assert unpack_progress(shoot_id, packed) == step(shoot_id, 5)


@given(st.dictionaries(st.sampled_from([b"stage", b"done", b"total", b"at_ms", b"x"]), st.binary(max_size=400)))
def test_any_fields_are_progress_or_nothing(fields: dict[bytes, bytes]) -> None:
    """Reading never raises."""
    progress = unpack_progress(SHOOT, fields)

    assert progress is None or progress.shoot_id == SHOOT
