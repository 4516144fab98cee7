"""The catalogue starts at once."""

import subprocess
import sys


def test_the_catalogue_loads_no_arrays_and_no_models() -> None:
    """A bot without the engine's libraries can answer people."""
    heavy = ("numpy", "cv2", "PIL", "scipy", "onnxruntime", "torch")
    code = (
        "import sys\nfrom engine.catalogue import StudioCatalogue\nStudioCatalogue().asked('legal 8 white background')\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")
