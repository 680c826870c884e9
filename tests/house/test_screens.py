"""What people read: every error has a sentence, and everything fits into Discord's limits."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.consent import Scope
from bot.services.library import Library
from bot.ui.buttons import ACTIONS, SUBMISSIONS
from bot.ui.custom_ids import LIMIT
from bot.ui.sentences import sentence_of
from bot.ui.words import SCOPE_LABELS

BIGGEST = 2**63 - 1
DATA = Path(__file__).parents[2] / "data"


ERRORS = [
    found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, errors.PromptbookError) and found is not errors.PromptbookError
]


def example(error: type[errors.PromptbookError]) -> errors.PromptbookError:
    values: dict[str, Any] = {
        "int": BIGGEST,
        "str": "record",
        "Sequence[str]": ["send_messages", "connect"],
    }
    return error(*(values[str(field.type)] for field in fields(error))) if is_dataclass(error) else error()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_has_a_sentence(error: type[errors.PromptbookError]):
    sentence = sentence_of(example(error))
    assert sentence[0].isupper() or sentence[0] in "“`<"
    assert sentence.endswith(".")
    assert 20 <= len(sentence) <= 2000
    assert error.__name__ not in sentence


def test_custom_ids_fit_whatever_the_numbers():
    for button_id in (*ACTIONS, *SUBMISSIONS):
        assert len(button_id.build(**dict.fromkeys(button_id.fields, BIGGEST))) <= LIMIT


def test_every_scope_has_a_label_that_fits():
    assert set(SCOPE_LABELS) == set(Scope)
    assert all(len(label) <= 100 for label in SCOPE_LABELS.values())


def test_forms_fit_with_every_shipped_file():
    library = Library(DATA)
    for name in library.names("instruments"):
        instrument = library.instrument(name)
        questions = [instrument.perceived_question, instrument.felt_question]
        questions += [text for item in instrument.scales for text in (item.question, item.felt_question)]
        assert all(len(question) <= 45 for question in questions), "a label of a form has at most 45 characters"
        assert all(len(anchor) <= 100 for item in instrument.scales for anchor in item.anchors)
    for name in library.names("emotions"):
        assert len(library.emotion_set(name).emotions) + 1 <= 25, "a menu has at most 25 options"
    for name in library.names("decks"):
        for prompt in library.deck(name).prompts:
            assert len(prompt.text) + max(map(len, prompt.roles)) + 400 <= 2000
