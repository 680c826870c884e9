"""How a consent text is read: a head in YAML that names its version, and the wording that people agree to."""

from __future__ import annotations

import hashlib

import yaml

from bot.domain.consent import ConsentText
from bot.domain.errors import DataFileInvalid
from bot.domain.plain_text import problem_of

LONGEST_CONSENT_TEXT = 2000
"""Discord's limit for a message, in characters: people read the whole text above the button that they press."""

LONGEST_VERSION_BYTES = 40
"""The version of a text goes into the journal with every request, in a slot of one disk sector."""

_FENCE = "---\n"


def parse_consent_text(locale: str, file: str, text: str) -> ConsentText:
    """Read a consent text. The hash covers the whole file, including its head, with `\\n` at the end of each line.

    `asks_again: true` in the head asks everyone again who agreed to another version.
    Raises DataFileInvalid if the head names no version, or if people could not see the whole wording.
    """
    whole = text.replace("\r\n", "\n")
    parts = whole.split(_FENCE, 2)
    try:
        head = yaml.safe_load(parts[1]) if whole.startswith(_FENCE) and len(parts) > 2 else None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        raise DataFileInvalid(file, 1, "the head of the text is not valid YAML") from error
    if not isinstance(head, dict) or "version" not in head:
        raise DataFileInvalid(file, 1, "the text must begin with a head that names its 'version'")
    version = str(head["version"])  # pyright: ignore[reportUnknownArgumentType]
    if len(version.encode()) > LONGEST_VERSION_BYTES:
        raise DataFileInvalid(file, 1, f"its 'version' is longer than {LONGEST_VERSION_BYTES} bytes: shorten it")
    asks_again: object = head.get("asks_again", False)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(asks_again, bool):
        raise DataFileInvalid(file, 1, "its 'asks_again' must be true or false")
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return ConsentText(version, digest, locale, _wording(file, parts[2].strip()), asks_again)


def _wording(file: str, text: str) -> str:
    if len(text) > LONGEST_CONSENT_TEXT:
        count = f"{len(text)} characters, but at most {LONGEST_CONSENT_TEXT} fit into a message"
        raise DataFileInvalid(file, 1, f"the text has {count}")
    # A link under other words is the operator's own here, for example to a privacy policy.
    if (deceit := problem_of(text, may_link=True)) is not None:
        raise DataFileInvalid(file, 1, f"the text cannot be shown: {deceit}")
    return text
