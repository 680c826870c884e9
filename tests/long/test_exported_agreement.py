"""The tables of agreement in a dataset, recomputed from its other tables and by the `krippendorff` package."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any, Literal

import krippendorff
import numpy as np
import pytest

from bot.config import PROJECT_FOLDER
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.verifying.verify import verify
from bot.domain.consent import Scope
from bot.services.facts.library import Library
from tools.agreement.oracle import compare
from tools.synthetic.session import EMOTIONS, PERFORMER_SCOPES, open_troupe

Measurement = Literal["nominal", "ordinal", "interval"]

SCENES = 14
MEASURED: tuple[tuple[str, Measurement], ...] = (
    ("perceived_emotion", "nominal"),
    ("arousal", "ordinal"),
    ("arousal", "interval"),
)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is exported of an evening: each table's rows, and the card."""
    folder = tmp_path_factory.mktemp("rated")
    order = asyncio.run(_play(folder))
    out = export_dataset(order).path
    assert verify(out).wrong == []
    read = {path.stem: json.loads(path.read_bytes()) for path in (out / "tables").glob("*.json")}
    return read | {"card": (out / "README.md").read_text("utf-8")}


async def _play(folder: Path) -> ExportOrder:
    """Play 14 scenes of four, of which the last is a replay: partners and an audience rate with some noise."""
    random = Random(2026)
    troupe = await open_troupe(folder / "home")
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    audience = [await troupe.add_person(Scope.PEER_RATING) for _ in range(4)]
    session_id = await troupe.add_session(performers[0])
    for _ in range(SCENES):
        for performer, turn_id in (await troupe.add_take(session_id, performers)).items():
            heard, loud = random.choice(EMOTIONS), random.randint(1, 5)
            others = [person for person in (*performers, *audience) if person != performer]
            for rater in random.sample(others, random.randint(2, 6)):
                emotion = heard if random.random() < 0.7 else random.choice(EMOTIONS)
                arousal = min(5, max(1, loud + random.randint(-1, 1)))
                await troupe.rate(turn_id, rater, emotion, is_partner=rater in performers, arousal=arousal)
    async with troupe.database.transaction() as tx:
        await tx.execute(
            "UPDATE scenes SET kind = 'replay', replay_of = 1, replay_mode = 'emotions' WHERE number = ?", SCENES
        )
    await troupe.database.close()
    return ExportOrder(
        troupe.database.path,
        troupe.home,
        folder / "out",
        troupe.sessions,
        Options(Layout.AUDIOFOLDER),
        emotion_sets=[Library(PROJECT_FOLDER / "data").emotion_set("basic")],
    )


def of_scenes(tables: dict[str, Any]) -> Rows:
    return [row for row in tables["ratings"] if row["scene"] < SCENES]


def alpha(ratings: Rows, item: str, level: Measurement) -> float:
    """α by the package, of a table of raters and clips."""
    labels = sorted({row[item] for row in ratings})
    raters, clips = (sorted({row[name] for row in ratings}) for name in ("rater_id", "clip_id"))
    data = np.full((len(raters), len(clips)), np.nan)
    for row in ratings:
        data[raters.index(row["rater_id"]), clips.index(row["clip_id"])] = labels.index(row[item])
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def test_agreement_is_that_of_the_ratings(tables: dict[str, Any]) -> None:
    rows = {(row["item"], row["level"], row["raters"]): row for row in tables["agreement"]}
    assert len(rows) == len(tables["agreement"]) == 30
    chosen = {"all": of_scenes(tables), "without_partners": [row for row in of_scenes(tables) if not row["is_partner"]]}
    for raters, ratings in chosen.items():
        of_clips = Counter(row["clip_id"] for row in ratings)
        for item, level in MEASURED:
            row = rows[item, level, raters]
            assert row["alpha"] == pytest.approx(alpha(ratings, item, level), abs=1e-8)
            assert row["turns"] == sum(number > 1 for number in of_clips.values())
            assert (row["alpha_low"] is None) == (row["turns"] < 50)
            assert (row["kappa_reason"], row["icc"]) == (
                ("unequal_raters" if level == "nominal" else "not_categories"),
                None,
            )
    assert rows["dominance", "interval", "all"]["alpha_reason"] == "no_answers"
    assert rows["valence", "ordinal", "all"]["alpha_reason"] == "no_variation"
    best = rows["perceived_emotion", "nominal", "all"]
    assert best["alpha_low"] < best["alpha"] < best["alpha_high"]
    assert f"α = {best['alpha']:.2f} (95 % interval {best['alpha_low']:.2f} to" in tables["card"]


def test_confusion_and_hits_count_the_answers(tables: dict[str, Any]) -> None:
    targets = {row["clip_id"]: row["target_emotion"] for row in tables["turns"] if row["clip_id"]}
    expected = Counter((targets[row["clip_id"]], row["perceived_emotion"]) for row in of_scenes(tables))
    found = {
        (row["target_emotion"], row["perceived_emotion"]): row["answers"]
        for row in tables["confusion"]
        if row["raters"] == "all"
    }
    assert found == expected
    (everything,) = (row for row in tables["hit_rates"] if row["raters"] == "all" and row["target_emotion"] is None)
    assert everything["answers"] == sum(expected.values())
    assert everything["hits"] == sum(number for (target, heard), number in expected.items() if target == heard)
    assert everything["hit_rate_low"] < everything["hit_rate"] < everything["hit_rate_high"]


def test_consensus_is_of_three_and_of_every_rated_clip(tables: dict[str, Any]) -> None:
    given: defaultdict[str, list[str]] = defaultdict(list)
    for row in tables["ratings"]:
        given[row["clip_id"]].append(row["perceived_emotion"])
    rows: dict[str, Any] = {row["clip_id"]: row for row in tables["consensus"] if row["item"] == "perceived_emotion"}
    assert rows.keys() == given.keys()
    for clip_id, row in rows.items():
        labels = given[clip_id]
        shares = {label: pytest.approx(labels.count(label) / len(labels)) for label in labels}
        assert row["soft_label"] == (shares if len(labels) > 2 else None)
        assert row["reason"] == (None if len(labels) > 2 else "too_few_raters")
    assert {row["item"] for row in tables["consensus"]} == {
        *("perceived_emotion", "intensity", "valence", "arousal", "authenticity")
    }
    weighted = [row for row in tables["consensus"] if row["item"] == "arousal" and row["weighted_mean"] is not None]
    assert all(1 <= row["weighted_mean"] <= 5 and row["n_raters"] > 2 for row in weighted)
    assert weighted


def test_raters_are_named_by_pseudonym_and_agree_as_alpha_says(tables: dict[str, Any]) -> None:
    rows = [row for row in tables["rater_agreement"] if row["item"] == "perceived_emotion"]
    assert {row["rater_id"] for row in rows} == {row["person"] for row in tables["people"]}
    mean = sum(row["turns"] * row["agreement"] for row in rows) / sum(row["turns"] for row in rows)
    (found,) = (row for row in tables["agreement"] if row["item"] == "perceived_emotion" and row["raters"] == "all")
    assert mean == pytest.approx(found["alpha"], abs=1e-6)


def test_alpha_is_that_of_the_package_on_a_thousand_tables() -> None:
    found = compare(1000)
    assert found.tables == 1000
    assert found.greatest < 1e-9
