"""The port `ProfilePhotos`: a headshot becomes the photo of a person's own profile, where a platform lets an app do that."""

from typing import Final, Protocol

from bot.people import Person

HAVE_PROFILE_PHOTOS: Final = frozenset({"slack"})
"""Platforms whose people can be offered that, by `Person.platform`. Others take the file, and a word on where to put it."""


class ProfilePhotos(Protocol):
    """One platform's profiles. Nobody but the person can connect theirs, and they do that once."""

    async def wear(self, person: Person, picture: bytes) -> None:
        """Make an encoded headshot the person's profile photo. Twice is as good as once.

        PersonError: "profile_not_connected" (fact `url`: where this person, and nobody else, lets us; good for ten minutes),
        "profile_managed" (their organisation sets the photos), "profile_not_offered" (not set up here), "profile_refused" (the
        platform did not take the picture). PlatformError and StorageError: it is tried again.
        """
        ...
