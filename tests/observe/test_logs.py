"""Nothing of a person or a secret ever reaches a log, whichever way it is logged."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.observe.logs import quiet_loop, set_up_logs
from engine.contract.errors import StorageError

CANARIES = (
    "xoxb-1234567890-canarycanary",
    "xapp-1-A0CANARY-123-abc",
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.canarycanarycanarycanarycan",
    "https://files.example/canary.jpg?X-Amz-Signature=0123",
    "redis://headroom:canary@redis.internal:6379/0",
    "canary@example.com",
    "Anna Canary",
    "canary in front of a white background, softer light",
    "IMG_canary.HEIC",
)


class Holder:
    """An object whose repr tells."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"<Holder {self.secret}>"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What was logged; everything is put back afterwards."""
    root, hooks = logging.getLogger(), (sys.excepthook, sys.unraisablehook, threading.excepthook)
    kept = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in ("bot", "engine", "adapters", "headroom", "__main__")}
    written = io.StringIO()
    set_up_logs("debug", "json", written)
    yield written
    root.handlers[:], root.level, logging.raiseExceptions = kept
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Every line as a document."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(secret: str) -> None:
    """Fail with a secret in the message, in a local, in the cause and in the facts."""
    local = Holder(secret)
    try:
        raise KeyError(local, secret)
    except KeyError as error:
        raise StorageError("records_busy", secret=secret) from error


def with_exception(log: Callable[..., None], secret: str) -> None:
    """Log while the failure is being handled."""
    try:
        fail(secret)
    except StorageError:
        log(exc_info=True)


def nested(secret: str) -> None:
    """Log a group, whose members hold it."""
    try:
        raise ExceptionGroup(secret, [ValueError(secret)])
    except ExceptionGroup as error:
        logging.getLogger("bot.relay").error("relay_failed", exc_info=error)


async def forgotten_task(secret: str) -> None:
    """A task that fails and that nobody waits for: asyncio tells of it when it is collected."""
    quiet_loop(asyncio.get_running_loop())

    async def work() -> None:
        fail(secret)

    task = asyncio.create_task(work(), name=secret)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task


def uncaught(secret: str) -> None:
    """What the interpreter would print with its last breath."""
    try:
        fail(secret)
    except StorageError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def in_a_thread(secret: str) -> None:
    """A thread that dies."""
    thread = threading.Thread(target=fail, args=(secret,), name=secret)
    thread.start()
    thread.join()


def in_a_destructor(secret: str) -> None:
    """What cannot be raised anywhere."""

    class Unlucky:
        def __del__(self) -> None:
            fail(secret)

    Unlucky()


def warned(secret: str) -> None:
    """Python's warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(secret, UserWarning, stacklevel=1)


def broken_line(secret: str) -> None:
    """A line whose arguments do not fit its text: logging would print both."""
    logging.getLogger("bot.desk").warning("event_refused %d %d", secret)


OURS, THEIRS = logging.getLogger("bot.desk"), logging.getLogger("aiohttp.server")
PATHS: dict[str, Callable[[str], object]] = {
    "our event": lambda s: OURS.warning(s),
    "our argument": lambda s: OURS.warning("event_refused %s", s),
    "our whole argument": lambda s: OURS.warning("%s", s),
    "our extra, unknown key": lambda s: OURS.warning("event_refused", extra={"wish": s}),
    "our extra, known key": lambda s: OURS.warning("event_refused", extra={"code": s}),
    "our extra, a list": lambda s: OURS.warning("event_refused", extra={"errors": [s]}),
    "our extra, an object": lambda s: OURS.warning("event_refused", extra={"code": Holder(s), "holder": Holder(s)}),
    "our extra, nested": lambda s: OURS.warning("event_refused", extra={"code": {"inside": s}}),
    "our exception": lambda s: with_exception(lambda **k: OURS.error("event_failed", **k), s),
    "our stack": lambda s: OURS.error("event_failed %s", s, stack_info=True),
    "a group": nested,
    "structlog": lambda s: structlog.get_logger("bot.desk").warning(s, wish=s, code=s),
    "structlog, bound": lambda s: structlog.get_logger("bot.desk").bind(person=s).warning("event_refused"),
    "structlog, exception": lambda s: with_exception(lambda **k: structlog.get_logger("bot.desk").error("x", **k), s),
    "a library": lambda s: THEIRS.error("Error handling request %s", s),
    "a library, formatted": lambda s: THEIRS.error(f"Error handling request {s}"),
    "a library, one word": lambda s: THEIRS.error(s),
    "a library, exception": lambda s: with_exception(lambda **k: THEIRS.error("Error", **k), s),
    "a library, extra": lambda s: THEIRS.error("Error", extra={"code": s, "url": s}),
    "sqlalchemy": lambda s: logging.getLogger("sqlalchemy.engine.Engine").info("[parameters: %s]", s),
    "a forgotten task": lambda s: asyncio.run(forgotten_task(s)),
    "an uncaught exception": uncaught,
    "a thread": in_a_thread,
    "a destructor": in_a_destructor,
    "a warning": warned,
    "a line that does not fit": broken_line,
}


@pytest.mark.parametrize("secret", CANARIES)
@pytest.mark.parametrize("path", PATHS)
def test_no_secret_and_no_words_of_a_person_get_through(
    path: str, secret: str, stream: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Tokens, addresses, e-mails, names, wishes and file names stay out, by every way that leads into a log."""
    PATHS[path](secret)

    out, err = capfd.readouterr()
    assert "canary" not in (stream.getvalue() + out + err).lower()
    for line in lines(stream):
        assert {"timestamp", "level", "event", "logger"} <= set(line)


def test_events_keep_what_an_operator_needs(stream: io.StringIO) -> None:
    """Codes, ids and numbers are there to be searched for."""
    OURS.info("shoot_finished", extra={"shoot_id": "0f" * 16, "seconds": 2.5, "count": 4, "lane": "shoots"})
    structlog.get_logger("bot.relay").info("delivered", platform="playground", kind="gallery")

    first, second = lines(stream)
    assert first.pop("timestamp").endswith("+00:00")
    assert first == {
        "level": "info", "event": "shoot_finished", "logger": "bot.desk",
        "shoot_id": "0f" * 16, "seconds": 2.5, "count": 4, "lane": "shoots",
    }  # fmt: skip
    assert (second["event"], second["platform"], second["kind"]) == ("delivered", "playground", "gallery")


def test_an_exception_is_told_by_classes_codes_and_place(stream: io.StringIO) -> None:
    """Enough to find the line in the source, and nothing of what was in memory."""
    try:
        set_up_logs("noise", "json", stream)
    except ValueError as error:
        OURS.error("start_failed", exc_info=error)
    with_exception(lambda **k: OURS.error("event_failed", **k), "canary")

    first, second = lines(stream)
    assert first["errors"] == ["ValueError"]
    assert first["place"].startswith("bot/observe/logs.py:")
    assert first["place"].endswith(":set_up_logs")
    assert second["errors"] == ["StorageError:records_busy", "KeyError"]


def test_libraries_are_heard_from_a_warning_on_and_in_their_own_words_only(stream: io.StringIO) -> None:
    """What they filled in is left out; where it came from is told."""
    THEIRS.info("%s connected", "anna")
    THEIRS.warning("%s left early", "anna")
    THEIRS.warning("anna left early")

    first, second = lines(stream)
    assert first["event"] == "%s left early"
    assert second["event"] == "unnamed"
    assert second["place"].startswith("test_logs.py:")


def test_the_console_leaves_out_the_same(stream: io.StringIO) -> None:
    """Another look, the same silence."""
    set_up_logs("info", "console", stream)
    OURS.warning("event_refused", extra={"wish": CANARIES[0], "code": CANARIES[7], "kind": "said"})

    assert "event_refused" in stream.getvalue()
    assert "said" in stream.getvalue()
    assert "canary" not in stream.getvalue()
