"""A small picture of every style on the sample sitter, as forms show them: `engine/styles/examples/*.jpg`, which ships with Headroom.

Run it after a change of a style or of the renderer, and look at them before committing. The sitter is the astronaut Eileen
Collins, in NASA's portrait of her, which is in the public domain and comes with scikit-image.
"""

import argparse
from pathlib import Path

from bench.style_sheet import pictures

SIDE_PX, QUALITY, LARGEST_BYTES = 640, 85, 60_000


def main() -> None:
    """Render and write them."""
    from PIL import Image

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("engine/styles/examples"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for style, rgb in pictures("square", SIDE_PX):
        file = options.out / f"{style.name}.jpg"
        Image.fromarray(rgb).resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS).save(
            file, quality=QUALITY, optimize=True, progressive=True
        )
        if file.stat().st_size > LARGEST_BYTES:
            raise SystemExit(f"{file} is larger than {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    main()
