"""Who somebody is: a user of one workspace on one platform. The same human in two workspaces is two people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Identity as the platform verified it; never taken from what somebody typed."""

    platform: str
    """slack, discord or playground."""
    workspace: str
    user: str

    @property
    def key(self) -> str:
        """One string for records and stores; its parts cannot run into each other."""
        return "/".join(
            part.replace("%", "%25").replace("/", "%2F") for part in (self.platform, self.workspace, self.user)
        )
