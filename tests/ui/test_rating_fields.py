"""Forms about clips: Discord takes every form of a shipped instrument, also with what was entered before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.domain.answers import NONE
from bot.domain.form_plan import plan_form
from bot.domain.ids import SessionId, TrialToken
from bot.domain.instrument import BAD_SOUND, CANNOT_JUDGE
from bot.domain.states import TrialKind
from bot.embedded.limits.modals import check_modal
from bot.services.facts.library import Library
from bot.services.rating.drafts import MOST_DRAFTS, Drafts
from bot.services.rating.forms import Form
from bot.ui.custom_ids import OfTrial
from bot.ui.rating_fields import rating_form
from tests.evening import AUDIENCE

LIBRARY = Library(Path(__file__).parents[2] / "data")
OF = OfTrial(SessionId(1), TrialToken("t" + 20 * "0"))


@pytest.mark.parametrize("name", LIBRARY.names("instruments"))
def test_every_form_of_an_instrument_is_one_that_discord_takes(name: str):
    instrument, emotions = LIBRARY.instrument(name), LIBRARY.emotion_set("basic")
    for kind in (TrialKind.TURN, TrialKind.OWN):
        asked: Counter[str] = Counter()
        for _ in range(5):
            items = plan_form(instrument, kind, asked, 5, has_character=True)
            asked.update(item.key for item in items)
            for entered in ({}, {item.key: ["joy", "1", NONE, "so"] for item in items}):
                check_modal(rating_form(Form(kind, instrument, items, emotions), OF, 0, entered).to_dict())
        assert kind is TrialKind.OWN or asked.keys() == {item.key for item in instrument.items}


def test_the_emotion_question_offers_what_is_no_emotion():
    instrument, emotions = LIBRARY.instrument("core"), LIBRARY.emotion_set("basic")
    for kind, others in (
        (TrialKind.TURN, ["other", CANNOT_JUDGE, BAD_SOUND]),
        (TrialKind.OWN, ["other", CANNOT_JUDGE]),
    ):
        form = rating_form(Form(kind, instrument, instrument.items, emotions), OF).to_dict()
        values = [option["value"] for option in form["components"][0]["component"]["options"]]
        assert values[len(emotions.emotions) :] == others


def test_what_was_entered_is_kept_until_it_is_stored_and_the_oldest_goes_first():
    drafts = Drafts()
    for number in range(MOST_DRAFTS + 1):
        drafts.keep(AUDIENCE, TrialToken(f"t{number}"), {"emotion": ["joy"]})
    assert drafts.of(AUDIENCE, TrialToken("t0")) == {}
    assert drafts.of(AUDIENCE, TrialToken("t1")) == {"emotion": ["joy"]}
    drafts.drop(AUDIENCE, TrialToken("t1"))
    assert drafts.of(AUDIENCE, TrialToken("t1")) == {}
