"""The dataset card: `README.md`, with the YAML that `datasets` reads and the facts that a person should know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from bot.dataset.formats.written import Written
from bot.dataset.model.contents import Contents
from bot.dataset.model.index import session_label
from bot.dataset.model.options import Layout
from bot.dataset.model.selection import LEFT_OUT
from bot.dataset.release.front_matter import front_matter
from bot.dataset.release.licence import purposes
from bot.dataset.release.methods import method_words
from bot.dataset.release.templating import render
from bot.dataset.release.text_alone import FEWEST_PROMPTS, FEWEST_TURNS
from bot.dataset.release.version import Version
from bot.dataset.release.words import said_words
from bot.dataset.rows.schema import DIALOGUES, OTHERS, TABLES
from bot.dataset.rows.tally import Tally
from bot.dataset.rows.turn_columns import TURN_COLUMNS
from bot.dataset.sound.clips import SILENCE_DBFS
from bot.dataset.sound.orders import Audio
from bot.domain.events.catalogue import CATALOGUE
from bot.domain.instrument import COLUMN_SCALES, EARLIER_SCALES, Instrument
from bot.domain.splits import TEST_PERCENT
from bot.domain.states import TakeKind
from bot.statistics.undefined import FEWEST_RATERS
from bot.store.records import Session

_AUDIO_WORDS = {
    Audio.FLAC24: "FLAC, 24 bit",
    Audio.FLAC16: "FLAC, 16 bit, rounded without dither",
    Audio.OPUS: "Ogg Opus: the packets as Discord sent them, not encoded again",
}

CARD: Final = "README.md"
"""The file's name, which Hugging Face expects."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says. `as_of` is when the newest thing in it happened."""

    contents: Contents
    written: Written
    seed: int
    as_of: str
    instruments: Sequence[Instrument]
    version: Version | None


def write_card(facts: Facts) -> str:
    """Return the text of `README.md`, with the front matter first."""
    template = files("bot.dataset.release").joinpath("templates", "card.md.j2").read_text("utf-8")
    front = front_matter(facts.contents, facts.written, _title(facts))
    return f"---\n{front}---\n\n{render(template, _words(facts))}"


def _title(facts: Facts) -> str:
    labels = [session_label(session.session_id) for session in facts.contents.snapshot.sessions]
    return "Promptbook improvised emotions, " + (labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}")


def _words(facts: Facts) -> dict[str, Any]:
    contents, tally = facts.contents, facts.written.tally
    is_parquet = contents.options.layout is Layout.PARQUET
    return {
        **_clip_words(facts, tally),
        **method_words(contents),
        "title": _title(facts),
        "version": facts.version,
        "is_parquet": is_parquet,
        "is_derived": contents.options.is_derived,
        "has_all_turns": contents.options.has_all_turns,
        "audio": _AUDIO_WORDS[contents.options.audio],
        "suffix": contents.options.audio.suffix,
        "sessions": [_session(session) for session in contents.snapshot.sessions],
        "tracks": len(contents.tracks),
        "mixes": len(contents.mixes),
        "dialogues": len(contents.dialogues),
        "notes": facts.written.notes,
        "columns": TURN_COLUMNS,
        "tables": [DIALOGUES, *OTHERS] if is_parquet else list(TABLES.values()),
        "table_rows": facts.written.table_rows,
        "events": _events(),
        "scales": _scales(facts.instruments),
        "across_splits": contents.splits.crossings,
        "seed": facts.seed,
        "test_percent": TEST_PERCENT,
        "as_of": facts.as_of,
        "purposes": purposes(contents),
        "purpose": contents.options.purpose,
        "recipient": contents.options.recipient,
        "left_out": {LEFT_OUT[reason]: number for reason, number in contents.left_out.items() if number},
        "silence_dbfs": f"{SILENCE_DBFS:.0f}",
        "fewest_raters": FEWEST_RATERS,
        **said_words(contents),
        "fewest_turns": FEWEST_TURNS,
        "fewest_prompts": FEWEST_PROMPTS,
    }


def _clip_words(facts: Facts, tally: Tally) -> dict[str, Any]:
    sides = {split: tally.sides[split] for split in facts.contents.bytes_of_splits()}
    rated = sum(number for raters, number in tally.raters.items() if raters)
    return {
        "clips": tally.clips,
        "minutes": f"{tally.seconds / 60:.1f} minutes" if tally.seconds >= 120 else f"{tally.seconds:.0f} seconds",
        "speakers": len(facts.contents.splits.of_speaker),
        "splits": list(sides),
        "split_rows": [
            {"name": name, "clips": side.clips, "speakers": len(side.speakers), "minutes": side.seconds / 60}
            for name, side in sides.items()
        ],
        "emotion_rows": [
            {
                "name": name or "no target",
                "clips": number,
                "rated": tally.rated[name],
                "hits": tally.hits[name],
                "undecided": tally.rated[name] - tally.agreed[name],
            }
            for name, number in sorted(tally.by_target.items(), key=lambda one: (-one[1], one[0] or ""))
        ],
        "put_up": tally.put_up,
        "rated": rated,
        "with_consensus": tally.with_label,
        "calibrations": tally.kinds[TakeKind.CALIBRATION],
        "replays": tally.kinds[TakeKind.REPLAY],
        "most_raters": max(tally.raters),
        "median_raters": f"{tally.median_raters:g}",
        "self_rated": tally.self_rated,
    }


def _events() -> list[dict[str, str]]:
    """Return every kind of event in the catalogue, with its public details and its meaning."""
    return [
        {
            "kind": kind,
            "details": ", ".join(f"`{name}`" for name in sorted(event.public_details())),
            "meaning": " ".join((event.__doc__ or "").split()),
        }
        for kind, event in CATALOGUE.items()
    ]


def _session(session: Session) -> dict[str, str]:
    return {
        "label": session_label(session.session_id),
        "day": datetime.fromisoformat(session.started_at).date().isoformat(),
        "deck": session.deck,
        "emotion_set": session.emotion_set,
    }


def _scales(instruments: Sequence[Instrument]) -> list[dict[str, Any]]:
    if not instruments:
        ranges = {key: COLUMN_SCALES[key] for key in EARLIER_SCALES}
        return [{"key": key, "low": low, "high": high, "words": ""} for key, (low, high) in ranges.items()]
    return [
        {
            "key": scale.key if len(instruments) == 1 else f"{scale.key} (`{instrument.name}`)",
            "low": scale.low,
            "high": scale.high,
            "words": f"{scale.question} {'; '.join(scale.anchors)}",
        }
        for instrument in instruments
        for scale in instrument.scales
    ]
