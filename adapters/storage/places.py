"""From what an operator writes to a shelf: a folder, or a bucket with its credentials."""

from pathlib import Path
from urllib.parse import urlsplit

from adapters.storage.shelf import Bucket, Shelf, bucket_shelf, folder_shelf
from engine.contract.errors import SettingsError


def shelf_at(place: str, *, endpoint: str, region: str, access_key_id: str, secret_access_key: str) -> Shelf:
    """`place` is a folder or s3://bucket/prefix; the rest is for buckets.

    Raises SettingsError that names what is missing, and StorageError when the folder cannot be made.
    """
    url = urlsplit(place)
    if not url.scheme:
        return folder_shelf(Path(place))
    if url.scheme != "s3" or not url.netloc or url.query or url.fragment:
        reason = "it is a folder, or a bucket such as s3://headroom-pictures/office"
        raise SettingsError("setting_wrong", name="HEADROOM_PICTURES_URL", reason=reason)
    needed = {
        "HEADROOM_S3_ENDPOINT": endpoint,
        "HEADROOM_S3_ACCESS_KEY_ID": access_key_id,
        "HEADROOM_S3_SECRET_ACCESS_KEY": secret_access_key,
    }
    for name, value in needed.items():
        if not value:
            raise SettingsError("setting_wrong", name=name, reason="a bucket needs it, and it is empty")
    return bucket_shelf(Bucket(url.netloc, endpoint, region, access_key_id, secret_access_key, url.path.strip("/")))
