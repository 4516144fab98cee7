"""The install key of a folder store: made on first use, readable by its user only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from adapters.storage.seals import KEY_BYTES
from engine.contract.errors import ArtifactUnreadable, StorageError


def load_install_key(path: Path) -> bytes:
    """The install key in a file of 64 hexadecimal digits; a missing file is made with a random key and mode 0600.

    Raises ArtifactUnreadable when the file holds something else: it is never replaced, because it locks every picture.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        text = path.read_text(encoding="ascii")
        key = bytes.fromhex(text)
    except ValueError as error:
        raise ArtifactUnreadable("install_key_wrong") from error
    except OSError as error:
        raise StorageError("storage_unavailable") from error
    if len(key) != KEY_BYTES:
        raise ArtifactUnreadable("install_key_wrong")
    return key


def _make(path: Path) -> None:
    """Written aside and linked, so that two processes that start together end with one whole key."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
