"""Every sentence that the engine says to a person, by code. Each says what is wrong (or good) and what to do next.

Placeholders in braces are filled from the facts of the error or finding. `tests/test_sentences.py` demands one for every code.
"""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # Weight files
    "weights_missing": "The model file “{name}” is not in {folder}. Run `headroom models pull` and try again.",
    "weights_download_failed": "Fetching {name} failed: {reason}. Check the network and run `headroom models pull` again.",
    "weights_damaged": "The model file “{name}” does not match its checksum, so it was not used. Run `headroom models pull` again.",
    # Photos that cannot be opened
    # Findings in selfies
    # The next photo that would help
    # Identity
    # Styles
    # Wishes
    # Rendering
    # Headshots: why, and notes
}


def sentence(code: str, /, **facts: object) -> str:
    """The sentence for a code with its placeholders filled; raises KeyError for a code without one."""
    return SENTENCES[code].format(**facts)
