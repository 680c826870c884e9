"""The tables beside the clips: who was dealt what, what happened when, and who rated what.

Times are UTC; lengths and positions are in seconds, positions since the take's start.
"""

from __future__ import annotations

from typing import Final

from bot.dataset.rows.columns import Table, columns, rows_of

TURNS: Final = Table(
    "turns",
    "every stretch of speech in every track: its bounds, how it was found, the target that is claimed for it and until "
    "when it holds; turns that became clips name the clip; what was said, if it was written down and may be published",
    columns(
        "session scene:int take:int kind speaker_id turn:int start:number end:number is_for_rating:flag found_by "
        "method target_claim? target_emotion:target? target_intensity:int? target_until:number? clip_id? transcript? "
        "transcript_source?"
    ),
)
"""The table of turns beside playable files. In Parquet, a turn has its sound and its labels (`turn_columns`)."""

DIALOGUES: Final = Table(
    "dialogues",
    "one row per take: its files, which are aligned and equally long, who played what, who spoke when, and the cues",
    (
        *columns(
            "session scene:int take:int kind calibration_part? calibration_voice? calibration_place? replay_of? "
            "replay_mode? replay_line? prompt_id prompt_title prompt_text place? relationship? duration:number "
            "mix file?"
        ),
        rows_of(
            "performers",
            "speaker_id channel:int track role? want? character? character_name? voice_direction? "
            "target_emotion:target? target_intensity:int? emotion_direction? second_emotion:target? "
            "second_intensity:int? second_emotion_direction? shift? cue_at:number? cue_basis?",
        ),
        rows_of(
            "turns",
            "speaker_id turn:int start:number end:number is_for_rating:flag target_claim? target_emotion:target? "
            "target_until:number? clip_id? transcript?",
        ),
        rows_of("cues", "speaker_id cause at:number basis first_until:number? second_from:number?"),
        rows_of("holes", "cause start:number end:number speaker_id?"),
    ),
)

_OTHERS: Final = (
    (
        "sessions",
        "one row per session: language (BCP 47), deck, emotion set and instrument with its SHA-256, seed of the deals, "
        "how many raters a clip was to have, the versions of the software, the emotions of a large set that were dealt "
        "(null: all of them), times",
        "session language deck emotion_set instrument instrument_sha256? seed:long ratings_wanted:int? "
        "software:object? dealt_emotions:strings? started_at ended_at?",
    ),
    (
        "scenes",
        "the prompts that were dealt, and the parts of calibrations (numbered from 901), with their text, all their "
        "roles and topics, the families of emotions that the situation favours (`pull`), and the SHA-256 of the "
        "emotion set; `prompt_source` is 'deck', or 'suggestion' if a coordinator typed the prompt on the spot",
        "session scene:int kind prompt_id prompt_source prompt_title prompt_text roles:strings? topics:strings? "
        "pull:strings? place? relationship? emotion_set_sha256? seed? dealt_at ended_at?",
    ),
    (
        "castings",
        "who was dealt what: role and what it wants, character and its voice, target emotion, its intensity, its "
        "direction and which of several that was; for an arc, the second emotion, whether the shift is gradual or "
        "sudden, and who gives the cue; whether the coordinator chose by hand; when the card was first read",
        "session scene:int speaker_id role want? character? character_name? voice_direction? target_emotion:target? "
        "target_intensity:int? emotion_label? emotion_direction? second_emotion:target? second_intensity:int? "
        "second_emotion_label? second_emotion_direction? direction_number:int? second_direction_number:int? shift? "
        "cue_cause? is_overridden:flag card_seen_at?",
    ),
    (
        "takes",
        "every take, even if struck: its kind, times, why it was cut, its mix and who is in the mix",
        "session scene:int take:int kind calibration_part? calibration_voice? calibration_place? replay_of? "
        "replay_mode? replay_line? state called_at started_at? cut_at? cut_reason? struck_at? duration:number? mix? "
        "mixed_speakers:strings",
    ),
    (
        "tracks",
        "one row per performer and take: file, length, seconds of speech, frames received, lost and concealed, "
        "loudness of the speech (BS.1770), highest sample, levels of speech and noise (dBFS), share of the speech that "
        "is clipped, who is heard through this microphone and how loud that is against their own track, how turns "
        "were found",
        "session scene:int take:int speaker_id file duration:number speech:number received_frames:int lost_frames:int? "
        "concealed_frames:int loudness_lufs:number? peak_dbfs:number? speech_dbfs:number? noise_dbfs:number? "
        "clipped_share:number? heard_speaker_id? heard_db:number? turns_method? sha256",
    ),
    (
        "sound_checks",
        "what a sound check before the takes measured of each performer: levels (dBFS), share of the speech that is "
        "clipped, share of frames that were lost, whose microphone picked this performer up the loudest, and how loud "
        "that is against that person's own speech",
        "session checked_at speaker_id speech_dbfs:number? noise_dbfs:number? clipped_share:number? lost_share:number? "
        "heard_in_track_of? crosstalk_db:number?",
    ),
    (
        "holes",
        "stretches of takes in which no one could be heard, or not the performer in `speaker_id`, and why: the voice "
        "connection was lost, the session paused, the bot was deafened or moved, or sound could not be decrypted",
        "session scene:int take:int cause start:number end:number speaker_id?",
    ),
    (
        "cues",
        "what is known of each cue to shift to a second emotion, in seconds since the take's start: from when on it "
        "can have been seen (`at`), when Discord had accepted it under the card and as a direct message; when its "
        "performer pressed the button under it; what they said after the cut if they had not; `basis` says what "
        "counts, `first_until` until where the first target is claimed (null: to the end) and `second_from` from where "
        "the second one is (null: never)",
        "session scene:int take:int speaker_id cause at:number card_sent:number? dm_sent:number? acknowledged:number? "
        "asked_at? answer? answered_at? basis first_until:number? second_from:number?",
    ),
    (
        "side_coachings",
        "when a coordinator told a performer something in private in the middle of a take, in seconds since the take's "
        "start; what they were told is not exported",
        "session scene:int take:int speaker_id at:number",
    ),
    (
        "ratings",
        "who rated what: one row per rater and clip, never averaged; `is_partner` marks raters who heard it live, "
        "`knew_prompt` those who knew the scene's prompt, partners among them, `is_absent` those who were not in the "
        "session's channel when they began to rate, `asked_at` is when they were given the clip, if that is known",
        "clip_id session scene:int take:int speaker_id turn:int rater_id is_partner:flag knew_prompt:flag "
        "is_absent:flag perceived_emotion:answer secondary_emotion:answer? intensity:int? valence:int? arousal:int? "
        "dominance:int? authenticity:int? naturalness:int? voice_consistency:int? asked_at? answered_at "
        "instrument_sha256?",
    ),
    (
        "self_ratings",
        "what performers say they felt in their own clips",
        "clip_id session scene:int take:int speaker_id turn:int felt_emotion:answer intensity:int? valence:int? "
        "arousal:int? dominance:int? authenticity:int? answered_at instrument_sha256?",
    ),
    (
        "answers",
        "every answer: one row per trial (one question to one rater), item and value. `kind` is `turn` (of someone "
        "else), `own`, or `pair` (then `other_clip_id` is the second clip); `purpose` is `rating`, or `repeat` or "
        "`reference` for hidden checks; `number` is the trial's place in the rater's sequence in the session, "
        "`response_ms` the time from the clip to the answers, `items` the questions of the form. The item `emotion` is "
        "`perceived_emotion` or `felt_emotion` in other tables, and can be `cannot_judge` or `bad_sound`, which are no "
        "ratings. An item with several values has several rows. The instrument is that of the trial; a pair asks "
        "`same_character` (`same`, `different` or `cannot_judge`) of the instrument `voice_test`, which has no version",
        "clip_id session scene:int take:int speaker_id turn:int other_clip_id? rater_id trial:long kind purpose "
        "number:int items:strings? item value is_partner:flag knew_prompt:flag is_absent:flag "
        "shown_at? answered_at response_ms:long? instrument instrument_version:int? instrument_sha256?",
    ),
    (
        "consensus",
        "what raters agree on, one row per rated clip and `item` (a column of `ratings`): for the emotion, the label "
        "of the majority (or `no_agreement`), the share of the most frequent label, and that of each (`soft_label`); "
        "for a scale, mean, standard deviation, and the mean in which raters weigh as much as they follow the others "
        "(`weighted_mean`); null with a `reason` under three raters",
        "clip_id session scene:int take:int speaker_id turn:int item n_raters:int label:consensus? agreement:number? "
        "soft_label:object? mean:number? deviation:number? weighted_mean:number? reason? weighted_reason?",
    ),
    (
        "agreement",
        "how far raters agree about the turns of scenes, per item and level of measurement, with (`all`) and "
        "`without_partners`: Krippendorff's alpha with its 95 % interval over turns; where all rated turns have "
        "equally many answers, Fleiss' kappa of categories, and for scales the intraclass correlations of one answer "
        "(`icc`, ICC(1,1)) and of a turn's mean (`icc_mean`, ICC(1,k)); null with a reason",
        "item level raters alpha:number? alpha_low:number? alpha_high:number? turns:int n_raters:int answers:int "
        "alpha_reason? interval_reason? kappa:number? kappa_reason? icc:number? icc_mean:number? icc_reason?",
    ),
    (
        "confusion",
        "how many single answers about turns of scenes name which emotion for which target; pairs that are not here "
        "did not occur",
        "raters target_emotion:target perceived_emotion:answer answers:int",
    ),
    (
        "hit_rates",
        "which share of the answers about turns of scenes name the target, with its 95 % interval over turns, and the "
        "unbiased hit rate, in which a label that raters like gains nothing; without a target, all together",
        "raters target_emotion:target? turns:int answers:int hits:int hit_rate:number hit_rate_low:number? "
        "hit_rate_high:number? unbiased:number? interval_reason?",
    ),
    (
        "rater_agreement",
        "how far each rater agrees with the others about the turns of scenes that both rated: a coefficient on the "
        "footing of alpha, by how much the rater's answers lie above the others' (`shift`), and the rater's weight in "
        "`weighted_mean`; null with a reason",
        "rater_id item level turns:int agreement:number? shift:number? weight:number? reason?",
    ),
    (
        "repeat_consistency",
        "how far each rater answers the same about a turn that they were given again (`repeats`): the share of the "
        "same answers, and a coefficient on the footing of alpha between the first time and the second; null with a "
        "reason",
        "rater_id item level repeats:int same:number? agreement:number? reason?",
    ),
    (
        "voice_test",
        "how well raters tell whether two clips are of the same character, per performer and character (null: all "
        "together): pairs of the same character (`signals`) and of different ones (`noises`), the shares of both that "
        "were called the same, d' and criterion with their 95 % intervals; `against` says whose other characters the "
        "different ones are: `other_character` (the same performer's), `other_performer`, or `all`; null with a reason",
        "raters against speaker_id? character? signals:int noises:int hit_rate:number? hit_rate_low:number? "
        "hit_rate_high:number? false_alarm_rate:number? false_alarm_rate_low:number? false_alarm_rate_high:number? "
        "d_prime:number? d_prime_low:number? d_prime_high:number? criterion:number? criterion_low:number? "
        "criterion_high:number? reason?",
    ),
    (
        "events",
        "what happened, and when; `person` is empty if the person's consent does not cover a pseudonym here",
        "happened_at event session scene:int? take:int? person? clip_id? detail:object",
    ),
    (
        "materials",
        "the emotion sets and instruments that were used, as they were then: their content as JSON, by its SHA-256",
        "sha256 kind name content:object",
    ),
    (
        "people",
        "everyone with a pseudonym here: split, numbers of tracks, clips and ratings, consents in force, and what they "
        "say about themselves; an answer is null if it was not given, if its person does not let it be published, or "
        "if fewer than five people here give it",
        "person split? tracks:int clips:int ratings:int consents:strings age_band? gender? first_language? "
        "other_languages:strings? accent_region? training? stage_years? hearing? device? room?",
    ),
)

OTHERS: Final = tuple(Table(name, meaning, columns(words)) for name, meaning, words in _OTHERS)
"""Every table that is the same in all layouts."""

TABLES: Final = {table.name: table for table in (TURNS, DIALOGUES, *OTHERS)}
"""Every table by its name. What is not a column here is not exported."""
