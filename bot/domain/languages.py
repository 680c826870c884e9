"""Languages by their tags: what a session is played in, and what its screens, cards and texts are written in."""

from __future__ import annotations

import re

ENGLISH = "en"
"""The language of the data folder itself, and of every screen without a translation."""

LONGEST_TAG = 35
"""Room for language, script, region and some variants (RFC 5646, section 4.4.1, recommends at least 35)."""

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(-[a-z]{4})?"  # script
    r"(-([a-z]{2}|[0-9]{3}))?"  # region
    r"(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(-[a-wyz0-9](-[a-z0-9]{2,8})+)*"  # extensions
    r"(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
"""A language tag (BCP 47: RFC 5646, section 2.1), without the tags that are registered whole for historical reasons."""


def is_language_tag(tag: str) -> bool:
    """Whether this is a well-formed BCP 47 tag, such as 'fi', 'pt-BR' or 'zh-Hant-TW'.

    Such a tag is also safe as a folder's name.
    """
    return len(tag) <= LONGEST_TAG and _TAG.fullmatch(tag) is not None


def wider_tags(tag: str) -> list[str]:
    """The tag and those that it is a kind of, the closest first: 'zh-Hant', 'zh' (RFC 4647, section 3.4)."""
    parts = tag.split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1) if len(parts[length - 1]) > 1]
