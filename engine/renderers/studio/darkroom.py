"""What the studio renderer keeps of one sitting while it prints: negatives, frames, source embeddings. Memory only."""

import threading
from collections import OrderedDict

from engine.contract.crops import CROPS
from engine.contract.pixels import Vector
from engine.contract.ports import Matter, Sitting
from engine.contract.shots import Shot
from engine.contract.styles import CropName, Wardrobe
from engine.renderers.studio.frame import Frame, honest_height, lay
from engine.renderers.studio.framing import Framing, frame
from engine.renderers.studio.negative import Negative, develop

NEGATIVES = 3
"""Developed selfies that are kept, times the pictures in work; a shoot is made from six at most."""
_FRAMES_MB = 48
"""Frames that are kept, times the pictures in work."""
_FrameKey = tuple[str, CropName, int, float, Wardrobe]


class Darkroom:
    """Work that is done once per selfie, and frames that several shots share. Safe to use from several threads.

    What was not used for longest is dropped first, and made again when it is wanted: a small room takes longer for the same pictures.
    """

    def __init__(self, sitting: Sitting, matter: Matter, embedder: str, batch: int) -> None:
        """`embedder`: name of the one that pictures are compared with."""
        self.sitting = sitting
        self._matter = matter
        self._vectors = sitting.identity.per_selfie[embedder]
        self._batch = batch
        self._negatives: OrderedDict[str, Negative] = OrderedDict()
        self._framings: dict[tuple[str, CropName], Framing] = {}
        self._frames: OrderedDict[_FrameKey, Frame] = OrderedDict()
        self._lock = threading.RLock()

    def negative(self, selfie_id: str) -> Negative:
        """The developed selfie."""
        with self._lock:
            if selfie_id not in self._negatives:
                while len(self._negatives) >= NEGATIVES * self._batch:
                    self._negatives.popitem(last=False)
                self._negatives[selfie_id] = develop(self.sitting.selfie(selfie_id), self._matter)
            self._negatives.move_to_end(selfie_id)
            return self._negatives[selfie_id]

    def vector(self, selfie_id: str) -> Vector:
        """Embedding of the selfie itself, from its identity."""
        return self._vectors[selfie_id]

    def framing(self, selfie_id: str, crop: CropName) -> Framing:
        """Where the crop is cut from the selfie."""
        with self._lock:
            if (selfie_id, crop) not in self._framings:
                self._framings[selfie_id, crop] = frame(self.negative(selfie_id), CROPS[crop])
            return self._framings[selfie_id, crop]

    def frame(self, shot: Shot, height: int, polish: float) -> Frame:
        """The sitter in this crop at this size."""
        key = (shot.selfie_id, shot.crop, height, polish, shot.wardrobe)
        with self._lock:
            if key not in self._frames:
                negative, framing = self.negative(shot.selfie_id), self.framing(shot.selfie_id, shot.crop)
                self._frames[key] = lay(negative, framing, shot.crop, height, polish, shot.wardrobe)
                while (
                    len(self._frames) > 1
                    and sum(f.base.nbytes + f.alpha.nbytes for f in self._frames.values())
                    > _FRAMES_MB * self._batch * 2**20
                ):
                    self._frames.popitem(last=False)
            self._frames.move_to_end(key)
            return self._frames[key]

    def honest_height(self, shot: Shot) -> int:
        """Largest sharp height of this shot in pixels."""
        return honest_height(self.negative(shot.selfie_id), self.framing(shot.selfie_id, shot.crop))
