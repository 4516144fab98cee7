"""The error tree of Headroom. Codes are stable, snake_case and greppable; sentences for people stand in `sentences`.

HeadroomError            .code  .retryable
├── PersonError          the person can fix it: answered kindly, never retried, never paged
├── PlatformError        RateLimited(.retry_after_s), Undeliverable, FileUnavailable
├── EngineError          ModelUnavailable, OutOfMemory, RenderFailed          .stage
├── StorageError         ArtifactUnreadable
├── QueueError
└── SettingsError        at start only; names the variable and gives an example

`Cancelled` is not an error: it ends a shoot because somebody asked for that.
Wrong calls by us are `ValueError` or `TypeError`, outside this tree.
"""

from typing import Any, ClassVar


class HeadroomError(Exception):
    """Anything that Headroom expects to go wrong. `facts` fill the placeholders of the sentence; never a name, face or token."""

    retryable: ClassVar[bool] = False

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return self.code if not self.facts else f"{self.code} ({', '.join(f'{k}={v}' for k, v in self.facts.items())})"


class PersonError(HeadroomError):
    """The person can fix it."""


class PlatformError(HeadroomError):
    """A chat platform said no."""


class RateLimited(PlatformError):
    """The platform asked us to wait."""

    retryable = True

    def __init__(self, code: str = "platform_busy", retry_after_s: float = 1.0, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.retry_after_s = retry_after_s


class Undeliverable(PlatformError):
    """The message can never arrive."""


class FileUnavailable(PlatformError):
    """The file cannot be fetched."""


class EngineError(HeadroomError):
    """A stage of the engine failed."""

    def __init__(self, code: str, stage: str = "", **facts: Any) -> None:
        super().__init__(code, **facts)
        self.stage = stage


class ModelUnavailable(EngineError):
    """A weight file is missing, damaged or not permitted."""


class OutOfMemory(EngineError):
    """The device ran out of memory."""

    retryable = True


class RenderFailed(EngineError):
    """A renderer could not make a candidate."""


class StorageError(HeadroomError):
    """A picture or a record cannot be stored or read."""

    retryable = True


class ArtifactUnreadable(StorageError):
    """A stored picture that trying again will not bring: missing, expired, damaged, or locked with another install key."""

    retryable = False


class QueueError(HeadroomError):
    """The queue cannot be reached."""

    retryable = True


class SettingsError(HeadroomError):
    """A setting is wrong; raised at start only."""


class Cancelled(Exception):
    """Raised by an `on_step` callback to stop a shoot within one step."""
