"""The contact sheet: all headshots of a gallery on one page, best first, in rows of equal height."""

import io
from collections.abc import Sequence
from statistics import median

from PIL import Image, ImageDraw, ImageFont

from adapters.cli.album.report import Entry
from engine.contract.styles import Style
from engine.headshot_files import srgb_profile

_WIDTH_PX = 2400
_MARGIN_PX = 120
_GAP_PX = 48
_CAPTION_PX = 92
_HEAD_PX = 190
_TALLEST_PX = 1300
_PAPER, _INK, _SOFT, _RULE = "#f7f5f2", "#1d1b19", "#78716a", "#ddd8d1"

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_Row = list[Entry]


def _font(size_px: int) -> _Font:
    return ImageFont.load_default(size_px)


def _aspect(entry: Entry) -> float:
    return entry.width_px / entry.height_px


def _columns(count: int) -> int:
    """Pictures in a row: few pictures are shown large."""
    return min(count, 3) if count <= 6 else 4 if count <= 24 else 6


def _rows(entries: Sequence[Entry]) -> list[_Row]:
    """Rows of about the same length; a wide picture counts for several."""
    wanted = _columns(len(entries)) * 0.8
    rows: list[_Row] = [[]]
    for entry in entries:
        if rows[-1] and sum(map(_aspect, rows[-1])) + _aspect(entry) / 2 > wanted:
            rows.append([])
        rows[-1].append(entry)
    return rows


def _heights_px(rows: Sequence[_Row]) -> list[int]:
    """Height at which each row fills the page; a last row that is much too short for that is no taller than the others."""
    full = [round((_WIDTH_PX - 2 * _MARGIN_PX - _GAP_PX * (len(row) - 1)) / sum(map(_aspect, row))) for row in rows]
    typical = round(median(full[:-1] or [_TALLEST_PX]))
    return [*full[:-1], full[-1] if full[-1] < 1.15 * typical else typical]


def to_contact_sheet(style: Style, entries: Sequence[Entry], rendered: int) -> bytes:
    """JPEG of the sheet."""
    rows = _rows(entries)
    heights = _heights_px(rows)
    height_px = 2 * _MARGIN_PX + _HEAD_PX + sum(h + _CAPTION_PX for h in heights) + _GAP_PX * (len(rows) - 1)
    page = Image.new("RGB", (_WIDTH_PX, height_px), _PAPER)
    draw = ImageDraw.Draw(page)
    _head(draw, style, len(entries), rendered)
    y = _MARGIN_PX + _HEAD_PX
    for row, row_height_px in zip(rows, heights, strict=True):
        x = _MARGIN_PX
        for entry in row:
            width_px = round(row_height_px * _aspect(entry))
            with Image.open(io.BytesIO(entry.preview)) as picture:
                page.paste(picture.resize((width_px, row_height_px), Image.Resampling.LANCZOS), (x, y))
            _caption(draw, entry, x, y + row_height_px, width_px)
            x += width_px + _GAP_PX
        y += row_height_px + _CAPTION_PX + _GAP_PX
    file = io.BytesIO()
    page.save(file, "JPEG", quality=90, optimize=True, icc_profile=srgb_profile())
    return file.getvalue()


def _head(draw: ImageDraw.ImageDraw, style: Style, count: int, rendered: int) -> None:
    top = _MARGIN_PX
    draw.text((_MARGIN_PX, top), style.title, _INK, _font(72))
    noun = "headshot" if count == 1 else "headshots"
    chosen = f"{count} {noun}, best first, chosen from {rendered}"
    draw.text((_WIDTH_PX - _MARGIN_PX, top + 58), chosen, _SOFT, _font(32), anchor="rs")
    draw.line((_MARGIN_PX, top + 116, _WIDTH_PX - _MARGIN_PX, top + 116), _RULE, 2)


def _caption(draw: ImageDraw.ImageDraw, entry: Entry, x: int, y: int, width_px: int) -> None:
    """Rank left, likeness right, light and backdrop below where there is room."""
    headshot = entry.headshot
    small = _font(24)
    draw.text((x, y + 46), str(headshot.rank), _INK, _font(32), anchor="ls")
    likeness = f"likeness {headshot.likeness.calibrated:.2f}"
    draw.text((x + width_px, y + 46), likeness, _SOFT, small, anchor="rs")
    words = f"{headshot.shot.backdrop.name}, {headshot.shot.light.name}".replace("-", " ")
    while words and draw.textlength(words, small) > width_px:
        words = words.rpartition(" ")[0].rstrip(",")
    draw.text((x, y + 80), words, _SOFT, small, anchor="ls")
