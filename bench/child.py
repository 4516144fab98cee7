"""What the engine process costs: seconds to start, time beside the same shoot in process, memory of both sides.

Run by hand or with `make bench`. The photo is the sample sitter enlarged, so that headshots have their full size.
"""

import argparse
import asyncio
import io
import json
import os
import time

from engine.child.events import Finished
from engine.child.memory import held_gb
from engine.child.process import EngineChild
from engine.contract.selfies import Photo
from engine.contract.shots import Headshot, ShootRequest
from engine.headshot_files import to_file


def main() -> None:
    """Measure and print; `--json` prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--count", type=int, default=8, help="headshots of a shoot")
    parser.add_argument("--height", type=int, default=2048)
    options = parser.parse_args()
    request = ShootRequest((sample(),), count=options.count, candidates=20, height_px=options.height)
    figures = {**asyncio.run(in_child(request)), **in_process(request)}
    figures["ratio"] = figures["child_shoot_s"] / figures["shoot_s"]
    figures["overhead_s_per_headshot"] = (figures["child_shoot_s"] - figures["shoot_s"]) / options.count
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:>26} {value:8.3f}")


def sample() -> Photo:
    """NASA's public-domain portrait, four times as large."""
    from PIL import Image
    from skimage import data

    out = io.BytesIO()
    picture = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    picture.resize((2048, 2048), Image.Resampling.LANCZOS).save(out, "PNG")
    return Photo("sample.png", out.getvalue())


async def in_child(request: ShootRequest) -> dict[str, float]:
    """The second shoot of a warm process, pictures encoded there."""
    began = time.perf_counter()
    async with EngineChild() as child:
        start_s = time.perf_counter() - began
        cold_s, _, _ = await _shoot(child, request)
        warm_s, peak, megabytes = await _shoot(child, request)
    parent = held_gb(os.getpid()) or 0.0
    return {
        "start_s": start_s, "child_first_shoot_s": cold_s, "child_shoot_s": warm_s, "child_peak_gb": peak,
        "parent_gb": parent, "piped_mb": megabytes,
    }  # fmt: skip


async def _shoot(child: EngineChild, request: ShootRequest) -> tuple[float, float, float]:
    began, peak, piped = time.perf_counter(), 0.0, 0
    async for event in child.shoot(request):
        peak = max(peak, held_gb(child.pid or 0) or 0.0)
        piped += len(event.picture) if isinstance(event, Finished) else 0
    return time.perf_counter() - began, peak, piped / 1e6


def in_process(request: ShootRequest) -> dict[str, float]:
    """The second shoot of a warm studio, pictures encoded as there."""
    from engine.pipeline import open_studio

    studio = open_studio()
    seconds = 0.0

    def encode(headshot: Headshot) -> None:
        to_file(headshot.rgb, headshot.shot, "jpeg")

    for _ in range(2):
        began = time.perf_counter()
        studio.shoot(request, lambda _: None, encode)
        seconds = time.perf_counter() - began
    return {"shoot_s": seconds}


if __name__ == "__main__":
    main()
