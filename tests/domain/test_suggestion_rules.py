"""Scenes from a suggestion: what may be typed, and which prompt it becomes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import DataFileInvalid
from bot.domain.states import PromptSource
from bot.domain.suggestions import Suggestion, suggested_prompt, suggestion_problem, tidy
from bot.services.facts.library import Library

FRAME = Library(Path(__file__).parents[2] / "data").frame()
SUGGESTION = Suggestion("Somebody has found a key.", "a launderette", "strangers", frozenset({"death"}))


def test_what_is_typed_becomes_one_line_and_no_full_stop_is_doubled():
    typed = Suggestion(" Somebody has\nfound  a key. ", " a launderette. ", "strangers.")
    assert tidy(typed) == replace(SUGGESTION, topics=frozenset())


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"text": ""}, "the situation is empty"),
        ({"text": "x" * 401}, "the situation has more than 400"),
        ({"place": "x" * 61}, "the place has more than 60"),
        ({"relationship": "x" * 101}, "the relationship has more than 100"),
        ({"place": "a\u202ebar"}, "look at the place: it contains an invisible character"),
        ({"text": "See [this](https://example.org)."}, "it hides a link"),
        ({"text": "<@444444444444444441> has a key."}, "it mentions an account"),
        ({"relationship": "444444444444444441"}, "it mentions an account"),
    ],
)
def test_what_would_deceive_readers_or_name_an_account_is_not_dealt(changed: dict[str, str], found: str):
    assert suggestion_problem(SUGGESTION) is None
    assert found in (suggestion_problem(replace(SUGGESTION, **changed)) or "")


def test_its_prompt_says_that_it_is_a_suggestion_and_keeps_only_the_frames_roles():
    prompt = suggested_prompt(FRAME, SUGGESTION)
    assert prompt.prompt_id.startswith("suggestion-")
    assert prompt.source is PromptSource.SUGGESTION
    assert (prompt.text, prompt.place, prompt.relationship) == (SUGGESTION.text, "a launderette", "strangers")
    assert prompt.tags == {"death"}
    assert prompt.roles == FRAME.roles
    assert prompt.prompt_id == suggested_prompt(FRAME, SUGGESTION).prompt_id
    assert prompt.prompt_id != suggested_prompt(FRAME, replace(SUGGESTION, place="")).prompt_id


def test_a_data_folder_without_a_frame_says_what_is_missing(tmp_path: Path):
    assert not Library(tmp_path).has_frame
    with pytest.raises(DataFileInvalid, match=r"suggestion\.toml") as refused:
        Library(tmp_path).frame()
    assert "the file is missing" in refused.value.problem


def test_the_shipped_frame_fits_two_to_six_and_each_role_wants_something():
    assert (FRAME.fewest_performers, FRAME.most_performers) == (2, 6)
    assert all(role.want and not role.has_secret and not role.is_required for role in FRAME.roles)
    assert not FRAME.tags | FRAME.pull | FRAME.not_emotions
