"""The cast rates by ear: its answers agree in part, and the dataset's figures are those of its ratings.

A rehearsal of short takes, with as many turns as an evening. α is computed here from the exported long table, by its
definition and by the `krippendorff` package, and not by the bot's statistics.
"""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import krippendorff
import numpy as np
import pytest

from bot.audio.listening import levelled
from bot.audio.sound import write_mp3
from bot.audio.speech import has_voices, utter
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.cast.ears import Ears
from bot.rehearsal.cast.judging import Nature, judge
from bot.rehearsal.cast.sentences import MANNERS, direction_for, lines_for
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import Plan, open_house
from bot.rehearsal.world import default_world

SCENES, PERFORMERS = 6, 4
LEAST, MOST = 0.2, 0.7
"""The α of an emotion that raters neither guess nor know."""

ARE_FOUND = """
    SELECT (SELECT count(*) FROM takes WHERE state = 'cut') = ?
    AND NOT EXISTS (SELECT 1 FROM tracks WHERE turns_method IS NULL)
"""

pytestmark = [
    pytest.mark.skipif(not has_voices(), reason="tones stand in for voices: emotions differ less in them"),
    pytest.mark.xdist_group("listening"),
]

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Played:
    """The tables of the dataset, its card, and what the cast noted."""

    tables: dict[str, Rows]
    card: str
    journal: Rows


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("listening")
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir()
    logs.mkdir()
    asyncio.run(play(home, logs))
    (dataset,) = Home(home).exports.iterdir()
    tables = {path.stem: json.loads(path.read_bytes()) for path in (dataset / "tables").glob("*.json")}
    return Played(tables, (dataset / "README.md").read_text("utf-8"), list(read_journal(logs / "cast.jsonl")))


async def play(home: Path, logs: Path) -> None:
    plan = Plan(seed=5, scenes=SCENES, take_seconds=9.0)
    async with open_house(home, logs, default_world(5, performers=PERFORMERS), plan) as house:
        await Listening(house, lambda *_: None).play()


class Listening(Evening):
    """An evening whose raters wait until the last take has been played, and until its turns have been found."""

    async def rate(self) -> None:
        if len(self._takes) == SCENES:
            await asyncio.to_thread(wait_for_turns, Home(self._house.home).database)
            await super().rate()


def wait_for_turns(store: Path) -> None:
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as connection:
        for _ in range(1200):
            if connection.execute(ARE_FOUND, (SCENES,)).fetchone() == (1,):
                return
            time.sleep(0.25)
    raise TimeoutError("The turns were not found within five minutes.")


def alpha(answers: dict[str, list[str]]) -> float:
    """Nominal α by its definition: 1 - observed over expected coincidences of different labels."""
    pairs = defaultdict[tuple[str, str], float](float)
    for given in answers.values():
        for one, other in permutations(given, 2):
            pairs[one, other] += 1 / (len(given) - 1)
    of_label = Counter(label for given in answers.values() for label in given)
    total = of_label.total()
    differ = sum(weight for (one, other), weight in pairs.items() if one != other)
    expected = sum(of_label[one] * of_label[other] for one in of_label for other in of_label if one != other)
    return 1 - (total - 1) * differ / expected


def labels(ratings: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for row in ratings:
        found[row["clip_id"]].append(row["perceived_emotion"])
    return {clip: given for clip, given in found.items() if len(given) > 1}


def test_the_emotion_is_neither_guessed_nor_known(played: Played):
    by_clip = labels(played.tables["ratings"])
    assert len(by_clip) >= PERFORMERS * (SCENES - 1)
    assert LEAST < alpha(by_clip) < MOST
    targets = {row["clip_id"]: row["target_emotion"] for row in played.tables["turns"] if row["clip_id"]}
    hits = [row["perceived_emotion"] == targets[row["clip_id"]] for row in played.tables["ratings"]]
    assert 0.25 < np.mean(hits) < 0.85


def test_the_cards_and_the_tables_figures_are_those_of_the_long_table(played: Played):
    by_clip = labels(played.tables["ratings"])
    (row,) = (one for one in played.tables["agreement"] if (one["item"], one["raters"]) == ("perceived_emotion", "all"))
    assert row["alpha"] == pytest.approx(alpha(by_clip), abs=1e-9)
    assert row["turns"] == len(by_clip)
    assert f"α = {alpha(by_clip):.2f} (" in played.card
    names = sorted({label for given in by_clip.values() for label in given})
    counts = [[given.count(name) for name in names] for given in by_clip.values()]
    assert row["alpha"] == pytest.approx(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
    confusion = Counter[tuple[str, str]]()
    targets = {one["clip_id"]: one["target_emotion"] for one in played.tables["turns"] if one["clip_id"]}
    for one in played.tables["ratings"]:
        confusion[targets[one["clip_id"]], one["perceived_emotion"]] += 1
    found = {
        (one["target_emotion"], one["perceived_emotion"]): one["answers"]
        for one in played.tables["confusion"]
        if one["raters"] == "all"
    }
    assert found == confusion
    assert len(found) > len({target for target, _ in found}), "a matrix that is no permutation"


def test_how_each_judges_is_in_the_journal_and_what_they_heard_is_beside_each_rating(played: Played):
    kinds = defaultdict[str, Rows](list)
    for entry in played.journal:
        kinds[entry["kind"]].append(entry)
    natures = {entry["user_id"]: entry for entry in kinds["judge"]}
    assert {entry["user_id"] for entry in kinds["rated"]} <= natures.keys()
    assert len({(one["noise"], one["shift"]) for one in natures.values()}) == len(natures)
    assert len(kinds["heard"]) == len(kinds["rated"])
    rated = Counter(entry["answers"]["emotion"] for entry in kinds["rated"] if "judge-peer" in entry["button"])
    answers = [row for row in played.tables["answers"] if (row["kind"], row["item"]) == ("turn", "emotion")]
    assert rated == Counter(row["value"] for row in answers), "hidden checks among them"
    compared = [row for row in played.tables["answers"] if row["kind"] == "pair"]
    assert len(compared) == len(kinds["compared"])
    careless = sum(entry["is_careless"] for entry in kinds["heard"])
    assert careless < len(kinds["heard"]) / 5


def clip(place: int, emotion: str) -> bytes:
    """Two lines as raters get them."""
    lines = lines_for(emotion, place)[:2]
    spoken = np.concatenate([utter(line, direction_for(line, emotion, place)).samples for line in lines])
    made = io.BytesIO()
    write_mp3(made, levelled(spoken, None))
    return made.getvalue()


def test_other_judges_agree_in_part_as_well():
    ears, chance = Ears(range(PERFORMERS)), Random(5)
    heard = {
        (place, emotion): ears.listen(clip(place, emotion)).difference for place in (0, 1, 3) for emotion in MANNERS
    }
    found: list[float] = []
    for troupe in range(20):
        natures = [Nature.drawn(Random(f"{troupe}/{number}")) for number in range(5)]
        answers = {
            str(turn): [judge(sound, nature, [*MANNERS, "other"], chance).answers["emotion"] for nature in natures]
            for turn, sound in heard.items()
        }
        found.append(alpha(answers))
    assert all(LEAST < one < MOST for one in found), found
