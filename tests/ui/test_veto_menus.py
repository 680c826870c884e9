"""The form for what people will not play: everything that can be dealt is on it, by family, within Discord's limits."""

from __future__ import annotations

from pathlib import Path

from bot.domain.emotions import Emotion
from bot.domain.families import Family
from bot.domain.limits import LimitKind, Limits
from bot.embedded.limits.modals import check_modal
from bot.services.facts.library import Library
from bot.ui.limits_form import Offered, limits_form
from bot.ui.veto_menus import veto_menus, vetoed

LIBRARY = Library(Path(__file__).parents[2] / "data")
FAMILIES = list(Family)


def many(count: int) -> list[Emotion]:
    return [Emotion(f"e{number}", f"E{number:03}", "d", family=FAMILIES[number % 12]) for number in range(count)]


def test_every_emotion_of_every_set_can_be_vetoed_one_family_after_the_other():
    menus = veto_menus(LIBRARY.all_emotions())
    keys = [key for menu in menus for option in menu for key in option.emotions]
    assert sorted(keys) == sorted(LIBRARY.emotion_keys())
    order = [option.description for menu in menus for option in menu]
    assert order == sorted(order, key=[family.title() for family in Family].index)
    assert [key for one in ("sexual_lust", "sexual_desire") for key in vetoed(menus, [one])] == [
        "sexual_lust",
        "sexual_desire",
    ]


def test_with_too_many_emotions_for_a_form_whole_families_are_vetoed():
    emotions = [*many(90), Emotion("mine", "Mine", "d")]
    (menu,) = veto_menus(emotions)
    assert len(menu) == 13
    assert frozenset[str]().union(*(option.emotions for option in menu)) == {one.key for one in emotions}
    assert vetoed([menu], [menu[0].value]) == {one.key for one in emotions if one.family is Family.JOY}
    assert menu[-1].emotions == {"mine"}


def test_discord_accepts_the_form_with_everything_chosen():
    offered = Offered.by(LIBRARY)
    lines, vetoes, opt_ins = (offered.keys(kind) for kind in LimitKind)
    form = limits_form(offered, Limits(lines, vetoes, opt_ins)).to_dict()
    check_modal(form)
    menus = [one["component"] for one in form["components"]]
    assert [len(one["options"]) for one in menus] == [len(lines), *map(len, offered.vetoes), len(opt_ins)]
    assert all(option.get("default") for one in menus for option in one["options"])
    assert not any(
        option.get("default")
        for one in limits_form(offered, Limits()).to_dict()["components"]
        for option in one["component"]["options"]
    )
