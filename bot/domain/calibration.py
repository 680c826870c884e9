"""Calibration takes: a passage and a plain chat, in one's own voice and in the character's. Pure.

They say how each performer sounds when no emotion is dealt, at the beginning and at the end of an evening. Whatever
compares voices or normalises features within a speaker needs them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import PersonId
from bot.domain.states import CalibrationPart, CalibrationVoice
from bot.domain.tables import parse_table

FIRST_NUMBER = 901
"""The number of a session's first calibration. Scenes count from 1, and no evening has 900."""

LIMIT_SECONDS: Mapping[CalibrationPart, int] = {CalibrationPart.PASSAGE: 120, CalibrationPart.CHAT: 90}
"""When a calibration take is cut at the latest: 110 words take about 45 s, and a chat is long enough after a minute."""

MOST_IN_A_CHAT = 4
"""With more people, no one says enough within a minute and a half."""

_LONGEST_TITLE = 60
_LONGEST_PASSAGE = 900
_LONGEST_CHAT = 400

Done = tuple[PersonId, CalibrationPart, CalibrationVoice]
"""What a performer has been recorded with."""


@dataclass(frozen=True, slots=True)
class CalibrationText:
    """What is read and talked about. `name` is its language with its version, such as 'en-1'."""

    name: str
    passage_title: str
    passage: str
    chat_title: str
    chat: str
    chat_alone: str

    def title_of(self, part: CalibrationPart) -> str:
        """Return the title of a part."""
        return self.passage_title if part is CalibrationPart.PASSAGE else self.chat_title

    def words_of(self, part: CalibrationPart, performers: int) -> str:
        """Return what this many performers read or talk about."""
        if part is CalibrationPart.PASSAGE:
            return self.passage
        return self.chat if performers > 1 else self.chat_alone


@dataclass(frozen=True, slots=True)
class CalibrationTurn:
    """Who comes next, with what and in which voice: one performer reads, or up to four chat."""

    part: CalibrationPart
    voice: CalibrationVoice
    performers: tuple[PersonId, ...]


def calibration_turns(present: Collection[PersonId], done: Collection[Done]) -> list[CalibrationTurn]:
    """Return what is left to record of those present, in order: each reads in both voices, then all chat in both."""
    people = sorted(present)
    return [
        *(
            CalibrationTurn(CalibrationPart.PASSAGE, voice, (person,))
            for person in people
            for voice in CalibrationVoice
            if (person, CalibrationPart.PASSAGE, voice) not in done
        ),
        *(
            CalibrationTurn(CalibrationPart.CHAT, voice, group)
            for voice in CalibrationVoice
            for group in _groups([one for one in people if (one, CalibrationPart.CHAT, voice) not in done], people)
        ),
    ]


def _groups(missing: Sequence[PersonId], present: Sequence[PersonId]) -> list[tuple[PersonId, ...]]:
    """Divide those who have not chatted yet; no one chats alone if someone else is present."""
    groups = [tuple(missing[at : at + MOST_IN_A_CHAT]) for at in range(0, len(missing), MOST_IN_A_CHAT)]
    others = [one for one in present if groups and one not in groups[-1]]
    if groups and len(groups[-1]) == 1 and others:
        groups[-1] = (*groups[-1], others[0])
    return groups


def parse_calibration(language: str, file: str, text: str) -> CalibrationText:
    """Read the texts of a language. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("version", "passage_title", "passage", "chat_title", "chat", "chat_alone")
    return CalibrationText(
        f"{language}-{table.integer('version', 1, 999)}",
        table.string("passage_title", longest=_LONGEST_TITLE),
        table.string("passage", longest=_LONGEST_PASSAGE),
        table.string("chat_title", longest=_LONGEST_TITLE),
        table.string("chat", longest=_LONGEST_CHAT),
        table.string("chat_alone", longest=_LONGEST_CHAT),
    )
