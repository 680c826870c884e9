from pathlib import Path

import pytest

from bot.domain.decks import parse_deck
from bot.domain.emotions import OTHER, EmotionSet, parse_emotion_set
from bot.domain.errors import AnswerInvalid, DataFileInvalid, DataFileUnknown, EmotionUnknown
from bot.domain.instrument import read_answers
from bot.services.library import Library

DATA = Path(__file__).parents[2] / "data"

GOOD = """title = "T"

[[prompts]]
id = "one"
title = "One"
text = "Text"
roles = ["a", "b"]

[[prompts]]
id = "two"
title = "Two"
text = "Text"
roles = ["a", "b", "c"]
fewest_performers = 2
"""


def test_every_shipped_file_can_be_read():
    library = Library(DATA)
    for name in library.names("decks"):
        assert library.deck(name).prompts
    for name in library.names("emotions"):
        assert len(library.emotion_set(name).emotions) >= 2
    for name in library.names("instruments"):
        assert [item.key for item in library.instrument(name).scales] == [
            "intensity",
            "valence",
            "arousal",
            "authenticity",
        ]
    text = library.consent_text()
    assert len(text.sha256) == 64
    assert len(text.text) <= 2000, "Discord shows at most 2,000 characters"


def test_a_deck_is_read():
    deck = parse_deck("d", "decks/d.toml", GOOD)
    assert [prompt.prompt_id for prompt in deck.prompts] == ["one", "two"]
    assert (deck.prompts[0].fewest_performers, deck.prompts[1].fewest_performers) == (2, 2)
    assert deck.fewest_performers == 2


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('title = "Two"', "title = 2", 11, "'title' must be a text"),
        ('id = "two"', 'id = "one"', 10, "the id 'one' is used twice"),
        ('id = "two"', 'id = "Two!"', 10, "lower-case letters"),
        ('roles = ["a", "b", "c"]', 'roles = ["a"]', 13, "2 to 4 different roles"),
        ('roles = ["a", "b", "c"]', 'roles = "a"', 13, "list of texts"),
        ("fewest_performers = 2", "fewest_performers = 4", 14, "whole number from 2 to 3"),
        ("fewest_performers = 2", "fewest_perfomers = 2", 14, "'fewest_perfomers' is not known"),
        ('text = "Text"\nroles = ["a", "b", "c"]', 'roles = ["a", "b", "c"]', 9, "'text' is missing"),
        ('title = "Two"', 'title = "Two', 11, "not valid TOML"),
    ],
)
def test_a_deck_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    with pytest.raises(DataFileInvalid) as caught:
        parse_deck("d", "decks/d.toml", GOOD.replace(before, after))
    assert (caught.value.file, caught.value.line) == ("decks/d.toml", line)
    assert words in caught.value.problem


def test_an_emotion_set_with_a_mistake_is_refused():
    text = '[[emotions]]\nkey = "joy"\nlabel = "Joy"\ndirection = "d"\n'
    with pytest.raises(DataFileInvalid) as caught:
        parse_emotion_set("e", "emotions/e.toml", 'title = "E"\n' + text)
    assert "at least two" in caught.value.problem
    with pytest.raises(DataFileInvalid) as caught:
        parse_emotion_set("e", "emotions/e.toml", 'title = "E"\n' + text + text)
    assert caught.value.line == 7


def basic() -> EmotionSet:
    return Library(DATA).emotion_set("basic")


def test_answers_are_read_and_checked():
    given = {"emotion": "joy", "intensity": "0", "valence": "5", "arousal": "1", "authenticity": "3"}
    answers = read_answers(given, basic())
    assert (answers.emotion, answers.intensity, answers.valence, answers.arousal, answers.authenticity) == (
        "joy",
        0,
        5,
        1,
        3,
    )
    assert read_answers({**given, "emotion": OTHER}, basic()).emotion == OTHER
    with pytest.raises(EmotionUnknown):
        read_answers({**given, "emotion": "hunger"}, basic())
    for wrong in ("", "4", "-1", "x", "²"):
        with pytest.raises(AnswerInvalid):
            read_answers({**given, "intensity": wrong}, basic())


def test_an_unknown_file_names_those_that_are_there():
    with pytest.raises(DataFileUnknown) as caught:
        Library(DATA).deck("nonesuch")
    assert "everyday" in caught.value.known
