"""The files that a troupe edits, as they are shipped."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest

from bot.domain.advice.advise import advise
from bot.domain.answers import Answer, read_answers
from bot.domain.characters import FEATURES
from bot.domain.decks import Deck
from bot.domain.directions import said_by
from bot.domain.emotions import OTHER, EmotionSet
from bot.domain.errors import AnswerInvalid, DataFileUnknown, EmotionUnknown
from bot.domain.families import Family
from bot.domain.form_plan import MOST_FIELDS, reachable
from bot.domain.instrument import BAD_SOUND, COLUMN_SCALES
from bot.domain.roles import Role
from bot.domain.states import TrialKind
from bot.domain.topics import MOST_TOPICS
from bot.services.facts.library import Library

DATA = Path(__file__).parents[2] / "data"
FORM = {"emotion": "joy", "intensity": "0", "valence": "5", "arousal": "1", "authenticity": "3"}


def decks() -> list[Deck]:
    library = Library(DATA)
    return [library.deck(name) for name in library.names("decks")]


def emotion_sets() -> list[EmotionSet]:
    library = Library(DATA)
    return [library.emotion_set(name) for name in library.names("emotions")]


def test_there_is_enough_to_play():
    prompts = {deck.name: len(deck.prompts) for deck in decks()}
    assert prompts == {"ensemble": 9, "everyday": 34, "high-stakes": 32, "solo": 10, "two-hander-status": 32}
    sizes = {one.name: len(one.emotions) for one in emotion_sets()}
    assert sizes == {"basic": 7, "iemocap": 9, "categories-27": 28, "emonet-40": 41}
    assert len(Library(DATA).character_set("core").characters) >= 12
    assert len(Library(DATA).topics().keys) <= MOST_TOPICS


def test_there_is_something_for_every_company_from_one_to_six():
    sizes = {deck.name: (deck.fewest_performers, deck.most_performers) for deck in decks()}
    assert sizes == {
        "ensemble": (3, 6),
        "everyday": (2, 4),
        "high-stakes": (2, 4),
        "solo": (1, 1),
        "two-hander-status": (2, 2),
    }
    for deck in decks():
        if deck.fewest_performers == 2:
            assert sum(prompt.fewest_performers == 2 for prompt in deck.prompts) >= 20, deck.name
    assert sum(prompt.fewest_performers == 1 for deck in decks() for prompt in deck.prompts) >= 8
    assert sum(prompt.most_performers >= 5 for deck in decks() for prompt in deck.prompts) >= 8


def test_prompts_are_told_apart_over_all_decks_and_say_where_and_who():
    prompts = [prompt for deck in decks() for prompt in deck.prompts]
    for values in ([one.prompt_id for one in prompts], [one.title for one in prompts], [one.text for one in prompts]):
        assert [value for value, times in Counter(values).items() if times > 1] == []
    roles = Counter(role.text for prompt in prompts for role in prompt.roles)
    assert [role for role, times in roles.items() if times > 1] == []
    wants = Counter(role.want for prompt in prompts for role in prompt.roles)
    assert {want: times for want, times in wants.items() if times > 1} == {}
    for prompt in prompts:
        assert prompt.place, prompt.prompt_id
        assert prompt.relationship, prompt.prompt_id
        # The card puts them into sentences: "You are ...", "You want ...", "Between you: ... ."
        for text in (*_texts(prompt.roles), prompt.place, prompt.relationship):
            assert not text.endswith("."), text


def _texts(roles: Iterable[Role]) -> list[str]:
    return [text for role in roles for text in (role.text, role.want)]


def test_a_shipped_deck_needs_no_advice():
    library = Library(DATA)
    for name in library.names("decks"):
        text = (DATA / "decks" / f"{name}.toml").read_text("utf-8")
        assert advise(f"{name}.toml", text, library.topics(), library.emotion_keys()) == [], name


def test_every_family_is_favoured_somewhere_and_none_everywhere():
    for deck in decks():
        pulls = Counter(family for prompt in deck.prompts for family in prompt.pull)
        assert max(pulls.values()) <= len(deck.prompts) / 2, deck.name
    pulls = Counter(family for deck in decks() for prompt in deck.prompts for family in prompt.pull)
    assert set(pulls) == set(Family)


def test_no_desire_is_dealt_where_someone_depends_on_another():
    prompts = {prompt.prompt_id: prompt for deck in decks() for prompt in deck.prompts}
    for prompt_id in ("grandchild-phone", "swimming-badge", "goodnight-ida", "wrong-dose", "kidney", "violin-lesson"):
        assert Family.DESIRE in prompts[prompt_id].not_emotions
    wanting = [prompt for prompt in prompts.values() if Family.DESIRE not in prompt.not_emotions]
    assert len(wanting) >= len(prompts) / 2, "there must be scenes left for it"


def test_labels_are_told_apart_in_each_set_and_sets_agree_on_what_an_emotion_is():
    found: dict[str, set[tuple[object, ...]]] = {}
    for one in emotion_sets():
        assert len({emotion.label for emotion in one.emotions}) == len(one.emotions)
        assert "neutral" in {emotion.key for emotion in one.emotions}, one.name
        for emotion in one.emotions:
            assert emotion.family, (one.name, emotion.key)
            assert set(emotion.overlaps) <= {other.key for other in one.emotions} - {emotion.key}
            found.setdefault(emotion.key, set()).add((emotion.family, emotion.is_bodily, emotion.directions))
    assert [key for key, ways in found.items() if len(ways) > 1] == []


def test_every_emotion_has_three_directions_for_each_intensity_and_neutral_three_in_all():
    emotions = {emotion.key: emotion for one in emotion_sets() for emotion in one.emotions}
    assert emotions.keys() == Library(DATA).directions().by_emotion.keys(), "every direction is for an emotion of a set"
    for key, emotion in emotions.items():
        each = 6 if emotion.opt_in else 3
        assert [len(texts) for texts in emotion.directions] == ([3] if key == "neutral" else [each] * 3), key
        assert emotion.has_degrees == (key != "neutral")
    texts = Counter(text for one in emotions.values() for texts in one.directions for text in texts)
    assert [text for text, times in texts.items() if times > 1] == []


FUNCTION_WORDS = {"and", "of", "the", "a", "in"}


def test_no_direction_shares_a_content_word_with_the_emotions_label_or_synonyms():
    directions = Library(DATA).directions()
    for one in emotion_sets():
        for emotion in one.emotions:
            assert len(directions.synonyms[emotion.key]) >= 5 or emotion.key == "neutral"
            words = {*emotion.label.lower().replace("/", " ").split(), *directions.synonyms[emotion.key]}
            told = said_by([emotion.key, *words]) - said_by(FUNCTION_WORDS)
            for text in (text for texts in emotion.directions for text in texts):
                assert not told & said_by([text]), (emotion.key, text)


def test_a_word_that_says_the_emotion_is_found_in_other_forms():
    for word, other in (("joyful", "joy"), ("jealousy", "jealous"), ("irritated", "irritating"), ("sadness", "sad")):
        assert said_by([word]) == said_by([other])
    assert not said_by(["anger"]) & said_by(["danger"])


def test_any_two_characters_differ_in_two_coded_features_and_none_constrains_what_feeling_needs():
    characters = Library(DATA).character_set("core").characters
    for one, other in combinations(characters, 2):
        assert len(one.differences(other)) >= 2, (one.key, other.key)
        assert one.name != other.name
        assert one.voice != other.voice
    for one in characters:
        assert one.features.keys() == FEATURES.keys()
        assert "pitch, pace and loudness" in one.voice["free"]
        assert not {"whisper", "throat", "half voice", "old", "young", "accent"} & set(str(one.voice).lower().split())


def test_instruments_and_consent_text_can_be_read():
    library = Library(DATA)
    for name in library.names("instruments"):
        instrument = library.instrument(name)
        assert all(COLUMN_SCALES.get(one.key, (one.low, one.high)) == (one.low, one.high) for one in instrument.scales)
        assert len(instrument.items_about(TrialKind.OWN)) <= MOST_FIELDS, "no one else can be asked the rest"
        assert reachable(instrument, TrialKind.TURN, 5)
    assert [item.key for item in library.instrument("core").items] == list(FORM)
    text = library.consent_text()
    assert len(text.sha256) == 64
    assert len(text.text) <= 2000, "Discord shows at most 2,000 characters"


def basic() -> EmotionSet:
    return Library(DATA).emotion_set("basic")


def test_answers_are_read_and_checked():
    asked = Library(DATA).instrument("core").items
    assert read_answers(FORM, asked, basic()) == tuple(Answer(item, value) for item, value in FORM.items())
    assert read_answers({**FORM, "emotion": OTHER}, asked, basic())[0] == Answer("emotion", OTHER)
    assert read_answers({**FORM, "emotion": BAD_SOUND}, asked, basic()) == (Answer("emotion", BAD_SOUND),)
    assert read_answers({"emotion": [BAD_SOUND]}, asked, basic()) == (Answer("emotion", BAD_SOUND),)
    with pytest.raises(EmotionUnknown):
        read_answers({**FORM, "emotion": "hunger"}, asked, basic())
    for wrong in ("", "4", "-1", "x", "²"):
        with pytest.raises(AnswerInvalid):
            read_answers({**FORM, "intensity": wrong}, asked, basic())


def test_an_unknown_file_names_those_that_are_there():
    with pytest.raises(DataFileUnknown) as caught:
        Library(DATA).deck("nonesuch")
    assert "everyday" in caught.value.known


def test_every_shipped_emotion_of_desire_and_of_bodily_disgust_needs_an_opt_in():
    library = Library(DATA)
    closed = library.opt_ins().closed(())
    assert closed <= library.emotion_keys() | {"bodily_disgust"}
    for name in library.names("emotions"):
        emotions = library.emotion_set(name)
        assert {one.key for one in emotions.emotions if one.family is Family.DESIRE} <= closed, name
        assert len(emotions.without(closed).emotions) >= 6, name
        disgust = emotions.find("disgust")
        assert disgust.key not in closed
        assert disgust.opt_in in closed
    assert library.opt_ins().closed(["desire"]) == {"bodily_disgust"}
