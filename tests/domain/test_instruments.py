"""Instruments: what is wrong in a file is named by line, items rotate until each has its number, bad sound is news."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import Answer, missing, read_answers
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import AnswerInvalid, DataFileInvalid
from bot.domain.form_plan import MOST_FIELDS, plan_form, reachable
from bot.domain.instrument import CANNOT_JUDGE, Instrument, Item, ItemScale, Needs
from bot.domain.instrument_files import parse_instrument
from bot.domain.reports import is_news
from bot.domain.states import TrialKind

HEARD = Item("emotion", ItemScale.EMOTION, "Q", "F")
EMOTIONS = EmotionSet("e", "E", (Emotion("joy", "Joy", "d"), Emotion("fear", "Fear", "d")))

FILE = """title = "T"
version = 3

[[items]]
key = "emotion"
scale = "emotion"
question = "What?"
felt_question = "What did you?"

[[items]]
key = "strength"
scale = "ordinal"
range = [1, 3]
question = "How strong?"
anchors = ["1", "2", "3"]
wanted = 2

[[items]]
key = "sounds"
scale = "nominal"
values = ["laugh", "sob", "none"]
question = "What else?"
anchors = ["A laugh", "A sob", "Nothing else"]
several = true

[[items]]
key = "caption"
scale = "text"
question = "In your words?"
optional = true
"""


def test_an_instrument_is_read_with_all_kinds_of_items():
    found = parse_instrument("t", "f.toml", FILE)
    assert (found.version, [item.key for item in found.items]) == (3, ["emotion", "strength", "sounds", "caption"])
    assert [item.key for item in found.items_about(TrialKind.OWN)] == ["emotion"]
    assert list(found.items[1].choices) == [("1", "1"), ("2", "2"), ("3", "3")]
    assert found.items[2].choices[1] == ("sob", "A sob")


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('key = "emotion"', 'key = "feeling"', 5, "the first item, and only that"),
        ('key = "strength"', 'key = "emotion"', 11, "the first item, and only that"),
        ('key = "strength"', 'key = "Strength!"', 11, "lower-case words"),
        ('key = "sounds"', 'key = "strength"', 19, "used twice"),
        ('scale = "ordinal"', 'scale = "slider"', 12, "one of emotion, nominal, ordinal, text"),
        ("range = [1, 3]", "range = [3, 1]", 13, "the lowest and the highest"),
        ("range = [1, 3]", "range = [1, 4]", 15, "needs 4 texts"),
        ('key = "strength"', 'key = "valence"', 13, "'valence' runs from 1 to 5 in every dataset"),
        ("wanted = 2", "wanted = 0", 16, "from 1 to 20"),
        ("wanted = 2", 'needs = "wings"', 16, "one of character"),
        ("wanted = 2", 'about = ["own"]', 16, "needs a 'felt_question'"),
        ("wanted = 2", "several = true", 16, "only a nominal item"),
        ("wanted = 2", 'note = "x"', 16, "'note' is not a field here"),
        ('values = ["laugh", "sob", "none"]', 'values = ["laugh", "bad_sound", "none"]', 21, "'bad_sound'"),
        ('question = "In your words?"', f'question = "{"x" * 46}"', 29, "to at most 45"),
        ('question = "In your words?"', 'question = "Q"\nanchors = ["x"]', 30, "belongs to nominal and ordinal"),
    ],
)
def test_what_is_wrong_in_an_instrument_is_named_by_line(before: str, after: str, line: int, words: str):
    assert before in FILE
    with pytest.raises(DataFileInvalid, match=words) as caught:
        parse_instrument("t", "f.toml", FILE.replace(before, after, 1))
    assert (caught.value.file, caught.value.line) == ("f.toml", line)


def test_answers_are_values_words_and_several_values():
    asked = parse_instrument("t", "f.toml", FILE).items
    given = {"emotion": ["joy"], "strength": ["2"], "sounds": ["laugh", "none", "sob"], "caption": ["so  far\naway"]}
    assert read_answers(given, asked, EMOTIONS) == (
        Answer("emotion", "joy"),
        Answer("strength", "2"),
        Answer("sounds", "laugh"),
        Answer("sounds", "sob"),
        Answer("caption", "so far away", is_words=True),
    )
    assert read_answers({**given, "caption": []}, asked, EMOTIONS)[-1] == Answer("sounds", "sob")
    assert [item.key for item in missing({"emotion": ["joy"], "sounds": []}, asked)] == ["strength", "sounds"]
    assert not missing({"emotion": [CANNOT_JUDGE]}, asked)
    with pytest.raises(AnswerInvalid):
        read_answers({**given, "sounds": ["song"]}, asked, EMOTIONS)


@st.composite
def instruments(draw: st.DrawFn) -> tuple[Instrument, int]:
    raters = draw(st.integers(1, 8))
    wanted = draw(st.lists(st.integers(1, raters), min_size=1, max_size=12))
    items = [Item(f"i{number}", ItemScale.TEXT, "Q", wanted=most) for number, most in enumerate(wanted)]
    return Instrument("t", "T", (HEARD, *items)), raters


@given(instruments())
def test_every_item_reaches_its_number_if_that_can_be_reached(drawn: tuple[Instrument, int]):
    instrument, raters = drawn
    asked: Counter[str] = Counter()
    for _ in range(raters):
        form = plan_form(instrument, TrialKind.TURN, asked, raters, has_character=True)
        assert form[0] == HEARD
        assert len({item.key for item in form}) == len(form) <= MOST_FIELDS
        asked.update(item.key for item in form)
    if reachable(instrument, TrialKind.TURN, raters):
        assert all(asked[item.key] >= (item.wanted or raters) for item in instrument.items)


def test_an_item_about_a_character_is_not_asked_about_a_turn_without_one():
    held = Item("held", ItemScale.TEXT, "Q", needs=Needs.CHARACTER)
    instrument = Instrument("t", "T", (HEARD, held))
    for has_character, form in ((True, [HEARD, held]), (False, [HEARD])):
        assert list(plan_form(instrument, TrialKind.TURN, {}, 5, has_character=has_character)) == form


def test_the_coordinator_is_told_once_two_of_three_hear_bad_sound():
    heard = [("bad",), ("bad", "bad"), ("ok", "bad"), ("ok", "bad", "bad"), ("ok", "ok", "bad", "bad")]
    told = [is_news(answers.count("bad"), len(answers)) for answers in heard]
    assert told == [False, True, False, True, False]
    assert not is_news(3, 3), "it was news when the second one said so"
