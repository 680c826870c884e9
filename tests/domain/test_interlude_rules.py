"""Interludes: the exercises come in turn, and the texts that the project brings along fit their screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import DataFileInvalid
from bot.domain.interludes import first_shown, next_exercise, parse_interludes
from bot.domain.states import Interlude

TEXT = (Path(__file__).parents[2] / "data" / "interludes" / "en.toml").read_text("utf-8")
TEXTS = parse_interludes("interludes/en.toml", TEXT)


def test_exercises_come_one_after_the_other_and_then_again():
    shown = first_shown(Interlude.WARM_UP, TEXTS)
    titles = [shown.title]
    for _ in TEXTS.exercises:
        shown = next_exercise(shown, TEXTS)
        titles.append(shown.title)
    assert titles == [*(one.title for one in TEXTS.exercises), TEXTS.exercises[0].title]
    assert (shown.number, shown.of) == (1, len(TEXTS.exercises))


def test_each_interlude_has_its_text():
    assert first_shown(Interlude.VOICES, TEXTS).text == TEXTS.try_out
    assert first_shown(Interlude.DEBRIEF, TEXTS).text == TEXTS.de_role
    assert 3 <= len(TEXTS.exercises) <= 6
    assert len(set(TEXTS.prompts)) == len(TEXTS.prompts) >= 4


@pytest.mark.parametrize("broken", ["prompts = []\n", 'exercise = "x"\n', "try_out = 1\n"])
def test_a_mistake_is_refused(broken: str):
    field = broken.split(" ")[0]
    start = TEXT.find(f"{field} = ")
    end = TEXT.find("\n", TEXT.find("]" if field == "prompts" else '"""', start + len(field) + 10)) if start >= 0 else 0
    text = broken + TEXT if start < 0 else TEXT[:start] + broken + TEXT[end:]
    with pytest.raises(DataFileInvalid):
        parse_interludes("interludes/en.toml", text)
