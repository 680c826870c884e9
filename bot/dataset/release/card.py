"""The dataset card: `README.md`, with the YAML that `datasets` reads and the facts that a person should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from statistics import median
from typing import Any, Final

import jinja2
import yaml

from bot.dataset.audio import SILENCE_DBFS
from bot.dataset.contents import Contents
from bot.dataset.model.consensus import NO_AGREEMENT
from bot.dataset.model.index import session_label
from bot.dataset.model.selection import LEFT_OUT
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.turns import COLUMNS, Row
from bot.domain.consent import TO_PERFORM, Scope
from bot.domain.events.catalogue import CATALOGUE
from bot.domain.ids import SessionId
from bot.domain.instrument import SCALES, Instrument
from bot.domain.splits import TEST_PERCENT

SPLIT_ORDER: Final = ("train", "validation", "test")

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says. `table_rows` counts the rows of each table; `exported_at` is when consent was checked."""

    contents: Contents
    seed: int
    exported_at: str
    table_rows: Mapping[str, int]
    instruments: Sequence[Instrument]


def write_card(facts: Facts) -> str:
    """Return the text of `README.md`, with the front matter first."""
    front = yaml.safe_dump(_front_matter(facts), sort_keys=False, allow_unicode=True, width=1000)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - Markdown, not HTML
    source = files("bot.dataset.release").joinpath("templates", "card.md.j2").read_text("utf-8")
    return f"---\n{front}---\n\n{environment.from_string(source).render(_words(facts))}"


def split_names(rows: Sequence[Row]) -> list[str]:
    """Return the splits that have clips, in the order in which they are used."""
    present = {row["split"] for row in rows}
    return [split for split in SPLIT_ORDER if split in present]


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


def _front_matter(facts: Facts) -> dict[str, Any]:
    size = next((name for limit, name in _SIZES if len(facts.contents.rows) < limit), "n>1M")
    # Only the clips' folders are named: otherwise `datasets` would also treat tracks, mixes and tables as data.
    data_files = [{"split": split, "path": f"clips/{split}/*"} for split in split_names(facts.contents.rows)]
    return {
        "pretty_name": _title(facts),
        "license": "other",
        "license_name": "performers-consent",
        "license_link": "README.md",
        "language": ["en"],
        "task_categories": ["audio-classification"],
        "size_categories": [size],
        "tags": ["audio", "speech-emotion-recognition", "acted-emotion", "improvisation", "peer-ratings"],
        "configs": [{"config_name": "default", "data_files": data_files}],
    }


def _title(facts: Facts) -> str:
    labels = [session_label(session.session_id) for session in facts.contents.snapshot.sessions]
    return "Promptbook improvised emotions, " + (labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}")


def _words(facts: Facts) -> dict[str, Any]:
    splits = split_names(facts.contents.rows)
    raters = [row["n_raters"] for row in facts.contents.rows]
    rated = {"low": min(raters), "high": max(raters), "median": f"{median(raters):g}"} if any(raters) else None
    seconds = sum(row["duration"] for row in facts.contents.rows)
    return {
        "title": _title(facts),
        "clips": len(facts.contents.rows),
        "minutes": f"{seconds / 60:.1f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds",
        "speakers": len({row["speaker_id"] for row in facts.contents.rows}),
        "sessions": [_session(session.session_id, facts) for session in facts.contents.snapshot.sessions],
        "split_rows": [_split(split, facts.contents.rows) for split in splits],
        "emotion_rows": _emotions(facts.contents.rows),
        "raters_a_clip": rated,
        "perceived": sorted({f"`{row['perceived_emotion']}`" for row in facts.contents.rows if row["n_raters"]}),
        "unrated": raters.count(0),
        "under_three": sum(number < 3 for number in raters),
        "self_rated": sum(row["self_emotion"] is not None for row in facts.contents.rows),
        "tracks": len(facts.contents.tracks),
        "mixes": len(facts.contents.mixes),
        "columns": COLUMNS,
        "tables": TABLES,
        "table_rows": facts.table_rows,
        "events": _events(),
        "scales": _scales(facts.instruments),
        "splits": splits,
        "across_splits": facts.contents.splits.crossings,
        "seed": facts.seed,
        "test_percent": TEST_PERCENT,
        "exported_at": facts.exported_at,
        "purposes": _purposes(facts),
        "left_out": {LEFT_OUT[reason]: number for reason, number in facts.contents.left_out.items() if number},
        "silence_dbfs": f"{SILENCE_DBFS:.0f}",
    }


def _session(session_id: SessionId, facts: Facts) -> dict[str, str]:
    session = next(one for one in facts.contents.snapshot.sessions if one.session_id == session_id)
    day = datetime.fromisoformat(session.started_at).date().isoformat()
    return {
        "label": session_label(session_id),
        "day": day,
        "deck": session.deck,
        "emotion_set": session.emotion_set,
        "instrument": session.instrument,
    }


def _split(split: str, rows: Sequence[Row]) -> dict[str, Any]:
    members = [row for row in rows if row["split"] == split]
    speakers = {row["speaker_id"] for row in members}
    minutes = sum(row["duration"] for row in members) / 60
    return {"name": split, "clips": len(members), "speakers": len(speakers), "minutes": minutes}


def _emotions(rows: Sequence[Row]) -> list[dict[str, Any]]:
    clips = Counter(row["target_emotion"] for row in rows)
    rated = Counter(row["target_emotion"] for row in rows if row["n_raters"])
    hits = Counter(row["target_emotion"] for row in rows if row["perceived_emotion"] == row["target_emotion"])
    undecided = Counter(row["target_emotion"] for row in rows if row["perceived_emotion"] == NO_AGREEMENT)
    return [
        {
            "name": name or "no target",
            "clips": number,
            "rated": rated[name],
            "hits": hits[name],
            "undecided": undecided[name],
        }
        for name, number in clips.most_common()
    ]


def _scales(instruments: Sequence[Instrument]) -> list[dict[str, Any]]:
    if not instruments:
        return [{"key": key, "low": low, "high": high, "words": ""} for key, (low, high) in SCALES.items()]
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


def _purposes(facts: Facts) -> dict[str, int]:
    snapshot = facts.contents.snapshot
    speakers = facts.contents.splits.of_speaker
    allowed = [snapshot.scopes_of(person) for person, name in snapshot.pseudonyms.items() if name in speakers]
    return {scope.value: sum(scope in scopes for scopes in allowed) for scope in Scope if scope not in TO_PERFORM}
