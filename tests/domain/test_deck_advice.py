"""Advice about decks: each rule names the fault that it is about in prompts of the decks before there were rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.advice.advise import advise
from bot.domain.advice.written import Advice, Rule
from bot.domain.decks import parse_deck
from bot.services.facts.library import Library

ROOT = Path(__file__).parents[2]
LIBRARY = Library(ROOT / "data")
TOPICS = LIBRARY.topics()
LANDED = (Path(__file__).parent / "landed_prompts.toml").read_text("utf-8")
EMOTIONS = frozenset({"joy", "fear", "sexual_lust"})

GOOD = """title = "T"

[[prompts]]
id = "one"
title = "One"
text = "Two loaves are left, and the queue goes round the corner."
fewest_performers = 2
pull = ["joy"]

[[prompts.roles]]
text = "the baker, who counted wrong"
want = "them to share"
required = true

[[prompts.roles]]
text = "someone who travelled here all night from the coast"
want = "a whole loaf"

[[prompts.roles]]
text = "someone with a dinner tonight"
want = "to go first"
"""


def advice_of(text: str) -> list[Advice]:
    return list(advise("f.toml", text, TOPICS, EMOTIONS))


def named(text: str, rule: Rule) -> dict[str, list[str]]:
    """The sentences of one rule by the id of the prompt that they are about; those about a whole deck by ''."""
    lines = text.splitlines()
    found: dict[str, list[str]] = {}
    for one in advice_of(text):
        if one.rule is rule:
            above = lines[: one.line + 1] if one.line > 1 else []
            ids = [line.split('"')[1] for line in above if line.startswith("id = ")]
            found.setdefault(ids[-1] if ids else "", []).append(one.sentence)
    return found


def test_a_good_deck_needs_none():
    assert advice_of(GOOD) == []


def test_roles_without_a_want_are_named():
    assert len(named(LANDED, Rule.WANT)) == len(parse_deck("d", "f.toml", LANDED, TOPICS).prompts)
    (one,) = advice_of(GOOD.replace('want = "a whole loaf"\n', ""))
    assert (one.line, one.rule) == (16, Rule.WANT)
    assert one.sentence == "this role has no 'want': say what it wants from the others, now"


def test_a_prompt_without_a_pull_is_named():
    assert len(named(LANDED, Rule.PULL)) == len(parse_deck("d", "f.toml", LANDED, TOPICS).prompts)


def test_a_deck_whose_prompts_all_pull_towards_the_same_is_named():
    grave = LANDED.replace("\ntitle = ", '\npull = ["fear", "shame"]\ntitle = ').replace(
        'pull = ["fear", "shame"]\n', "", 1
    )
    assert sorted(named(grave, Rule.BALANCE)[""]) == [
        "21 of 21 prompts pull towards 'fear': at most half should",
        "21 of 21 prompts pull towards 'shame': at most half should",
        "only 0 of 21 prompts pull towards pleasant families (affection, calm, desire, interest, joy): a third should",
    ]
    assert advice_of(grave)[0].line == 1
    assert named("[[prompts]]".join(grave.split("[[prompts]]")[:8]), Rule.BALANCE) == {}, "too few to be balanced"


def test_more_than_one_secret_is_named():
    told = named(LANDED, Rule.SECRET)
    for prompt_id in ("choir-solo", "language-class", "mine-lift"):
        assert told[prompt_id] == [
            "2 roles keep something from the others: leave one secret, and tell the rest to everyone"
        ]
    assert told["last-train"] == ["“will not say” sounds like a secret: mark it with 'secret = true'"]
    marked = GOOD.replace('the coast"\n', 'the coast"\nsecret = true\n').replace(
        'tonight"\n', 'tonight"\nsecret = true\n'
    )
    assert [(one.line, one.rule) for one in advice_of(marked)] == [(21, Rule.SECRET)]


def test_what_needs_eyes_is_named():
    told = named(LANDED, Rule.EYES)
    assert {"fitting-room", "fit-for-duty", "better-bench", "language-class"} <= set(told)
    assert told["fitting-room"] == ["“pins in the mouth” needs eyes: the others can only hear this scene"]
    assert len(told["fit-for-duty"]) == 2
    (one,) = advice_of(GOOD.replace("a whole loaf", "them to look at your ticket"))
    assert (one.line, one.rule) == (17, Rule.EYES)


def test_scenes_with_relatives_and_dependants_that_do_not_exclude_desire_are_named():
    told = named(LANDED, Rule.NOT_EMOTIONS)
    assert {"grandchild-phone", "driving-lesson", "swimming-badge", "kidney"} <= set(told)
    assert "power-cut-lift" not in told
    excluded = LANDED.replace("\ntitle = ", '\nnot_emotions = ["desire"]\ntitle = ').replace(
        'not_emotions = ["desire"]\n', "", 1
    )
    assert named(excluded, Rule.NOT_EMOTIONS) == {}


def test_a_misspelt_emotion_is_named():
    for excluded in ('["desire"]', '["sexual_lust", "fear"]'):
        assert advice_of(GOOD.replace('pull = ["joy"]', f'pull = ["joy"]\nnot_emotions = {excluded}')) == []
    (one,) = advice_of(GOOD.replace('pull = ["joy"]', 'pull = ["joy"]\nnot_emotions = [\n"fear",\n"desier",\n]'))
    assert (one.line, one.rule) == (11, Rule.NOT_EMOTIONS)
    assert "'desier' is neither a family of emotions nor in any emotion set" in one.sentence


def test_a_role_that_may_not_stay_home_is_named():
    told = named(LANDED, Rule.REQUIRED)
    expected = {"driving-lesson", "asylum-interview", "prison-gate", "first-snow-shop", "broken-vase"}
    assert expected <= set(told)
    assert told["driving-lesson"] == [
        "“the learner” speaks of this role, which may stay home: mark it with 'required = true'"
    ]
    speaking = GOOD.replace("to go first", "to hear the baker say sorry").replace("required = true\n", "")
    (one,) = advice_of(speaking)
    assert (one.line, one.rule) == (11, Rule.REQUIRED)
    assert advice_of(speaking.replace("fewest_performers = 2\n", "")) == [], "then no role stays home"


def test_two_roles_that_are_alike_are_named():
    (one,) = advice_of(GOOD.replace("with a dinner tonight", "from the coast, who travelled all night"))
    assert (one.line, one.rule, one.sentence) == (20, Rule.ALIKE, "two roles are alike: make them different people")
    (one,) = advice_of(GOOD.replace("to go first", "A whole loaf"))
    assert (one.line, one.rule, one.sentence) == (21, Rule.ALIKE, "two roles want the same: let them disagree")


@pytest.mark.parametrize(
    ("prompt_id", "topic"),
    [
        ("third-floor-leak", "disaster"),
        ("power-cut-lift", "accident"),
        ("basement-notice", "dismissal"),
        ("ghost-writer", "dementia"),
        ("parking-ticket", "police-and-prison"),
        ("parking-ticket", "abuse"),
    ],
)
def test_topics_that_words_give_away_are_named(prompt_id: str, topic: str):
    assert any(f"touches the topic '{topic}'" in sentence for sentence in named(LANDED, Rule.TAGS)[prompt_id])


def test_a_courtship_without_the_topic_intimacy_is_named():
    courtship = GOOD.replace('pull = ["joy"]', 'pull = ["desire"]')
    assert [(one.line, one.rule) for one in advice_of(courtship)] == [(8, Rule.TAGS)]
    assert advice_of(courtship.replace('["desire"]', '["desire"]\ntags = ["intimacy"]')) == []


def test_the_landed_prompts_that_were_tagged_are_not_accused():
    told = named(LANDED, Rule.TAGS)
    for prompt_id in ("asylum-interview", "prison-gate", "swimming-badge", "better-bench", "fitting-room"):
        assert prompt_id not in told


def test_the_example_for_coordinators_needs_no_advice():
    text = (ROOT / "docs" / "coordinators.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert advice_of(example) == []
    (prompt,) = parse_deck("d", "f.toml", example, TOPICS).prompts
    assert [role.is_required for role in prompt.roles] == [False, False, True]


def test_the_examples_for_writers_are_prompts_before_and_after():
    told = " ".join((ROOT / "docs" / "writing-prompts.md").read_text("utf-8").replace("\n> ", " ").split())
    before = {one.prompt_id: one for one in parse_deck("d", "f.toml", LANDED, TOPICS).prompts}
    after = {one.prompt_id: one for name in LIBRARY.names("decks") for one in LIBRARY.deck(name).prompts}
    examples = re.findall(r"### [^`]+: `([\w-]+)`", told)
    assert len(examples) == 5
    for prompt_id in examples:
        assert before[prompt_id].text in told
        assert after[prompt_id].text in told
        assert all(role.text in told for role in before[prompt_id].roles)
        for role in after[prompt_id].roles:
            assert role.text in told.replace(" (required)", "").replace(" (secret)", ""), role.text
            assert f"*you want {role.want}*" in told
