"""The columns of a turn's row: everything that is needed to use its sound without another file."""

from __future__ import annotations

from typing import Final

from bot.dataset.rows.columns import Column

_WHERE: Final = (
    Column("clip_id", "string", "the clip's name, unique in the dataset"),
    Column("split", "string", "`train`, `test` or `validation`"),
    Column("session", "string", "the session, such as `S0001`"),
    Column("language", "string", "the language that the session was held in, as a BCP 47 tag: `en`, `pt-BR`"),
    Column("fold", "int32", "leave-one-session-out fold: all clips of one session share it, in every version"),
    Column("scene", "int32", "the number of the scene in the session"),
    Column("take", "int32", "the number of the take in the scene"),
    Column("turn", "int32", "the number of the turn in the speaker's track"),
    Column("speaker_id", "string", "the performer's pseudonym, the same in all sessions"),
    Column("partners", "list<string>", "the pseudonyms of the others on stage whose tracks are in this dataset"),
)

_PERMITTED: Final = (
    Column(
        "consents",
        "list<string>",
        "the purposes (and other scopes) that the speaker consents to for this clip: what it may be used for. One who "
        "withdrew a consent and gave it again allows it only for what was recorded after that",
    ),
)

_KIND: Final = (
    Column(
        "kind",
        "string",
        "`scene`; `calibration`: a neutral passage or chat, for which no emotion was dealt and which no one rates; or "
        "`replay`: a scene that was played again with something changed",
    ),
    Column("calibration_part", "string", "in a calibration: `passage` (read) or `chat` (free)", nullable=True),
    Column(
        "calibration_voice", "string", "in a calibration: the speaker's `own` voice or the `character`'s", nullable=True
    ),
    Column(
        "calibration_place",
        "string",
        "in a calibration: at the `beginning` of the session, before its first scene, or at the `end`, after one",
        nullable=True,
    ),
    Column(
        "replay_of",
        "string",
        "in a replay: the take that was played again, as the names of its files begin (`S0001_scene01_take01`)",
        nullable=True,
    ),
    Column(
        "replay_mode",
        "string",
        "in a replay: what is different: other `emotions`; or, with the same emotions, words in `gibberish` or only "
        "one `line`",
        nullable=True,
    ),
    Column("replay_line", "string", "in a replay with one line: the line that everyone said", nullable=True),
)

_SAID: Final = (
    Column(
        "transcript",
        "string",
        "what was said, in words; null if no one wrote it down, or its speaker does not allow `publish_transcript`",
        nullable=True,
    ),
    Column("transcript_source", "string", "who or what wrote that down", nullable=True),
)

_DEALT: Final = (
    Column("prompt_id", "string", "the scene's prompt; in a calibration, the version of its text"),
    Column("prompt_title", "string", "its title"),
    Column("prompt_text", "string", "its text, as the performers read it"),
    Column("place", "string", "where the scene plays, if the prompt says so", nullable=True),
    Column("relationship", "string", "who the roles are to each other, if the prompt says so", nullable=True),
    Column("role", "string", "the speaker's role in the scene, from the prompt", nullable=True),
    Column("want", "string", "what the role wants from the others, if the prompt says so", nullable=True),
    Column("character", "string", "the key of the character whose voice the speaker held", nullable=True),
    Column("character_name", "string", "the character's name", nullable=True),
    Column(
        "voice_direction", "string", "how the character speaks, in the words that the speaker was dealt", nullable=True
    ),
    Column(
        "target_claim",
        "string",
        "which of the speaker's targets was in force when the turn began: `first`, `second`, or `uncertain` if a cue "
        "had been sent and it is not known whether the speaker had seen it; null without a part, and in calibrations",
        nullable=True,
    ),
    Column(
        "target_emotion",
        "string",
        "the emotion that the speaker was to play when the turn began; null if that is uncertain",
        nullable=True,
        names="targets",
    ),
    Column(
        "target_intensity",
        "int32",
        "its intensity, which is a task: 1 hide it and it slips out, 2 act on it, 3 it steers you (without a "
        "`direction_number`: 1 a trace of it, 2 clearly, 3 overwhelmingly); null for an emotion without degrees, such "
        "as `neutral`",
        nullable=True,
    ),
    Column(
        "emotion_direction",
        "string",
        "what this emotion asks for, in the words that the speaker was dealt",
        nullable=True,
    ),
    Column(
        "direction_number",
        "int32",
        "which of the directions for this emotion and intensity that is, from 1; null if there was only one",
        nullable=True,
    ),
    Column(
        "target_until_ms",
        "int32",
        "if the speaker was sent a cue within the turn, and does not say that they missed it: when it was sent, in "
        "milliseconds since the clip's start; what follows has no label",
        nullable=True,
    ),
    Column(
        "arc_first_emotion",
        "string",
        "if the target is known to have shifted in this take: the first emotion",
        nullable=True,
        names="targets",
    ),
    Column(
        "arc_second_emotion",
        "string",
        "if the target is known to have shifted in this take: the second emotion",
        nullable=True,
        names="targets",
    ),
    Column(
        "shift",
        "string",
        "if the speaker was dealt a second emotion: whether they were to change to it `gradual`ly or `sudden`ly at "
        "the cue; null in sessions of earlier versions",
        nullable=True,
    ),
    Column(
        "cue_at",
        "float64",
        "if the speaker was sent a cue in this take: from when on they can have seen it, in seconds since the take's "
        "start",
        nullable=True,
    ),
    Column(
        "cue_basis",
        "string",
        "what is known about when the speaker saw it: `acknowledged`, `remembered`, `not_seen`, `uncertain`, or `told` "
        "in sessions of earlier versions",
        nullable=True,
    ),
)

_FELT: Final = (
    Column("self_emotion", "string", "the emotion that the speaker says they felt", nullable=True, names="answers"),
    Column("self_intensity", "int32", "how strongly they felt it, 0-3", nullable=True),
    Column("self_valence", "int32", "how they felt, 1 (unpleasant) to 5 (pleasant)", nullable=True),
    Column("self_arousal", "int32", "how they felt, 1 (calm) to 5 (excited)", nullable=True),
    Column("self_dominance", "int32", "how they felt, 1 (powerless) to 5 (in control)", nullable=True),
    Column("self_authenticity", "int32", "how it felt, 1 (put on) to 5 (genuine)", nullable=True),
)

_PERCEIVED: Final = (
    Column("is_for_rating", "bool", "whether the turn was put up for rating"),
    Column("answer_options", "list<string>", "the emotions that raters choose from; null if not known", nullable=True),
    Column("n_raters", "int32", "how many other people rated the clip"),
    Column("n_partner_raters", "int32", "how many of them played in the same take"),
    Column(
        "perceived_emotion",
        "string",
        "the emotion that more than half of the raters named, otherwise `no_agreement`; null under three raters",
        nullable=True,
        names="consensus",
    ),
    Column("agreement", "float64", "the share of raters who named the most frequent emotion, 0-1", nullable=True),
    Column("perceived_intensity", "float64", "the raters' mean, 0-3", nullable=True),
    Column("perceived_valence", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_arousal", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_dominance", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_authenticity", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_naturalness", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_voice_consistency", "float64", "the raters' mean, 1-5", nullable=True),
)

_SOUND: Final = (
    Column("start", "float64", "where the clip starts in its take and track, in seconds"),
    Column("end", "float64", "where the clip ends, in seconds"),
    Column("duration", "float64", "the clip's length, in seconds"),
    Column("speech_start_ms", "int32", "where the speech begins in the clip, in milliseconds"),
    Column("speech_end_ms", "int32", "where the speech ends in the clip, in milliseconds"),
    Column("found_by", "string", "what found the turn: `voice`, `level` (whispers, sobs, screams) or `spurts`"),
    Column("method", "string", "how it was found, with a version"),
    Column("sampling_rate", "int32", "samples per second, always 48000"),
    Column("level_dbfs", "float64", "the root mean square level relative to full scale, with pauses"),
    Column("peak_dbfs", "float64", "the highest sample relative to full scale"),
    Column("track", "string", "the file of the track that the clip was cut from, relative to the dataset's root"),
    Column("sha256", "string", "the SHA-256 of the clip's bytes"),
)

TURN_COLUMNS: Final = (*_WHERE, *_PERMITTED, *_KIND, *_SAID, *_DEALT, *_FELT, *_PERCEIVED, *_SOUND)
"""The explicit schema of every row with a clip, and the card's table of columns."""

FILE_NAME: Final = Column("file_name", "string", "the clip's file, in the same folder as the table")
"""The first column of a `metadata.parquet` beside playable files."""
