"""What people type is shown to others as they typed it: no formatting, no links, nothing invisible."""

from __future__ import annotations

import pytest

from bot.domain.consent import Scope
from bot.domain.ids import GuildId, SessionId
from bot.domain.limits import Limits
from bot.services.facts.held import HeldAbout
from bot.store.records import PlacedNote
from bot.ui.texts.held import held_text
from bot.ui.texts.notes import MOST_NOTE_TEXT, notes_text
from bot.ui.texts.words import as_typed

MASKED = "[free tickets](https://example.org)"


def note(text: str) -> PlacedNote:
    return PlacedNote(1, SessionId(1), None, None, None, text, "2026-01-01T00:00:00.000Z", None, None)


@pytest.mark.parametrize(
    "text", [MASKED, "**loud**", "<@123> <#5>", "# Head", "`code`", "||spoiler||", "a\\b", "> quote"]
)
def test_a_note_is_read_as_it_was_typed(text: str):
    row = notes_text([note(text)]).splitlines()[1]
    unescaped = "".join(row[at] for at in range(len(row)) if row[at] != "\\" or row[at - 1 : at] == "\\")
    assert unescaped.removeprefix("- ") == text
    for sign in "[]()*<>#`|":
        assert row.count(sign) == row.count(f"\\{sign}")


def test_a_note_has_one_row_and_nothing_invisible():
    told = notes_text([note("good\n- scene 9, take 9, 0:01: not written\u202e by me\u200b")])
    assert told.splitlines()[1:] == ["- good - scene 9, take 9, 0:01: not written by me"]


def test_a_note_of_signs_still_fits_into_a_message():
    told = notes_text([note("*" * 1000)])
    assert MOST_NOTE_TEXT / 2 < len(told) <= 2000


def test_the_name_of_a_server_is_no_link():
    held = HeldAbout("spk_1", 0, 0, 0, False, Limits(), {}, {GuildId(1): frozenset[Scope]()})
    assert MASKED not in held_text(held, lambda _: MASKED)
    assert as_typed(MASKED) in held_text(held, lambda _: MASKED)
