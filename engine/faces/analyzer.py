"""The default `FaceAnalyzer`: YuNet finds faces, MediaPipe Face Mesh and Iris measure them. CPU, about 60 ms a face."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.pixels import Points, Rgb8
from engine.faces import landmarks as lm
from engine.faces.geometry import Matrix, invert, sample, similarity, transform
from engine.faces.networks import network, yunet

_MESH_PX, _IRIS_PX = 192, 64
_PITCH_OFFSET_DEG = 9.0
"""The axis forehead → chin leans back by this much on a face that looks straight ahead."""
_MAX_FACES = 12
_LEANING_DEG = 25.0


class MeshFaceAnalyzer:
    """Faces with 468 landmarks, irises and pose."""

    def faces(self, rgb: Rgb8) -> tuple[Face, ...]:
        """All faces, the largest first; coordinates in pixels of `rgb`."""
        return tuple(measure(rgb, row) for row in detect(rgb)[:_MAX_FACES])


def detect(rgb: Rgb8) -> NDArray[np.float32]:
    """YuNet rows [n, 15]: x, y, w, h, five points, score; largest first. Tried at three sizes, for near and far faces."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    for side_px in (640, 1280, 320):
        scale = side_px / max(bgr.shape[:2])
        mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=mode)
        detector = yunet()
        detector.setInputSize((small.shape[1], small.shape[0]))
        _, found = detector.detect(small)
        if found is not None and len(found):
            rows = np.array(found, np.float32)
            rows[:, :14] /= scale
            return rows[np.argsort(-rows[:, 2] * rows[:, 3])]
    return np.zeros((0, 15), np.float32)


def measure(rgb: Rgb8, row: NDArray[Any]) -> Face:
    """Full `Face` for one YuNet row."""
    mesh, mesh_score = _mesh(rgb, row)
    eye_right, iris_right = _iris(rgb, mesh, right=True)
    eye_left, iris_left = _iris(rgb, mesh, right=False)
    yaw, pitch, roll = pose_deg(mesh)
    nose = (mesh[1, :2] + mesh[lm.NOSE_TIP, :2]) / 2
    five = np.stack([iris_right[0], iris_left[0], nose, mesh[lm.MOUTH_RIGHT, :2], mesh[lm.MOUTH_LEFT, :2]])
    x, y, w, h = (float(v) for v in row[:4])
    return Face(
        box=(x, y, w, h),
        score=float(row[14]),
        points=five.astype(np.float32),
        mesh=mesh,
        mesh_score=mesh_score,
        eye_right=eye_right,
        eye_left=eye_left,
        iris_right=iris_right,
        iris_left=iris_left,
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
    )


def moved(face: Face, matrix: Matrix) -> Face:
    """The same face in another frame; `matrix` maps the new pixels to the old ones. Pose angles but roll are unchanged."""
    to_new = invert(matrix)
    k = float(np.hypot(to_new[0, 0], to_new[1, 0]))
    turn_deg = float(np.degrees(np.arctan2(to_new[1, 0], to_new[0, 0])))
    mesh = np.c_[transform(to_new, face.mesh), face.mesh[:, 2] * k].astype(np.float32)
    low, high = mesh[:, :2].min(0), mesh[:, :2].max(0)
    return Face(
        box=(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
        score=face.score,
        points=transform(to_new, face.points),
        mesh=mesh,
        mesh_score=face.mesh_score,
        eye_right=transform(to_new, face.eye_right),
        eye_left=transform(to_new, face.eye_left),
        iris_right=transform(to_new, face.iris_right),
        iris_left=transform(to_new, face.iris_left),
        yaw_deg=face.yaw_deg,
        pitch_deg=face.pitch_deg,
        roll_deg=face.roll_deg + turn_deg,
    )


def pose_deg(mesh: Points) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees from the axes eye-to-eye and forehead-to-chin of the mesh."""
    right = mesh[lm.EYE_LEFT_OUTER] - mesh[lm.EYE_RIGHT_OUTER]
    right = right / np.linalg.norm(right)
    down = mesh[lm.CHIN] - mesh[lm.FOREHEAD]
    down = down - right * (down @ right)
    down = down / np.linalg.norm(down)
    away = np.cross(right, down)
    yaw = -np.degrees(np.arctan2(away[0], away[2]))
    pitch = np.degrees(np.arctan2(away[1], np.hypot(away[0], away[2]))) + _PITCH_OFFSET_DEG
    roll = np.degrees(np.arctan2(right[1], right[0]))
    return float(yaw), float(pitch), float(roll)


def _mesh(rgb: Rgb8, row: NDArray[Any]) -> tuple[Points, float]:
    x, y, w, h = (float(v) for v in row[:4])
    right_eye, left_eye = row[4:6], row[6:8]
    angle = float(np.arctan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]))
    centre, side = (x + w / 2, y + h / 2), 1.5 * max(w, h)
    net = network("face-mesh")
    mesh, score = np.zeros((468, 3), np.float32), 0.0
    passes = 2 if abs(np.degrees(angle)) < _LEANING_DEG else 4  # each pass is centred and set upright by the one before
    for _ in range(passes):
        matrix = similarity(centre, side / _MESH_PX, angle, (_MESH_PX, _MESH_PX))
        patch = sample(rgb, matrix, (_MESH_PX, _MESH_PX), interpolation=cv2.INTER_LINEAR)
        net.setInput(cv2.dnn.blobFromImage(patch, 1 / 255.0, (_MESH_PX, _MESH_PX)))
        raw, logit = net.forward(["conv2d_21", "conv2d_31"])
        local = np.asarray(raw, np.float32).reshape(468, 3)
        score = 1.0 / (1.0 + float(np.exp(-float(np.asarray(logit).ravel()[0]))))
        mesh = np.c_[transform(matrix, local), local[:, 2] * (side / _MESH_PX)].astype(np.float32)
        eyes = mesh[lm.EYE_LEFT_OUTER] - mesh[lm.EYE_RIGHT_OUTER]
        angle = float(np.arctan2(eyes[1], eyes[0]))
        low, high = mesh[:, :2].min(0), mesh[:, :2].max(0)
        centre = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
        side = 1.5 * float((high - low).max())
    return mesh, score


def _iris(rgb: Rgb8, mesh: Points, *, right: bool) -> tuple[Points, Points]:
    """Eye contour [71, 2] and iris [5, 2] in pixels of `rgb`. The network knows right eyes, left ones are mirrored."""
    pair = (lm.EYE_RIGHT_OUTER, lm.EYE_RIGHT_INNER) if right else (lm.EYE_LEFT_INNER, lm.EYE_LEFT_OUTER)
    a, b = mesh[pair[0], :2], mesh[pair[1], :2]
    along = b - a
    angle, centre = float(np.arctan2(along[1], along[0])), (a + b) / 2
    side = 2.3 * float(np.hypot(along[0], along[1]))
    matrix = similarity((float(centre[0]), float(centre[1])), side / _IRIS_PX, angle, (_IRIS_PX, _IRIS_PX))
    patch = sample(rgb, matrix, (_IRIS_PX, _IRIS_PX), interpolation=cv2.INTER_LINEAR)
    if not right:
        patch = np.ascontiguousarray(patch[:, ::-1])
    net = network("iris")
    net.setInput(cv2.dnn.blobFromImage(patch, 1 / 255.0, (_IRIS_PX, _IRIS_PX)))
    raw = net.forward(["output_eyes_contours_and_brows", "output_iris"])
    contour, iris = (np.array(out, np.float32).reshape(-1, 3)[:, :2] for out in raw)
    if not right:
        contour[:, 0] = _IRIS_PX - 1 - contour[:, 0]
        iris[:, 0] = _IRIS_PX - 1 - iris[:, 0]
    return transform(matrix, contour), transform(matrix, iris)
