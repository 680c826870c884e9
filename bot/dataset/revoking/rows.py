"""What becomes of each row of a dataset when some of its sounds are revoked. Pure.

Ratings that someone gave to others stay: they are in the labels of those clips. The next version is without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bot.dataset.rows.columns import Row
from bot.dataset.verifying.finding_revoked import Found
from bot.domain.profile import Question

Edit = Callable[[Row, Found], Row | None]
"""Returns a row as it stays, or None if it goes."""


def edited(table: str, row: Row, found: Found) -> Row | None:
    """Return a row of a table as it stays, or None if it goes."""
    return _EDITS.get(table, _stays)(row, found)


def _stays(row: Row, _: Found) -> Row | None:
    return row


def clip_row(row: Row, found: Found) -> Row | None:
    """Return the row of a clip without partners who are gone."""
    if row["clip_id"] in found.clips:
        return None
    return row | {"partners": [name for name in row["partners"] if name not in found.speakers]}


def _of_clip(row: Row, found: Found) -> Row | None:
    return None if row["clip_id"] in found.clips else row


def _of_track(row: Row, found: Found) -> Row | None:
    return None if found.has_track(row, row["speaker_id"]) else row


def _of_speaker(row: Row, found: Found) -> Row | None:
    return None if row["speaker_id"] in found.speakers else row


def _track(row: Row, found: Found) -> Row | None:
    if found.has_track(row, row["speaker_id"]):
        return None
    return row | _unheard(row, found, "heard_speaker_id", "heard_db")


def _sound_check(row: Row, found: Found) -> Row | None:
    kept = _of_speaker(row, found)
    return kept and kept | _unheard(row, found, "heard_in_track_of", "crosstalk_db")


def _unheard(row: Row, found: Found, whom: str, level: str) -> Row:
    return {whom: None, level: None} if row[whom] in found.speakers else {}


def _take(row: Row, found: Found) -> Row | None:
    return row | {
        "mix": _unless_gone(row["mix"], found),
        "mixed_speakers": [] if row["mix"] in found.files else row["mixed_speakers"],
    }


def _dialogue(row: Row, found: Found) -> Row | None:
    def left(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [one for one in rows if not found.has_track(row, one["speaker_id"])]

    turns = [one for one in left(row["turns"]) if one["clip_id"] not in found.clips]
    files = {name: _unless_gone(row[name], found) for name in ("mix", "file")}
    lists = {name: left(row[name]) for name in ("performers", "cues", "holes")}
    return row | files | lists | {"turns": turns}


def _event(row: Row, found: Found) -> Row | None:
    person = None if row["person"] in found.speakers else row["person"]
    return row | {"person": person, "clip_id": None if row["clip_id"] in found.clips else row["clip_id"]}


def _person(row: Row, found: Found) -> Row | None:
    if row["person"] not in found.speakers:
        return row
    unsaid = {question.value: None for question in Question if question.value in row}
    return row | unsaid | {"split": None, "tracks": 0, "clips": 0, "consents": []} if row["ratings"] else None


def _answer(row: Row, found: Found) -> Row | None:
    return None if {row["clip_id"], row["other_clip_id"]} & set(found.clips) else row


def _unless_gone(name: str | None, found: Found) -> str | None:
    return None if name in found.files else name


_EDITS: Final[Mapping[str, Edit]] = {
    "turns": _of_track,
    "dialogues": _dialogue,
    "takes": _take,
    "tracks": _track,
    "castings": _of_speaker,
    "sound_checks": _sound_check,
    "holes": _of_track,
    "cues": _of_track,
    "side_coachings": _of_track,
    "ratings": _of_clip,
    "consensus": _of_clip,
    "self_ratings": _of_clip,
    "answers": _answer,
    "voice_test": _of_speaker,
    "events": _event,
    "people": _person,
}
"""By table; `turns` is the table of all turns beside playable files. In Parquet, it is the table of clips."""
