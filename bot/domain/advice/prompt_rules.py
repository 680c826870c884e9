"""Rules about a prompt as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.domain.advice.topic_words import TOPICS
from bot.domain.advice.words import CLOSE, EYES
from bot.domain.advice.written import Advice, Rule, Written
from bot.domain.families import Family
from bot.domain.topics import Topics

INTIMACY = "intimacy"
"""The topic of every situation that favours desire."""


def about_pull(one: Written) -> Iterator[Advice]:
    """A prompt says which emotions its situation favours."""
    if not one.prompt.pull:
        problem = "'pull' is missing: name one to three families of emotions that this situation favours"
        yield Advice(one.table.first_line, Rule.PULL, problem)


def about_eyes(one: Written) -> Iterator[Advice]:
    """Everything can be played by ear."""
    for passage in one.passages():
        if found := EYES.search(passage.text):
            yield Advice(passage.line, Rule.EYES, f"“{found[0]}” needs eyes: the others can only hear this scene")


def about_desire(one: Written) -> Iterator[Advice]:
    """Desire is not dealt into a scene with children, relatives, patients or other dependants."""
    if Family.DESIRE not in one.prompt.not_emotions and (found := one.first(CLOSE)):
        line, words = found
        problem = f'“{words}” does not go with desire: write not_emotions = ["desire"], or another word'
        yield Advice(line, Rule.NOT_EMOTIONS, problem)


def about_excluded(one: Written, emotions: Collection[str]) -> Iterator[Advice]:
    """What is excluded exists: a misspelt emotion would be dealt. `emotions` are the keys of every emotion set."""
    for key in sorted(one.prompt.not_emotions):
        if key not in tuple(Family) and key not in emotions:
            problem = f"'{key}' is neither a family of emotions nor in any emotion set: correct its spelling"
            yield Advice(one.table.line_of("not_emotions", item=key), Rule.NOT_EMOTIONS, problem)


def about_tags(one: Written, topics: Topics) -> Iterator[Advice]:
    """The topics that words or the pull give away are among the tags."""
    for topic in topics:
        pattern = TOPICS.get(topic.key)
        if pattern and topic.key not in one.prompt.tags and (found := one.first(pattern)):
            line, words = found
            problem = f"“{words}” touches the topic '{topic.key}': add it to 'tags', or use another word"
            yield Advice(line, Rule.TAGS, problem)
    if Family.DESIRE in one.prompt.pull and INTIMACY in topics and INTIMACY not in one.prompt.tags:
        problem = f"a situation that favours desire touches the topic '{INTIMACY}': add it to 'tags'"
        yield Advice(one.line_of("pull"), Rule.TAGS, problem)
