"""The words of a dataset with the target that was claimed for them: what performers were told, and what they said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dataset.model.contents import Contents
from bot.dataset.model.labels import voice_direction_text
from bot.domain.ids import CastingId, TurnId
from bot.domain.states import TargetClaim
from bot.store.records import CastingRow, Scene


@dataclass(frozen=True, slots=True)
class Told:
    """What one part was told: without the direction, and with it. `turns` are those with this target.

    `scene` is the same for all parts of a scene, and for no others.
    """

    prompt_id: str
    scene: int
    target: str
    part: str
    direction: str
    turns: int


def told_in(contents: Contents, turn_ids: Iterable[TurnId]) -> list[Told]:
    """Return what the performers of turns were told, in the order of the turns. Turns without a target are left out."""
    index = contents.index
    turns: dict[tuple[CastingId, TargetClaim], int] = {}
    found: dict[tuple[CastingId, TargetClaim], tuple[Scene, CastingRow, str]] = {}
    for turn_id in turn_ids:
        turn = index.turn(turn_id)
        track, target = index.track(turn.track_id), index.target(turn)
        casting = index.casting(track)
        if casting and target and target.emotion:
            key = casting.casting_id, target.claim
            turns[key] = turns.get(key, 0) + 1
            found[key] = index.scene_of(track.take_id), casting, target.emotion
    return [
        Told(scene.prompt_id, scene.scene_id, target, _part(scene, casting), _direction(casting, claim), turns[key])
        for key, (scene, casting, target) in found.items()
        for claim in [key[1]]
    ]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said in one turn, by a transcript, with the prompt and the scene that it belongs to, and its target."""

    prompt_id: str
    scene: int
    target: str
    words: str


def spoken_in(contents: Contents, turn_ids: Iterable[TurnId]) -> list[Spoken]:
    """Return what was said in turns. Those without a transcript or a target are left out."""
    index = contents.index
    found: list[Spoken] = []
    for turn in map(index.turn, turn_ids):
        said, target = index.transcript(turn), index.target(turn)
        if said and target and target.emotion:
            scene = index.scene_of(index.track(turn.track_id).take_id)
            found.append(Spoken(scene.prompt_id, scene.scene_id, target.emotion, said.text))
    return found


def _part(scene: Scene, casting: CastingRow) -> str:
    voice = voice_direction_text(casting.voice_direction)
    words = scene.prompt_title, scene.prompt_text, scene.place, scene.relationship
    return " ".join(one for one in (*words, casting.role, casting.want, casting.character_name, voice) if one)


def _direction(casting: CastingRow, claim: TargetClaim) -> str:
    second = claim is TargetClaim.SECOND
    return (casting.second_emotion_direction if second else casting.emotion_direction) or ""
