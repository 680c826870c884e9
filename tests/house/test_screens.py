"""What people read: every error has a sentence, and everything fits into Discord's limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.characters import Character
from bot.domain.consent import Scope
from bot.domain.decks import Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import CastingId, PersonId, SceneId, SessionId, UserId
from bot.domain.own_voice import ChannelFault
from bot.domain.roles import LONGEST_ROLE, LONGEST_WANT, Role
from bot.domain.states import Interlude, PromptSource, ShiftManner, TakeKind
from bot.services.facts.library import Library
from bot.services.scene.cards import Card
from bot.store.records import PerformerCasting, Scene
from bot.ui import custom_ids
from bot.ui.custom_ids import LIMIT
from bot.ui.emotion_parts import parts_of
from bot.ui.texts.card import card_text
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.rating import part_label, words_text

TOKEN = "t" + 20 * "f"
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
        "Mapping[SessionId, int]": {SessionId(BIGGEST): 30, SessionId(BIGGEST - 1): 0},
        "Sequence[str]": ["send_messages", "connect"],
        "Sequence[UserId]": [BIGGEST] * 30,
        "UserId": BIGGEST,
        "SessionId": BIGGEST,
        "EventKind | None": None,
        "ChannelFault": ChannelFault.STAGE,
        "int | None": 300,
        "bool": True,
        "Interlude": Interlude.VOICES,
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
    ids = [found for found in vars(custom_ids).values() if isinstance(found, custom_ids.CustomId)]
    assert len(ids) > 10
    for custom_id in (*ids, *custom_ids.STEP_BUTTONS.values()):
        kind: Any = custom_id.numbers
        values = {field.name: TOKEN if field.name == "token" else BIGGEST for field in fields(kind)}
        numbers = kind(**values)
        assert len(custom_id.build(numbers)) <= LIMIT
        assert custom_id.read(custom_id.build(numbers)) == numbers


def test_every_scope_has_a_label_that_fits():
    assert set(SCOPE_LABELS) == set(Scope)
    assert all(len(label) <= 100 for label in SCOPE_LABELS.values())


def test_forms_fit_with_every_shipped_file():
    library = Library(DATA)
    for name in library.names("instruments"):
        instrument = library.instrument(name)
        questions = [text for item in instrument.items for text in (item.question, item.felt_question)]
        assert all(len(question) <= 45 for question in questions), "a label of a form has at most 45 characters"
        assert all(len(text) <= 100 for item in instrument.items for text in (*item.anchors, item.help))
    for name in library.names("emotions"):
        for part in parts_of(library.emotion_set(name)):
            assert len(part) + 3 <= 25, "a menu has at most 25 options"
            assert len(part_label(part)) <= 80, "a button's label has at most 80 characters"


def test_a_large_emotion_set_is_offered_whole_and_read_before_choosing():
    for size in (22, 23, 27, 40, 44, 45, 100):
        emotions = EmotionSet("e", "E", tuple(Emotion(f"e{n}", f"{n:03} {'w' * 36}", "d") for n in range(size)))
        parts = parts_of(emotions)
        assert len(parts) == -(-size // 22)
        assert sorted(one.key for part in parts for one in part) == sorted(one.key for one in emotions.emotions)
        assert all(len(part) <= 22 and len(part_label(part)) <= 80 for part in parts)
        assert len(words_text(parts)) <= 1700, "the rest of the message needs room too"
    library = Library(DATA)
    for name in library.names("emotions"):
        emotions = library.emotion_set(name)
        text = words_text(parts_of(emotions))
        assert not text or all(emotion.label in text for emotion in emotions.emotions)


def test_every_card_fits_whatever_is_dealt():
    library = Library(DATA)
    prompts = [prompt for name in library.names("decks") for prompt in library.deck(name).prompts]
    emotions = [one for name in library.names("emotions") for one in library.emotion_set(name).emotions]
    characters = library.character_set("core").characters

    def longest(values: Iterable[Any], *fields: str) -> Any:
        return max(values, key=lambda value: sum(len(getattr(value, field)) for field in fields))

    prompt = longest(prompts, "title", "text", "place", "relationship")
    role = longest([role for one in prompts for role in one.roles], "text", "want")
    character = max(characters, key=lambda one: len(one.name) + sum(map(len, one.voice.values())))
    label, asked = max((one.label for one in emotions), key=len), max(directions_of(emotions), key=len)
    assert len(a_card(prompt, role, character, Emotion("e", label, asked))) <= 2000


def directions_of(emotions: Iterable[Emotion]) -> list[str]:
    return [text for one in emotions for texts in one.directions for text in texts]


def test_a_card_fits_at_the_limits_of_what_a_deck_may_say():
    role = Role("r" * LONGEST_ROLE, "w" * LONGEST_WANT)
    fullest = Prompt("p", "t" * 60, "x" * 400, (role,), 1, "p" * 60, "b" * 100)
    fields = ("placement", "articulation", "rhythm", "phrasing", "stays", "free")
    character = Character("c", "n" * 40, dict.fromkeys(fields, "x" * 70))
    emotion = Emotion("e", "l" * 40, "d" * 160)
    assert len(a_card(fullest, role, character, emotion)) <= 2000


def a_card(prompt: Prompt, role: Role, character: Character, emotion: Emotion) -> str:
    scene = Scene(
        SceneId(1),
        SessionId(1),
        99,
        "p",
        prompt.title,
        prompt.text,
        "now",
        None,
        prompt.place,
        prompt.relationship,
        "7/0",
        *(None, None, None, None),
        PromptSource.DECK,
        TakeKind.SCENE,
        *(None,) * 7,
    )
    arc = ("e", 3, None, None)
    ids, no_words = (CastingId(1), SceneId(1), PersonId(1)), (None, None, None, None, None, None, role.want)
    dealt, who = (None, None, ShiftManner.GRADUAL), (UserId(1), "p")
    casting = PerformerCasting(*ids, role.text, character.key, emotion.key, 3, *arc, 0, None, *no_words, *dealt, *who)
    return card_text(Card(scene, casting, emotion, emotion, character))
