"""One row per take: its aligned files, its performers and what they were dealt, and who spoke when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.dataset.model.contents import Contents
from bot.dataset.model.labels import voice_direction_text
from bot.dataset.rows.columns import Row
from bot.dataset.rows.cues import cue_facts
from bot.dataset.rows.holes import hole_facts
from bot.dataset.rows.places import Places, seconds
from bot.dataset.rows.schema import DIALOGUES
from bot.domain.ids import TakeId
from bot.store.records import Hole, Track

_FIELDS = {column.name: [field.name for field in column.fields] for column in DIALOGUES.columns if column.fields}


def dialogue_rows(contents: Contents) -> Iterator[Row]:
    """Yield a row for every take with sound, in the order in which they were played."""
    dialogues = _Dialogues(contents)
    return map(dialogues.row, contents.mixes)


class _Dialogues:
    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._index = contents.index
        self._places = Places(contents)
        self._holes: defaultdict[TakeId, list[Hole]] = defaultdict(list)
        for hole in contents.index.holes:
            self._holes[hole.take_id].append(hole)

    def row(self, take_id: TakeId) -> Row:
        scene = self._index.scene_of(take_id)
        file = self._contents.dialogues.get(take_id)
        mix = self._contents.mixes[take_id]
        tracks = self._index.tracks_of(take_id)
        return (
            self._places.take(take_id)
            | self._index.kind(take_id)
            | {
                "prompt_id": scene.prompt_id,
                "prompt_title": scene.prompt_title,
                "prompt_text": scene.prompt_text,
                "place": scene.place,
                "relationship": scene.relationship,
                "duration": seconds(mix.duration_samples),
                "mix": mix.path,
                "file": file and file.path,
                "performers": [self._performer(track, channel) for channel, track in enumerate(tracks)],
                "turns": list(self._spoken(tracks)),
                "cues": [cue for track in tracks for cue in self._cue(track)],
                "holes": [hole_facts(hole, self._index) for hole in self._holes[take_id]],
            }
        )

    def _performer(self, track: Track, channel: int) -> Row:
        casting = self._index.casting(track)
        facts: Row = {
            "speaker_id": self._index.name(track.person_id),
            "channel": channel,
            "track": self._contents.tracks[track.track_id].path,
        }
        if casting:
            first, second = self._index.intensities(casting)
            cue = self._index.cue(track)
            facts |= {
                "role": casting.role,
                "want": casting.want,
                "character": casting.character,
                "character_name": casting.character_name,
                "voice_direction": voice_direction_text(casting.voice_direction),
                "target_emotion": casting.target_emotion,
                "target_intensity": first,
                "emotion_direction": casting.emotion_direction,
                "second_emotion": casting.second_emotion,
                "second_intensity": second,
                "second_emotion_direction": casting.second_emotion_direction,
                "shift": casting.shift and str(casting.shift),
                "cue_at": seconds(cue.position_samples) if cue else None,
                "cue_basis": str(cue.times.basis) if cue else None,
            }
        return {name: facts.get(name) for name in _FIELDS["performers"]}

    def _spoken(self, tracks: Sequence[Track]) -> Iterable[Row]:
        turns = [turn for track in tracks for turn in self._index.turns_in(track)]
        for turn in sorted(turns, key=lambda one: (one.start_samples, one.turn_id)):
            facts = self._places.track(turn.track_id) | self._places.turn(turn)
            yield {name: facts[name] for name in _FIELDS["turns"]}

    def _cue(self, track: Track) -> Iterable[Row]:
        if self._index.casting(track) and (cue := self._index.cue(track)):
            facts: Row = {"speaker_id": self._index.name(track.person_id)} | cue_facts(cue)
            yield {name: facts[name] for name in _FIELDS["cues"]}
