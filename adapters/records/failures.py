"""What can go wrong with a database, translated once."""

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from engine.contract.errors import StorageError

SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL = 5, 6, 13  # https://sqlite.org/rescode.html, low byte
SERIALIZATION, DEADLOCK, DISK_FULL = "40001", "40P01", "53100"  # PostgreSQL manual, appendix A


def is_busy(error: Exception) -> bool:
    """True when the same transaction will go through in a moment."""
    return _sqlite_code(error) in {SQLITE_BUSY, SQLITE_LOCKED} or _postgres_code(error) in {SERIALIZATION, DEADLOCK}


def to_storage_error(error: SQLAlchemyError | OSError) -> StorageError:
    """The error that the rest of Headroom knows. Its text holds no value of any row."""
    if is_busy(error):
        return StorageError("records_busy")
    if _sqlite_code(error) == SQLITE_FULL or _postgres_code(error) == DISK_FULL:
        return StorageError("records_full")
    if isinstance(error, IntegrityError):
        return StorageError("records_damaged")
    return StorageError("records_unreachable")


def _sqlite_code(error: Exception) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, DBAPIError) else None
    return None if code is None else int(code) & 0xFF


def _postgres_code(error: Exception) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
