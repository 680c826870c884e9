"""How the rating of a session stands, in words and as what is drawn."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.charts.charts import Bars, Grid, Ranges
from bot.domain.emotions import OTHER
from bot.domain.ids import PersonId, SessionId, TurnId, UserId
from bot.domain.queue.reach import Reach
from bot.services.rating.agreement import figures_of
from bot.services.rating.status import Status
from bot.services.rating.waiting import Waiting
from bot.statistics.alpha import Level
from bot.store.judged_answers import JudgedAnswer
from bot.ui.texts.rating_charts import MOST_COLUMNS, MOST_ROWS, status_charts
from bot.ui.texts.rating_status import status_pages

EMOTIONS = {f"e{number}": f"Emotion {number}" for number in range(40)}
LEVELS = {"emotion": Level.NOMINAL, "valence": Level.ORDINAL, "dominance": Level.ORDINAL}


def answers(turns: int, raters: int, emotions: int) -> list[JudgedAnswer]:
    """Answers of raters who hear what was dealt in two of three turns; the first rater was a partner."""
    random, found = Random(7), []
    for turn in range(turns):
        for rater in range(raters):
            heard = f"e{turn % emotions}" if random.random() < 0.7 else f"e{random.randrange(emotions)}"
            said = {"emotion": heard if random.random() < 0.95 else OTHER, "valence": str(1 + (turn + rater) % 5)}
            found += [
                JudgedAnswer(TurnId(turn), PersonId(rater), UserId(rater), rater == 0, "", item, value)
                for item, value in said.items()
            ]
    return found


def status(turns: int = 60, raters: int = 4, emotions: int = 6) -> Status:
    targets = {TurnId(turn): f"e{turn % emotions}" for turn in range(turns)}
    waiting = Waiting(
        2, {UserId(5): 1, UserId(6): 12}, True, Reach(5, 4, 3, 1), {0: 3, 1: 5, 2: 12, 3: 10, 4: 2, 5: 9, 6: 1}
    )
    figures = figures_of(answers(turns, raters, emotions), targets, LEVELS)
    return Status(SessionId(7), False, 1_800_000_000.0, 1_800_003_600.0, True, waiting, figures, False, EMOTIONS)


def test_progress_says_how_many_clips_have_how_many_ratings_and_whom_to_ask():
    text = status_pages(status())[0]
    assert "**Ratings of session 7.** It can be rated until <t:1800000000:f>." in text
    assert "42 clips. 0 ratings: 3; 1 rating: 5; 2 ratings: 12; 3 to 4 ratings: 12; 5 or more (wanted): 10." in text
    assert "With these raters, 3 clips cannot reach the 5 ratings that are wanted, some only 4. 1 more rater" in text
    assert "Still to be asked, with the clips that each has left: <@6> (12), <@5> (1)." in text


def test_agreement_has_an_interval_from_fifty_clips_on_and_otherwise_says_why_not():
    enough, fewer = ("\n".join(status_pages(status(turns))) for turns in (50, 49))
    assert "emotion (same or not): 0." in enough
    assert "95 % interval" in enough
    assert "Without partners: 0." in enough
    assert "95 % interval" not in fewer
    assert "no interval (fewer than 50 clips); 49 clips, 4 raters" in fewer
    assert "dominance (order): undefined (no one has answered)" in enough


def test_what_was_dealt_is_nowhere_while_it_is_hidden():
    shown = status()
    hidden = replace(shown, figures=replace(shown.figures, confusion=None), has_hidden_targets=True)
    text = "\n".join([*status_pages(hidden), *(one.description for one in status_charts(hidden))])
    assert "Emotion" not in text
    assert "you can then no longer rate this session" in text
    assert [type(one.chart) for one in status_charts(hidden)] == [Bars, Ranges]


def test_all_numbers_of_the_pictures_are_in_the_text_and_all_pictures_are_described():
    for emotions in (6, 40):
        found = status(turns=200, emotions=emotions)
        pages, charts = status_pages(found), status_charts(found)
        assert all(len(page) <= 2000 for page in pages)
        assert all(20 < len(one.description) <= 1024 for one in charts)
        grid = charts[-1].chart
        assert isinstance(grid, Grid)
        assert len(grid.columns) <= MOST_COLUMNS
        assert len(grid.rows) <= MOST_ROWS
        text = "\n".join(pages)
        for row, counts in zip(grid.rows, grid.counts, strict=True):
            (line,) = [line for line in text.splitlines() if line.startswith(f"- {row}:")]
            for column, count in zip(grid.columns, counts, strict=True):
                assert not count or column == "all others" or f"{column} {count}" in line


def test_columns_that_do_not_fit_are_summed_up():
    found = status(turns=200, emotions=40)
    assert found.figures.confusion is not None
    counts = found.figures.confusion.counts
    grid = status_charts(found)[-1].chart
    assert isinstance(grid, Grid)
    for row, of_row in zip(grid.rows, grid.counts, strict=True):
        assert sum(of_row) == sum(times for (dealt, _), times in counts.items() if EMOTIONS[dealt] == row)


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 7])
def test_every_clip_is_in_one_step_whatever_number_is_wanted(wanted: int):
    found = status()
    waiting = replace(found.waiting, reach=replace(found.waiting.reach, wanted=wanted))
    (bars,) = [one.chart for one in status_charts(replace(found, waiting=waiting)) if isinstance(one.chart, Bars)]
    assert sum(bar.number for bar in bars.bars) == 42
    assert len({bar.label for bar in bars.bars}) == len(bars.bars)


def test_an_empty_session_says_so():
    nothing = Waiting(0, {}, True, Reach(5, 0, 0, 0), {})
    empty = replace(status(), waiting=nothing, figures=figures_of([], {}, LEVELS))
    text = "\n".join(status_pages(empty))
    assert "There are no clips to rate." in text
    assert "No one who was there and consents to rate has a clip left." in text
    assert "No one has rated a clip of which it is certain what was dealt." in text
    assert status_charts(empty) == []
