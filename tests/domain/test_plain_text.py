"""Texts of data files say what they seem to say."""

from __future__ import annotations

import pytest

from bot.domain.decks import deck_problems, parse_deck
from bot.domain.errors import DataFileInvalid
from bot.domain.plain_text import problem_of, visible
from bot.domain.topics import Topics

DECEITS = {
    "a masked link": "Read [the rules](https://example.org/win)",
    "a masked link with spaces": "Read [the rules](  <https://example.org>)",
    "a mark that turns the direction": "You are \u202egnik eht\u202c",
    "an isolate": "You are \u2066the king\u2069",
    "a left-to-right mark": "You are\u200e the king",
    "a zero-width space": "You are the k\u200bing",
    "a word joiner": "You are the k\u2060ing",
    "a soft hyphen": "You are the k\u00ading",
    "a joiner between Latin letters": "You are the k\u200ding",
    "a byte order mark": "You\ufeff are the king",
    "a control character": "You are the \x1b[31mking",
}
HONEST = (
    "Meet [at the door] (or behind it)",
    "https://example.org/a_b",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0915\u094d\u200d\u0937",
    "A family: \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "A flag: \U0001f3f3\ufe0f\u200d\U0001f308",
    "Élan, naïve, 東京, שלום",
)


def deck(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\x1b", "\\u001b")
    return (
        'title = "Mine"\n\n[[prompts]]\nid = "one"\ntitle = "One"\n'
        f'text = "{escaped}"\nroles = ["the king",\n  "{escaped}"]\n'
    )


@pytest.mark.parametrize("what", DECEITS)
def test_a_deck_that_deceives_its_readers_is_refused_line_by_line(what: str):
    problems = deck_problems("mine.toml", deck(DECEITS[what]), Topics(()))
    assert [(one.line, one.problem.split(":")[0]) for one in problems] == [
        (6, "'text' cannot be shown"),
        (8 if "\x1b" not in DECEITS[what] else 7, "a text in 'roles' cannot be shown"),
    ]
    with pytest.raises(DataFileInvalid):
        parse_deck("mine", "mine.toml", deck(DECEITS[what]), Topics(()))


@pytest.mark.parametrize("text", HONEST)
def test_what_other_languages_need_is_accepted(text: str):
    assert problem_of(text) is None
    assert deck_problems("mine.toml", deck(text), Topics(())) == []
    assert visible(text) == text


def test_the_problem_names_the_character():
    assert problem_of(DECEITS["a zero-width space"]) == (
        "it contains an invisible character, ZERO WIDTH SPACE (U+200B); remove it"
    )
    assert visible(DECEITS["a mark that turns the direction"]) == "You are gnik eht"


def test_a_number_beyond_64_bits_in_a_deck_is_a_problem_with_its_line():
    text = deck("x") + f"fewest_performers = {2**64}\n"
    (problem,) = deck_problems("mine.toml", text.replace('"one"', f"{2**64}", 1), Topics(()))[1:]
    assert (problem.line, problem.problem) == (9, "'fewest_performers' must be a whole number from 1 to 2")
