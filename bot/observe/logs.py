"""Logs: one line per event, on standard error, through the allow-list of `redaction`. Everything that logs in this process goes here.

Write `log = logging.getLogger(__name__)` and `log.info("shoot_finished", extra={"shoot_id": …, "seconds": …})`: the event is a code,
what belongs to it is an extra whose key is on the allow-list. structlog's own loggers do the same with keywords. What libraries
say is dropped below a warning, and above it reduced to the text that stands in their source, without what they filled in.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.observe.failures import classes_of, place_of
from bot.observe.redaction import is_word, redacted

OURS = ("bot", "engine", "adapters", "headroom", "__main__")
UNNAMED = "unnamed"
"""The event of a line whose text is not ours to show; logger and place still tell where it came from."""
_RECORD = structlog.stdlib.ProcessorFormatter
log = logging.getLogger("headroom")


def set_up_logs(level: str = "info", style: Literal["json", "console"] = "json", stream: TextIO | None = None) -> None:
    """Route all logs of this process, warnings and uncaught exceptions to one handler. May be called again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        _RECORD(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
            pass_foreign_args=True,
            processors=[_tell, _renderer(style)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] not in OURS:
            _tame(logging.getLogger(name))
    logging.raiseExceptions = False  # a line that cannot be written is lost, not printed with its values
    logging.captureWarnings(True)
    structlog.configure(
        processors=[structlog.stdlib.add_logger_name, structlog.stdlib.filter_by_level, _RECORD.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda told: _uncaught_one("unraisable_exception", told.exc_value)
    threading.excepthook = lambda told: _uncaught_one("uncaught_exception", told.exc_value)


def quiet_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Let the event loop tell of what nobody caught by class and place; by itself it writes out tasks with their values."""
    loop.set_exception_handler(lambda _, told: _uncaught_one("uncaught_exception", told.get("exception")))


def _tame(logger: logging.Logger) -> None:
    """A library that brought its own handlers or level loses them."""
    logger.handlers.clear()
    logger.propagate = True
    logger.setLevel(max(logger.level, logging.WARNING) if logger.level else logging.NOTSET)


def _renderer(style: Literal["json", "console"]) -> Callable[[WrappedLogger, str, EventDict], str]:
    if style == "json":
        return lambda logger, name, entry: str(structlog.processors.JSONRenderer()(logger, name, entry))
    return structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)


def _tell(logger: WrappedLogger, name: str, entry: EventDict) -> EventDict:
    """The last processor before the text: from a record to what may be shown."""
    del logger, name
    record: logging.LogRecord = entry.pop("_record")
    error = _error_of(record, entry)
    foreign = record.name.partition(".")[0] not in OURS
    event, filled_in = str(entry.pop("event", "")), entry.pop("positional_args", ())
    told: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": event if not foreign and is_word(event) else _template(record, filled_in),
        "logger": record.name,
    }
    if error:
        told |= {"errors": classes_of(error), "place": place_of(error)}
    elif foreign or told["event"] == UNNAMED:
        told["place"] = f"{record.module}.py:{record.lineno}"
    return {**told, **redacted({key: value for key, value in entry.items() if key not in told})}


def _template(record: logging.LogRecord, filled_in: object) -> str:
    """The text of a library as it stands in its source. One without blanks to fill may have been filled before: it is dropped."""
    if isinstance(record.msg, str) and filled_in and "%" in record.msg and len(record.msg) < 160:
        return record.msg
    return UNNAMED


def _error_of(record: logging.LogRecord, entry: EventDict) -> BaseException | None:
    entry.pop("exception", None)
    told = entry.pop("exc_info", None) or record.exc_info
    record.exc_info = record.exc_text = record.stack_info = None
    match told:
        case BaseException():
            return told
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del trace
    if not issubclass(kind, KeyboardInterrupt):
        _uncaught_one("uncaught_exception", error)


def _uncaught_one(event: str, error: BaseException | None) -> None:
    log.error(event, exc_info=error)
