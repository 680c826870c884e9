"""Calibrations: who comes next with what, and the texts that the project brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.calibration import CalibrationTurn, calibration_turns, parse_calibration
from bot.domain.errors import DataFileInvalid
from bot.domain.ids import PersonId
from bot.domain.states import CalibrationPart, CalibrationVoice

FILE = Path(__file__).parents[2] / "data" / "calibration" / "en.toml"
PASSAGE, CHAT = CalibrationPart
OWN, CHARACTER = CalibrationVoice
ONE, TWO, THREE, FOUR, FIVE = map(PersonId, range(1, 6))


def test_each_reads_alone_in_both_voices_then_all_chat_in_both():
    assert calibration_turns([TWO, ONE], []) == [
        CalibrationTurn(PASSAGE, OWN, (ONE,)),
        CalibrationTurn(PASSAGE, CHARACTER, (ONE,)),
        CalibrationTurn(PASSAGE, OWN, (TWO,)),
        CalibrationTurn(PASSAGE, CHARACTER, (TWO,)),
        CalibrationTurn(CHAT, OWN, (ONE, TWO)),
        CalibrationTurn(CHAT, CHARACTER, (ONE, TWO)),
    ]


def test_what_is_done_does_not_come_again():
    done = [(ONE, part, voice) for part in CalibrationPart for voice in CalibrationVoice]
    assert calibration_turns([ONE], done) == []
    assert calibration_turns([ONE, TWO], [*done, (TWO, PASSAGE, OWN)]) == [
        CalibrationTurn(PASSAGE, CHARACTER, (TWO,)),
        # A latecomer does not chat alone.
        CalibrationTurn(CHAT, OWN, (TWO, ONE)),
        CalibrationTurn(CHAT, CHARACTER, (TWO, ONE)),
    ]


def test_no_more_than_four_chat_and_no_one_alone():
    people = [ONE, TWO, THREE, FOUR, FIVE]
    groups = [turn.performers for turn in calibration_turns(people, []) if turn.part is CHAT]
    assert groups == [(ONE, TWO, THREE, FOUR), (FIVE, ONE)] * 2
    assert [turn.performers for turn in calibration_turns([ONE], []) if turn.part is CHAT] == [(ONE,), (ONE,)]


def test_the_passage_of_the_project_has_the_length_that_the_field_uses():
    text = parse_calibration("en", "calibration/en.toml", FILE.read_text("utf-8"))
    assert text.name == "en-1"
    assert 90 <= len(text.passage.split()) <= 120
    assert text.words_of(CHAT, 2) != text.words_of(CHAT, 1)
    assert text.words_of(PASSAGE, 1) == text.passage


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("version = 1", "version = 0", 3),
        ("chat_title =", "chat_titel =", 14),
        ("chat_alone =", "# chat_alone =", 1),
    ],
)
def test_a_mistake_in_the_texts_has_its_line(before: str, after: str, line: int):
    text = FILE.read_text("utf-8")
    if after.startswith("#"):
        text = text[: text.index(before)]
    with pytest.raises(DataFileInvalid) as error:
        parse_calibration("en", "calibration/en.toml", text.replace(before, after))
    assert error.value.line == line
