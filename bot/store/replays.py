"""Replays: a row of `scenes` with the prompt and the parts of an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.domain.casting.deal import Arc, Casting
from bot.domain.emotions import EmotionSet
from bot.domain.ids import PersonId, SceneId, SessionId
from bot.domain.states import ReplayMode, TakeKind
from bot.store.reader import Reader
from bot.store.records import PerformerCasting, Scene, Take
from bot.store.scenes import CuePlan, count_scenes, get_scene, part_columns
from bot.store.transaction import Transaction
from bot.store.words import character_of

_OF_ITS_OWN = ("scene_id", "number", "dealt_at", "ended_at", "seed", "kind", "replay_of", "replay_mode", "replay_line")
_OF_THE_CASTING = ("casting_id", "scene_id", "card_seen_at", "discord_user_id", "pseudonym")


@dataclass(frozen=True, slots=True)
class Replay:
    """What is played again, and what is different in it: the mode, and its line if everyone says only that.

    `parts` are the changed parts, in the order of the castings, if emotions are: dealt from `emotions`, cued as `cues`
    says.
    """

    scene: Scene
    take: Take
    castings: Sequence[PerformerCasting]
    mode: ReplayMode
    line: str | None
    seed: str
    parts: Sequence[Casting]
    emotions: EmotionSet
    cues: CuePlan


def part_of(casting: PerformerCasting) -> Casting:
    """Return a stored part of a scene as it is dealt."""
    assert casting.target_emotion is not None, "a calibration is not played again"
    arc = None
    if casting.second_emotion and casting.second_intensity:
        arc = Arc(casting.second_emotion, casting.second_intensity, 0.5, casting.second_direction_number)
    return Casting(
        casting.person_id,
        casting.role,
        casting.character or "",
        casting.target_emotion,
        casting.target_intensity or 1,
        arc,
        casting.want or "",
        casting.direction_number,
    )


async def add_replay(tx: Transaction, session_id: SessionId, replay: Replay, now: str) -> Scene:
    """End the scene and add one that plays its prompt again, with the same parts but for what the mode changes."""
    await tx.execute("UPDATE scenes SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL", now, session_id)
    same = {name: value for name, value in asdict(replay.scene).items() if name not in _OF_ITS_OWN}
    own = {
        "number": 1 + await count_scenes(tx, session_id),
        "dealt_at": now,
        "seed": replay.seed,
        "kind": TakeKind.REPLAY,
        "replay_of": replay.take.take_id,
        "replay_mode": replay.mode,
        "replay_line": replay.line,
    }
    scene_id = SceneId(await tx.insert("scenes", **same, **own))
    for number, casting in enumerate(replay.castings):
        columns = {name: value for name, value in asdict(casting).items() if name not in _OF_THE_CASTING}
        if replay.parts:
            changed = part_columns(replay.parts[number], replay.emotions, character_of(casting), replay.cues)
            # A part of an earlier version has only the key of its character.
            columns |= {name: value for name, value in changed.items() if value is not None or name in _CAN_END}
            columns |= {"is_overridden": 0, "character": casting.character}
        await tx.insert("castings", scene_id=scene_id, **columns)
    return await get_scene(tx, scene_id)


_CAN_END = (
    *("second_emotion", "second_intensity", "second_direction_number", "shift", "cue_cause", "cue_after_samples"),
    *("emotion_direction", "second_emotion_label", "second_emotion_direction", "direction_number"),
)
"""What a changed part can lack although the earlier one had it."""


async def felt_so_far(reader: Reader, scene: Scene) -> dict[PersonId, set[str]]:
    """Return the emotions that each performer has had in a scene, in what it replays and in its other replays."""
    rows = await reader.fetch_all(
        "SELECT person_id, target_emotion, second_emotion FROM castings JOIN scenes USING (scene_id) "
        "WHERE session_id = ? AND prompt_id = ?",
        scene.session_id,
        scene.prompt_id,
    )
    felt: defaultdict[PersonId, set[str]] = defaultdict(set)
    for person, first, second in rows:
        felt[person].update(one for one in (first, second) if one)
    return dict(felt)
