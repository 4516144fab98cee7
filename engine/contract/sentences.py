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
    "photo_empty": "This file is empty. Send the photo again.",
    "photo_too_heavy": "This file has {megabytes} MB and {limit} MB is the limit. Send it smaller, for example as a JPEG.",
    "photo_format_unsupported": "This kind of picture cannot be opened here. Send the photo as JPEG, PNG, WebP, HEIC or AVIF.",
    "photo_is_a_drawing": "This is a drawing or a document, not a photo. Send a photo as JPEG, PNG, WebP, HEIC or AVIF.",
    "photo_is_a_web_page": "A web page arrived instead of a photo. Save the photo to your device and send that file.",
    "photo_is_a_video": "This is a video. Send a single photo, or a screenshot of the best moment at full size.",
    "photo_is_no_picture": "This file is not a picture. Send a photo as JPEG, PNG, WebP, HEIC or AVIF.",
    "photo_damaged": "This photo arrived damaged or incomplete. Open it on your device, save it again and send the new copy.",
    "photo_animated": "This picture moves. Choose the frame you like, save it as a photo and send that.",
    "photo_too_many_pixels": "This picture has {megapixels} megapixels and {limit} is the limit. Send a smaller copy.",
    "photo_odd_shape": "This picture is a long strip. Send an ordinary photo with head and shoulders in it.",
    "photo_needs_too_much_memory": "This photo needs too much memory to open. Save it as an ordinary JPEG and send that.",
    "photo_takes_too_long": "This photo takes too long to open. Save it as an ordinary JPEG and send that.",
    # Findings in selfies
    # The next photo that would help
    # Identity
    "selfies_disagree": "These {count} photos do not all seem to show the same person. Send two or three more of yourself alone, in good light.",
    "arcface_pack_unknown": "HEADROOM_ARCFACE_DIR names the folder “{folder}”. It must be one of {known}, for example /models/auraface.",
    "arcface_file_missing": "The face model “{name}” is not in {folder}. Put the file there, or unset HEADROOM_ARCFACE_DIR.",
    "arcface_not_installed": "HEADROOM_ARCFACE_DIR is set, but InsightFace is not installed. Install headroom[arcface], or unset it.",
    # Styles
    # Wishes
    # Rendering
    # Headshots: why, and notes
    # Command line
    "folder_without_photos": "The folder “{folder}” holds no photos. Put JPEG, PNG, WebP, HEIC or AVIF files into it.",
    "file_unreadable": "The file “{file}” cannot be read. Check that it is still there and that you may open it.",
    "folder_unwritable": "Nothing can be written to {folder}. Choose another folder with --out, or make room on the disk.",
    "recipe_unreadable": "“{file}” is not a recipe. Use one of the JSON files that lie beside the headshots of a gallery.",
}


def sentence(code: str, /, **facts: object) -> str:
    """The sentence for a code with its placeholders filled; raises KeyError for a code without one."""
    return SENTENCES[code].format(**facts)
