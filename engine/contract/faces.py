"""What a face analyzer saw in one picture."""

from dataclasses import dataclass

from engine.contract.pixels import Points


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face, all coordinates in pixels of the picture it was found in. Right and left are the sitter's own."""

    box: tuple[float, float, float, float]
    """x, y, width, height."""
    score: float
    """Detector confidence in [0, 1]."""
    points: Points
    """[5, 2]: right iris, left iris, nose, right and left mouth corner; refined by the mesh."""
    mesh: Points
    """[468, 3]: MediaPipe topology; z in pixels, negative = nearer the camera."""
    mesh_score: float
    """Face presence by the mesh model in [0, 1]."""
    eye_right: Points
    """[71, 2]: contour of the right eye (first 16) and its surround."""
    eye_left: Points
    iris_right: Points
    """[5, 2]: centre and four rim points."""
    iris_left: Points
    yaw_deg: float
    """Positive = the sitter looks to their left (the right of the picture)."""
    pitch_deg: float
    """Positive = the sitter looks up."""
    roll_deg: float
    """Positive = the head leans clockwise in the picture."""

    @property
    def height_px(self) -> float:
        """Forehead to chin."""
        d = self.mesh[152] - self.mesh[10]
        return float((d @ d) ** 0.5)

    @property
    def width_px(self) -> float:
        """Ear to ear."""
        d = self.mesh[454] - self.mesh[234]
        return float((d @ d) ** 0.5)

    @property
    def inter_eye_px(self) -> float:
        """Iris centre to iris centre (ISO/IEC 29794-5: inter-eye distance)."""
        d = self.points[1] - self.points[0]
        return float((d @ d) ** 0.5)
