"""The output folder: each headshot is written as soon as it is ready, the pages when the gallery is complete."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from adapters.cli.album.page import to_page
from adapters.cli.album.pictures import preview, shrink
from adapters.cli.album.report import Entry, to_report
from adapters.cli.album.sheet import to_contact_sheet
from engine.contract.errors import StorageError
from engine.contract.shots import FileFormat, Gallery, Headshot
from engine.headshot_files import SUFFIXES, to_file

PAGE, REPORT, SHEET = "gallery.html", "gallery.json", "contact-sheet.jpg"
EARLIER = "earlier"
_OURS = re.compile(rf"\d\d+-[a-z0-9-]+\.(jpg|png|webp|json)|{re.escape(PAGE)}|{re.escape(REPORT)}|{re.escape(SHEET)}")
_PREVIEW_PX = 1000
_PROBE = "headroom-probe"


class Album:
    """A folder of headshots. What an earlier shoot left in it moves to `earlier/1`, `earlier/2`, …: nothing is lost."""

    def __init__(
        self, folder: Path, file_format: FileFormat, to_recipe: Callable[[Headshot, FileFormat], Mapping[str, Any]]
    ) -> None:
        """Raises StorageError when the folder cannot be written to."""
        self.folder = folder
        self._file_format = file_format
        self._to_recipe = to_recipe
        self._version = version("headroom")
        self._entries: list[Entry] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError("folder_unwritable", folder=str(folder)) from error
        self._write(_PROBE, b"")
        (folder / _PROBE).unlink()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, headshot: Headshot) -> None:
        """Write a headshot and its recipe. The first one makes room: until then an earlier gallery stays as it is."""
        if not self._entries:
            self._put_away()
        name = f"{headshot.rank:02d}-{_plain(headshot.shot.crop)}-{_plain(headshot.shot.backdrop.name)}"
        entry = Entry(
            headshot=replace(headshot, rgb=headshot.rgb[:0]),
            picture=f"{name}.{SUFFIXES[self._file_format]}",
            recipe_name=f"{name}.json",
            recipe=self._to_recipe(headshot, self._file_format),
            width_px=headshot.rgb.shape[1],
            height_px=headshot.rgb.shape[0],
            preview=preview(shrink(headshot.rgb, _PREVIEW_PX)),
        )
        self._write(entry.picture, to_file(headshot.rgb, headshot.shot, self._file_format))
        self._write(entry.recipe_name, _json(entry.recipe))
        self._entries.append(entry)

    def close(self, gallery: Gallery) -> dict[str, Any]:
        """Write the contact sheet, the page and the report; returns the report."""
        if not self._entries:
            self._put_away()
        entries = sorted(self._entries, key=lambda entry: entry.headshot.rank)
        report = to_report(gallery, entries, self._version)
        if entries:
            self._write(SHEET, to_contact_sheet(gallery.style, entries, gallery.rendered))
        self._write(PAGE, to_page(gallery, entries, self._version).encode())
        self._write(REPORT, _json(report))
        return report

    def _put_away(self) -> None:
        try:
            old = [path for path in self.folder.iterdir() if _OURS.fullmatch(path.name)]
            if not old:
                return
            number = 1
            while (shelf := self.folder / EARLIER / str(number)).exists():
                number += 1
            shelf.mkdir(parents=True)
            for path in old:
                path.rename(shelf / path.name)
        except OSError as error:
            raise StorageError("folder_unwritable", folder=str(self.folder)) from error

    def _write(self, name: str, data: bytes) -> None:
        """The file is there whole or not at all."""
        part = self.folder / f".{name}.part"
        try:
            part.write_bytes(data)
            part.replace(self.folder / name)
        except OSError as error:
            raise StorageError("folder_unwritable", folder=str(self.folder)) from error


def _plain(text: str) -> str:
    """Text that may stand in a file name on every system."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40] or "headshot"


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
