"""Small networks on OpenCV's DNN module, one set per thread because a net keeps its state between calls."""

import threading

import cv2

from engine.contract.errors import ModelUnavailable
from engine.weights import path_of

_local = threading.local()


def network(name: str) -> cv2.dnn.Net:
    """TFLite network of this thread by the name of its weight card."""
    nets: dict[str, cv2.dnn.Net] = _local.__dict__.setdefault("nets", {})
    if name not in nets:
        path = str(path_of(name))
        try:
            nets[name] = cv2.dnn.readNetFromTFLite(path)
        except cv2.error as error:
            raise ModelUnavailable("weights_unreadable", name=name) from error
    return nets[name]


def yunet() -> cv2.FaceDetectorYN:
    """YuNet face detector of this thread."""
    if not hasattr(_local, "yunet"):
        _local.yunet = cv2.FaceDetectorYN.create(str(path_of("yunet")), "", (320, 320), 0.6, 0.3, 50)
    detector: cv2.FaceDetectorYN = _local.yunet
    return detector


def sface() -> cv2.FaceRecognizerSF:
    """SFace recogniser of this thread."""
    if not hasattr(_local, "sface"):
        _local.sface = cv2.FaceRecognizerSF.create(str(path_of("sface")), "")
    recogniser: cv2.FaceRecognizerSF = _local.sface
    return recogniser
