"""Keys and boxes: AES-256-GCM with a random key for each person, wrapped by the key of the install."""

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.contract.errors import ArtifactUnreadable

KEY_BYTES = 32
NONCE_BYTES = 12
"""Random for each box. NIST SP 800-38D, 8.3: safe for 2^32 boxes under one key; a person has a few hundred."""
BOX_BYTES = NONCE_BYTES + 16
"""What a box adds: nonce in front, tag behind."""
_NAME_CHARS = 32
_CHECK = b"headroom"


def _subkey(key: bytes, purpose: str) -> bytes:
    """An independent key for one purpose (RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"headroom/1/{purpose}".encode()).derive(key)


class Box:
    """Encrypts and authenticates; what a box is bound to must be named again to open it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, data: bytes, bound_to: str) -> bytes:
        """Nonce, ciphertext, tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, bound_to.encode())

    def open(self, box: bytes, bound_to: str) -> bytes:
        """What was closed; raises ArtifactUnreadable when a bit differs, or the key, or what it is bound to."""
        if len(box) < BOX_BYTES:
            raise ArtifactUnreadable("artifact_damaged")
        try:
            return self._cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise ArtifactUnreadable("artifact_damaged") from error


class PersonSeal:
    """One person's key at work."""

    def __init__(self, name: str, key: bytes) -> None:
        self.name = name
        """The person in paths: see `InstallSeal.name_of`."""
        self._naming = _subkey(key, "artifact-name")
        self._box = Box(_subkey(key, "artifact"))

    def artifact_id(self, *facts: str) -> str:
        """Name of a picture: the same for the same facts; without the key nobody can tell which picture it names."""
        return hmac.digest(self._naming, "\0".join(facts).encode(), sha256).hex()[:_NAME_CHARS]

    def close(self, data: bytes, artifact_id: str, part: str) -> bytes:
        """A box that opens only as this part of this picture of this person."""
        return self._box.close(data, f"{part}/{self.name}/{artifact_id}")

    def open(self, box: bytes, artifact_id: str, part: str) -> bytes:
        """Raises ArtifactUnreadable when the box is not what it should be."""
        return self._box.open(box, f"{part}/{self.name}/{artifact_id}")


class InstallSeal:
    """The install key at work: names people without naming them, wraps their keys."""

    def __init__(self, install_key: bytes) -> None:
        if len(install_key) != KEY_BYTES:
            raise ValueError(f"an install key has {KEY_BYTES} bytes, not {len(install_key)}")
        self._naming = _subkey(install_key, "person-name")
        self._box = Box(_subkey(install_key, "person-key"))
        self._vault = _subkey(install_key, "vault")

    def name_of(self, owner: str) -> str:
        """A person in paths. Keyed, because user ids are few enough to try them all against a plain hash."""
        return hmac.digest(self._naming, owner.encode(), sha256).hex()[:_NAME_CHARS]

    def new_key(self, name: str) -> bytes:
        """A fresh random key for a person, wrapped."""
        return self._box.close(secrets.token_bytes(KEY_BYTES), f"key/{name}")

    def unwrap(self, wrapped: bytes, name: str) -> PersonSeal:
        """Raises ArtifactUnreadable for a wrapped key that was changed or belongs to somebody else."""
        return PersonSeal(name, self._box.open(wrapped, f"key/{name}"))

    def for_vault(self) -> Box:
        """What the small secrets of adapters are locked with."""
        return Box(self._vault)

    def new_check(self) -> bytes:
        """What `check` recognises this install key by."""
        return self._box.close(_CHECK, "check")

    def check(self, box: bytes) -> None:
        """Raises ArtifactUnreadable when the box was made with another install key."""
        try:
            self._box.open(box, "check")
        except ArtifactUnreadable as error:
            raise ArtifactUnreadable("install_key_wrong") from error
