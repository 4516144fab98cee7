"""Index lists into the 468-point MediaPipe face mesh. Right and left are the sitter's own.

Source: MediaPipe `face_mesh_connections.py` (Apache-2.0).
"""

from typing import Final

FOREHEAD: Final = 10
CHIN: Final = 152
NOSE_TIP: Final = 4
NOSE_BRIDGE: Final = 168
EAR_RIGHT: Final = 234
EAR_LEFT: Final = 454
EYE_RIGHT_OUTER, EYE_RIGHT_INNER = 33, 133
EYE_LEFT_INNER, EYE_LEFT_OUTER = 362, 263
MOUTH_RIGHT, MOUTH_LEFT = 61, 291

OVAL: Final = [
    10,
    338,
    297,
    332,
    284,
    251,
    389,
    356,
    454,
    323,
    361,
    288,
    397,
    365,
    379,
    378,
    400,
    377,
    152,
    148,
    176,
    149,
    150,
    136,
    172,
    58,
    132,
    93,
    234,
    127,
    162,
    21,
    54,
    103,
    67,
    109,
]
LIPS: Final = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
MOUTH: Final = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191]
EYE_RIGHT: Final = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246]
EYE_LEFT: Final = [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466]
BROW_RIGHT: Final = [70, 63, 105, 66, 107, 55, 65, 52, 53, 46]
BROW_LEFT: Final = [300, 293, 334, 296, 336, 285, 295, 282, 283, 276]
BAG_RIGHT: Final = [130, 25, 110, 24, 23, 22, 26, 112, 243, 244, 233, 232, 231, 230, 229, 228, 31, 226]
BAG_LEFT: Final = [359, 255, 339, 254, 253, 252, 256, 341, 463, 464, 453, 452, 451, 450, 449, 448, 261, 446]
CHEEKS_AND_BROW: Final = [50, 280, 205, 425, 187, 411, 151, 9]
"""Points that lie on bare skin in nearly every face."""
