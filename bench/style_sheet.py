"""A picture of every style on the sample sitter: `docs/images/styles.jpg`. Run it after a change of a style or of the renderer,
and look at it before committing.
"""

import argparse
from pathlib import Path
from typing import Any

COLUMNS, HEIGHT_PX, CAPTION_PX, GAP_PX, MARGIN_PX = 5, 500, 44, 24, 48
PAPER, INK = "#f7f5f2", "#1d1b19"


def main() -> None:
    """Render and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("docs/images/styles.jpg"))
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    sheet([(style.title, picture) for style, picture in pictures()]).save(options.out, quality=85)


def pictures(crop: str = "classic", side_px: int = 720) -> list[tuple[Any, Any]]:
    """Every packaged style with its first shot in a crop, about as large as the sample carries."""
    import numpy as np
    from skimage import data

    from engine.contract.ports import Sitting
    from engine.contract.selfies import Appearance, Outcome, Selfie
    from engine.contract.shots import ShootRequest
    from engine.faces.analyzer import MeshFaceAnalyzer
    from engine.faces.sface import SFaceEmbedder
    from engine.mattes.closed_form import ClosedFormMatter
    from engine.renderers.studio.renderer import CARD, StudioRenderer
    from engine.stages.identity import identify
    from engine.stages.prompt import plan
    from engine.stages.style import packaged_styles

    rgb = np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]
    seen = Appearance(20.0, (65.0, 14.0, 16.0), None, "", 0.0, 0.0, None, "", 1.0, False)
    face = MeshFaceAnalyzer().faces(rgb)[0]
    selfie = Selfie("sample", "sample", rgb, face, seen, {}, 1.0, Outcome.ACCEPTED)
    sitting = Sitting((selfie,), identify((selfie,), (SFaceEmbedder(),)))
    styles = packaged_styles()
    request = ShootRequest((), candidates=20, crops=(crop,))  # type: ignore[arg-type]
    shots = [plan(style, sitting.selfies, request, CARD)[0] for style in styles]
    renderer = StudioRenderer(ClosedFormMatter(), SFaceEmbedder())
    made = {c.shot.style: c.rgb for c in renderer.render(sitting, shots, side_px, lambda _: None)}
    return [(style, made[style.name]) for style in styles]


def sheet(cells: list[tuple[str, Any]]) -> Any:
    """The pictures in rows with their names below."""
    from PIL import Image, ImageDraw, ImageFont

    width = round(HEIGHT_PX * 0.8)
    rows = -(-len(cells) // COLUMNS)
    size = (
        2 * MARGIN_PX + COLUMNS * width + (COLUMNS - 1) * GAP_PX,
        2 * MARGIN_PX + rows * (HEIGHT_PX + CAPTION_PX) + (rows - 1) * GAP_PX,
    )
    page = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(page)
    for at, (name, rgb) in enumerate(cells):
        x = MARGIN_PX + at % COLUMNS * (width + GAP_PX)
        y = MARGIN_PX + at // COLUMNS * (HEIGHT_PX + CAPTION_PX + GAP_PX)
        page.paste(Image.fromarray(rgb).resize((width, HEIGHT_PX), Image.Resampling.LANCZOS), (x, y))
        draw.text((x, y + HEIGHT_PX + 10), name, INK, ImageFont.load_default(24))
    return page


if __name__ == "__main__":
    main()
