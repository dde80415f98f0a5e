"""Zip archives from elsewhere: what they promise to unpack to is looked at before they are opened.

Python's zipfile stops at the promised size, so a false promise cannot unpack to more.
"""

from __future__ import annotations

import zipfile

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes that an archive or office file may unpack to; larger ones are refused unopened."""
RATIO_LIMIT = 300
"""How many times larger than packed a member may be, from `RATIO_FROM` bytes on."""
RATIO_FROM = 8 * 1024 * 1024
MEMBER_LIMIT = 10_000


def archive_fault(archive: zipfile.ZipFile) -> str:
    """Why an archive is not unpacked; empty where its directory promises a bounded size."""
    members = archive.infolist()
    if len(members) > MEMBER_LIMIT:
        return f"{len(members)} members; at most {MEMBER_LIMIT} are opened"
    total = sum(member.file_size for member in members)
    if total > UNPACKED_LIMIT:
        return f"would unpack to {total} bytes; at most {UNPACKED_LIMIT} are allowed"
    for member in members:
        if member.file_size > max(RATIO_FROM, RATIO_LIMIT * member.compress_size):
            return f"packed suspiciously small: {member.filename}"
    return ""
