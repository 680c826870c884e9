"""The register of uses: what was made of one's recordings, for what, and to whom they were given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.store.records import Use
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import as_typed

MOST_PAGES = 5
"""Each page is a message of its own; older uses are in the copy of everything."""

_MOST_TEXT = 1900

NOTHING_USED = phrase("No dataset has your recordings. If one is made, it is listed here.")
_HEAD = phrase(
    "**What your recordings were used for**, the newest first. A hash is that of the whole dataset: with it, anyone "
    "can tell which files they have."
)
_OLDER = phrase("There is more: `/me export` has everything.")
_STAYS = phrase("kept and reviewed here, given to no one")
_GIVEN = phrase(
    "**Recordings of yours were given to {recipient}**, as you directed. {use}\n"
    "`/me uses` lists every use; `/me withdraw` ends it for what comes after."
)


def given_text(use: Use) -> str:
    """What a person is told when a dataset with their sound was made for someone."""
    return say(_GIVEN, recipient=as_typed(use.recipient or ""), use=_use_text(use))


def uses_pages(uses: Sequence[Use]) -> list[str]:
    """Every use, the newest first, as messages."""
    if not uses:
        return [say(NOTHING_USED)]
    pages = [say(_HEAD)]
    for line in (f"- {_use_text(use)}" for use in uses):
        if len(pages[-1]) + len(line) + 1 > _MOST_TEXT:
            if len(pages) == MOST_PAGES:
                pages[-1] += f"\n{say(_OLDER)}"
                break
            pages.append(line)
        else:
            pages[-1] += f"\n{line}"
    return pages


def _use_text(use: Use) -> str:
    return f"{use.made_at[:10]}: {'; '.join(_facts(use))}."


def _facts(use: Use) -> Iterator[str]:
    if use.purpose:
        yield say(SCOPE_LABELS[use.purpose])
    if use.recipient:
        yield say("given to {recipient}", recipient=f"**{as_typed(use.recipient)}**")
    elif not use.purpose:
        yield say(_STAYS)
    clips = say_count("{number} clip of yours", "{number} clips of yours", use.clips)
    yield say("{clips} from {sessions}", clips=clips, sessions=", ".join(json.loads(use.sessions)))
    if not use.has_sound:
        yield say("features and labels alone, without sound")
    if use.release_id:
        yield say("dataset version {number}", number=use.release_id)
    yield say("hash `{digest}`", digest=use.content_sha256[:16])
