"""Profiles in a real export: only with consent, only among five, and nothing of pay beside them."""

from __future__ import annotations

import json
from pathlib import Path

from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.rows.schema import TABLES
from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from bot.domain.profile import Question
from bot.store import pay
from bot.store.profiles import answer_question, forget_profile
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, open_troupe, play_evening

AT = "2026-01-01T00:00:00.000Z"
REASON = "travelled from Timbuktu"


async def _evening(troupe: Troupe) -> None:
    """Two performers and five raters who are all 25-34; one rater permits nothing, and one is alone with an answer."""
    told = Scope.PUBLISH_DEMOGRAPHICS
    performers = [await troupe.add_person(*PERFORMER_SCOPES, told) for _ in range(2)]
    raters = [await troupe.add_person(Scope.PEER_RATING, *([told] if number else [])) for number in range(5)]
    await play_evening(troupe, performers, raters)
    async with troupe.database.transaction() as tx:
        for person in (*performers, *raters):
            await answer_question(tx, person, Question.AGE_BAND, "25-34", AT)
            await answer_question(tx, person, Question.OTHER_LANGUAGES, "de fr", AT)
        await answer_question(tx, raters[4], Question.HEARING, "hearing_aid", AT)
        await pay.add_correction(tx, troupe.sessions[0], raters[4], 4711, "EUR", REASON, AT)
        await pay.keep_work(tx, troupe.sessions[0])


def _people(troupe: Troupe, out: Path) -> list[dict[str, object]]:
    export_dataset(ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, Options(Layout.AUDIOFOLDER)))
    (found,) = out.rglob("people.json")
    return json.loads(found.read_text("utf-8"))


async def test_answers_go_only_with_consent_and_only_among_five(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    await _evening(troupe)
    people = _people(troupe, tmp_path / "out")
    ages = [one["age_band"] for one in people]
    assert (ages.count("25-34"), ages.count(None)) == (6, 1)
    assert [one["other_languages"] for one in people].count(["de", "fr"]) == 6
    assert {one["hearing"] for one in people} == {None}
    assert all(one["age_band"] is None for one in people if "publish_demographics" not in str(one["consents"]))
    async with troupe.database.transaction() as tx:
        for person in (1, 2):
            assert await forget_profile(tx, PersonId(person)) == 2
    assert {one["age_band"] for one in _people(troupe, tmp_path / "after")} == {None}
    await troupe.database.close()


async def test_nothing_of_pay_is_in_a_dataset(tmp_path: Path):
    troupe = await open_troupe(tmp_path / "home")
    await _evening(troupe)
    _people(troupe, tmp_path / "out")
    columns = {name for table in TABLES.values() for name in table.head}
    assert not [name for name in columns if any(word in name for word in ("pay", "paid", "wage", "currency", "amount"))]
    for file in (tmp_path / "out").rglob("*"):
        assert not file.is_file() or REASON.encode() not in file.read_bytes()
    await troupe.database.close()
