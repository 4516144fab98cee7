"""Everything that is kept of somebody, as one ZIP file: pictures as they are, records as JSON, and a page that explains both."""

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.artifacts import Artifact, ArtifactStore
from bot.ledger import Clock, People
from bot.people import Person
from bot.retention import Retention
from engine.contract.errors import ArtifactUnreadable, PersonError

LARGEST_MB = 250
"""Pictures of one export. While it is packed and locked, memory holds it about three times."""
MEDIA_TYPE = "application/zip"
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/avif": "avif"}
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""Date of every entry: the first that a ZIP file can hold. The same content makes the same file."""
_README = """Headroom: everything that is kept of you, as of {day}

selfie-...     photos that you gave, byte for byte
reference-...  pictures whose look you wanted
gallery-...    finished headshots: number of the gallery, then their rank in it
files.json     which file is which picture of the records; pictures that are no longer kept have no file
records.json   every record about you, table by table:
  shoots         what you asked for, and how it ended
  checkpoints    the headshots that were made, each with its scores and the recipe that makes it again
  marks          what you marked as a favourite, downloaded or deleted
  events         what you did in the chat and when; what you wrote is forgotten as soon as it is answered
  messages       what was said to you, with the references of photos that you were asked about, and where you shared a headshot
  consents       what you agreed to and when; consent_texts holds the words
  vault          names of what you let us do elsewhere for you, such as setting your profile photo; the keys to it are not here
Times are seconds since 1970-01-01 00:00 UTC.

{pictures} pictures are in this file. It is not kept for long; keep your copy in a safe place.
"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture that the records name, and what its file is called, without the suffix."""

    artifact: str
    name: str


class Exporting:
    """Packs exports, one at a time, since each is held in memory."""

    def __init__(
        self,
        people: People,
        pictures: ArtifactStore,
        retention: Retention,
        clock: Clock,
        largest_mb: int = LARGEST_MB,
    ) -> None:
        self._people = people
        self._pictures = pictures
        self._retention = retention
        self._clock = clock
        self._largest_mb = largest_mb
        self._one_at_a_time = asyncio.Lock()

    async def export(self, person: Person) -> Artifact:
        """Pack and store it. Raises StorageError, and PersonError "export_too_large"."""
        async with self._one_at_a_time:
            records = await self._people.export(person)
            pictures, files = await self._collect(person, _wanted(records))
            now = datetime.fromtimestamp(self._clock(), UTC)
            data = await asyncio.to_thread(_packed, pictures, files, records, now)
            return await self._pictures.put(
                person.key, data, kind="export", media_type=MEDIA_TYPE, expires_at=now + self._retention.exports
            )

    async def _collect(
        self, person: Person, wanted: Sequence[_Wanted]
    ) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
        """Pictures by file name, and the list of what is which."""
        pictures: dict[str, bytes] = {}
        files: list[dict[str, Any]] = []
        room = self._largest_mb * 10**6
        for each in wanted:
            try:
                artifact, data = await self._pictures.get(person.key, each.artifact)
            except ArtifactUnreadable as error:
                files.append({"artifact": each.artifact, "file": None, "why": error.code})
                continue
            room -= len(data)
            if room < 0:
                raise PersonError("export_too_large", limit=self._largest_mb)
            name = f"{each.name}.{_SUFFIXES.get(artifact.media_type, 'bin')}"
            pictures[name] = data
            files.append({"artifact": each.artifact, "file": name, "sha256": artifact.sha256})
        return pictures, files


def _wanted(records: Mapping[str, Any]) -> list[_Wanted]:
    """Every picture that a record names, once: selfies and reference pictures in their order, headshots by rank."""
    selfies: dict[str, None] = {}
    for shoot in records["shoots"]:
        for key in ("earlier", "new", "selfies"):
            selfies |= dict.fromkeys(str(ref["artifact"]) for ref in shoot["payload"].get(key, ()))
    looks = dict.fromkeys(
        str(ref["artifact"]) for shoot in records["shoots"] if (ref := shoot["payload"].get("reference"))
    )
    made: dict[str, list[Mapping[str, Any]]] = {}
    for row in records["checkpoints"]:
        if row["artifact"]:
            made.setdefault(row["shoot_id"], []).append(row)
    galleries = [made[shoot["id"]] for shoot in records["shoots"] if shoot["id"] in made]
    headshots = {
        str(row["artifact"]): f"gallery-{number:02d}-headshot-{int(row['facts'].get('rank', row['candidate'] + 1)):02d}"
        for number, gallery in enumerate(galleries, 1)
        for row in gallery
    }
    named = {artifact: f"selfie-{number:02d}" for number, artifact in enumerate(selfies, 1)}
    named |= {artifact: f"reference-{number:02d}" for number, artifact in enumerate(looks, 1)} | headshots
    return [_Wanted(artifact, name) for artifact, name in named.items()]


def _packed(
    pictures: Mapping[str, bytes], files: Sequence[Mapping[str, Any]], records: Mapping[str, Any], now: datetime
) -> bytes:
    """The ZIP file. Pictures are compressed already and only stored."""
    readme = _README.format(day=f"{now:%Y-%m-%d}", pictures=len(pictures))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, data, how in (
            ("readme.txt", readme.encode(), zipfile.ZIP_DEFLATED),
            ("records.json", _json(records), zipfile.ZIP_DEFLATED),
            ("files.json", _json(files), zipfile.ZIP_DEFLATED),
            *((name, data, zipfile.ZIP_STORED) for name, data in pictures.items()),
        ):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.external_attr = 0o600 << 16
            pack.writestr(entry, data, compress_type=how)
    return out.getvalue()


def _json(document: Any) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
