"""Speed and memory of the `studio` renderer on the sample sitter: headshots a minute, seconds a stage, peak memory, scaling.

Run by hand or with `make bench`. Every measurement runs in a process of its own, so that peaks do not mix.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HEIGHTS = (1024, 2048)
COUNTS = (1, 10, 40)
MEMORY_LIMIT_GB = 1.2


def main() -> None:
    """Measure and print a table; `--json` prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--photo", type=Path, help="a photo with one face; without it, the sample sitter enlarged")
    parser.add_argument("--measure", nargs=2, type=int, metavar=("HEIGHT", "COUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        height, count = options.measure
        print(json.dumps(measure(height, count, options.photo)))
        return
    rows = [_in_own_process(height, count, options.photo) for height in HEIGHTS for count in COUNTS]
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(
        f"{'height':>7} {'count':>6} {'per shot s':>11} {'a minute':>9} {'negative s':>11} {'peak GB':>8} {'of limit':>9}"
    )
    for row in rows:
        print(
            f"{row['height_px']:>7} {row['count']:>6} {row['seconds_per_shot']:>11.2f} {60 / row['seconds_per_shot']:>9.0f} "
            f"{row['negative_s']:>11.2f} {row['peak_gb']:>8.2f} {row['peak_gb'] / MEMORY_LIMIT_GB:>9.0%}"
        )
    for height in HEIGHTS:
        first, last = (
            next(r for r in rows if (r["height_px"], r["count"]) == (height, n)) for n in (COUNTS[0], COUNTS[-1])
        )
        ratio = last["seconds_per_shot"] / first["seconds_per_shot"]
        print(f"{height} px: a shot of {COUNTS[-1]} takes {ratio:.2f} times as long as a single one")


def _in_own_process(height: int, count: int, photo: Path | None) -> dict[str, Any]:
    command = [
        sys.executable,
        __file__,
        "--measure",
        str(height),
        str(count),
        *(["--photo", str(photo)] if photo else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def measure(height: int, count: int, photo: Path | None) -> dict[str, Any]:
    """Print `count` shots of one selfie at `height` pixels in this process, kernels compiled beforehand."""
    from threadpoolctl import threadpool_limits

    from engine.allocation import give_large_blocks_back
    from engine.faces.sface import SFaceEmbedder
    from engine.mattes.closed_form import ClosedFormMatter
    from engine.renderers.studio.renderer import StudioRenderer

    give_large_blocks_back()
    threadpool_limits(limits=1, user_api="blas")
    sitting, shots = _work(photo, count + 1)
    renderer = StudioRenderer(ClosedFormMatter(), SFaceEmbedder())
    renderer.load()
    list(renderer.render(sitting, shots[:1], 256, _ignore))  # compiles, or reads compiled kernels
    renderer.unload()
    began = time.perf_counter()
    list(renderer.render(sitting, shots[:1], 256, _ignore))
    negative_s = time.perf_counter() - began
    began = time.perf_counter()
    made = sum(1 for _ in renderer.render(sitting, shots[1:], height, _ignore))
    seconds = time.perf_counter() - began
    return {
        "height_px": height,
        "count": made,
        "negative_s": negative_s,
        "seconds_per_shot": seconds / max(made, 1),
        "peak_gb": _peak_gb(),
    }


def _work(photo: Path | None, count: int) -> tuple[Any, Any]:
    import cv2
    import numpy as np
    from PIL import Image, ImageOps
    from skimage import data

    from engine.contract.ports import Sitting
    from engine.contract.selfies import Appearance, Outcome, Selfie
    from engine.contract.shots import ShootRequest
    from engine.faces.analyzer import MeshFaceAnalyzer
    from engine.faces.sface import SFaceEmbedder
    from engine.renderers.studio.renderer import CARD
    from engine.stages.identity import identify
    from engine.stages.prompt import plan
    from engine.stages.style import find_style

    if photo is None:  # four times the pixels, as a phone would give: the work is that of a real photo
        sample = np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]
        rgb = np.asarray(cv2.resize(sample, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)
    else:
        rgb = np.asarray(ImageOps.exif_transpose(Image.open(photo)).convert("RGB"), np.uint8)
    face = MeshFaceAnalyzer().faces(rgb)[0]
    seen = Appearance(20.0, (65.0, 14.0, 16.0), None, "", 0.0, 0.0, None, "", 1.0, False)
    selfie = Selfie("bench", "bench", rgb, face, seen, {}, 1.0, Outcome.ACCEPTED)
    sitting = Sitting((selfie,), identify((selfie,), (SFaceEmbedder(),)))
    names = ("corporate", "modern-office", "executive-dark", "outdoor", "classic-bw")
    plans = [plan(find_style(n), (selfie,), ShootRequest((), n, candidates=20), CARD) for n in names]
    shots = [shots[at] for at in range(20) for shots in plans][:count]
    return sitting, shots


def _ignore(_: object) -> None:
    """Progress that nobody watches."""


def _peak_gb() -> float:
    """Peak resident memory of this process (VmHWM); `ru_maxrss` would inherit the parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 2**20
    return float("nan")


if __name__ == "__main__":
    main()
