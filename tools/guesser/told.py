"""What performers are told in simulated evenings with the shipped files, and which emotion each of them was dealt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from bot.domain.casting.deal import Casting, Materials, deal
from bot.domain.casting.tonight import emotions_of_evening
from bot.domain.decks import Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.ids import PersonId
from bot.services.facts.library import Library
from tools.casting.evenings import Dealt, Record

LIBRARY = Library(Path(__file__).parents[2] / "data")
EVENINGS_OF_TROUPE, SCENES = 3, 10


@dataclass(frozen=True, slots=True)
class Told:
    """One part: the words of its prompt, of its role, want and character, and of its direction, and what was dealt.

    `scene` is the same for all parts of a scene, and for no others.
    """

    prompt_id: str
    prompt: str
    part: str
    direction: str
    number: int
    emotion: str
    scene: str


def told_in_evenings(emotion_set: str, troupes: int, seed: int) -> list[Told]:
    """Return all parts of troupes that play three evenings of ten scenes each; two to eight people, one deck each.

    No one opted into what needs an opt-in.
    """
    return [part for number in range(troupes) for part in _told(emotion_set, f"{seed}/{number}")]


def _told(emotion_set: str, seed: str) -> Iterator[Told]:
    random = Random(seed)
    deck = _deck(random.choice(LIBRARY.names("decks")))
    whole = Materials(deck, _emotions(emotion_set), LIBRARY.character_set("core"), 1)
    people = [PersonId(number) for number in range(1, random.randint(max(2, deck.fewest_performers), 8) + 1)]
    closed = LIBRARY.opt_ins().closed(())
    refused = dict.fromkeys(people, closed)
    record = Record()
    for evening in range(EVENINGS_OF_TROUPE):
        dealt = {one.key: 0 for one in whole.emotions.emotions}
        for _, part in record.parts():
            dealt[part.target_emotion] += 1
        materials = replace(whole, tonight=emotions_of_evening(whole.emotions.without(closed), dealt, random))
        for number in range(SCENES):
            scene = deal(materials, people, record.history(evening), random, refused=refused)
            record.scenes.append(Dealt(evening, tuple(people), scene, 0.0))
            yield from (_words(scene.prompt, part, materials, f"{seed}/{evening}/{number}") for part in scene.castings)


def _words(prompt: Prompt, part: Casting, materials: Materials, scene: str) -> Told:
    character = materials.characters.find(part.character)
    voice = " ".join((character.name, *character.voice.values())) if character else ""
    direction = materials.emotions.find(part.target_emotion).direction_at(part.target_intensity, part.direction)
    shared = " ".join((prompt.title, prompt.text, prompt.place, prompt.relationship))
    number, emotion = part.direction or 0, part.target_emotion
    return Told(prompt.prompt_id, shared, f"{part.role} {part.want} {voice}", direction, number, emotion, scene)


@cache
def _emotions(name: str) -> EmotionSet:
    return LIBRARY.emotion_set(name)


_deck = cache(LIBRARY.deck)
