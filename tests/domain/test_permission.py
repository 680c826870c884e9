"""What a person permits: invariants over any history, and the sentences of issue and docstring as examples."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import PURPOSES, TO_PERFORM, Action, changes
from bot.domain.consent_terms import NO_TERMS, Representation, Scope, Terms
from bot.domain.ids import GuildId
from bot.domain.permission import TO_RECORD, Permission, Use, Wanted, consented, permits
from bot.domain.standing import ConsentEvent, Refusal, TextInForce, narrowed, standings

FIVE, SIX = GuildId(5), GuildId(6)
NOW = "500"
"""After everything in these histories. Times are three digits, which compare as those of the store do."""

ACME = Terms(("Acme Voices",))

scopes = st.sampled_from(Scope)
moments = st.integers(0, 499).map(lambda number: f"{number:03d}")
events = st.builds(
    ConsentEvent,
    guild_id=st.sampled_from([None, FIVE, SIX]),
    scope=st.sampled_from([*TO_PERFORM, Scope.TRAIN_RECOGNITION, Scope.SHARE_WITH_CLIENT]),
    action=st.sampled_from(Action),
    at=moments,
    covers_earlier=st.booleans(),
    terms=st.sampled_from([NO_TERMS, ACME, Terms(("Acme Voices",), ends_at="250")]),
)
histories = st.lists(events, max_size=14).map(lambda log: sorted(log, key=lambda event: event.at))
uses = st.builds(
    Wanted,
    use=st.sampled_from([Use.RECORD, Use.LET_RATE, Use.EXPORT]),
    made_at=st.none() | moments,
    purpose=st.sampled_from([None, Scope.TRAIN_RECOGNITION]),
    recipient=st.sampled_from([None, "acme  voices", "Beta"]),
)


def of(*actions: Action, scope: Scope = Scope.RECORD, guild: GuildId | None = FIVE) -> list[ConsentEvent]:
    """A log of one scope, with an event every hundred."""
    return [ConsentEvent(guild, scope, action, f"{100 * number:03d}") for number, action in enumerate(actions, 1)]


def granted(*some: Scope, at: str = "100", terms: Terms = NO_TERMS) -> list[ConsentEvent]:
    return [ConsentEvent(FIVE, scope, Action.GRANT, at, "1", "en", terms=terms) for scope in some]


@given(histories, uses)
def test_nothing_is_permitted_that_was_not_given(log: list[ConsentEvent], wanted: Wanted):
    given = {one.scope for one in log if one.action is Action.GRANT and one.guild_id in (None, FIVE)}
    if permits(log, wanted, FIVE, [], NOW):
        assert wanted.needed <= given


@given(histories, uses, scopes)
def test_a_withdrawal_ends_every_use_that_needs_its_scope(log: list[ConsentEvent], wanted: Wanted, scope: Scope):
    for guild in (FIVE, None):
        after = [*log, ConsentEvent(guild, scope, Action.WITHDRAW, "499")]
        if scope in wanted.needed:
            assert not permits(after, wanted, FIVE, [], NOW)
        else:
            assert permits(after, wanted, FIVE, [], NOW) == permits(log, wanted, FIVE, [], NOW)


@given(histories, histories, uses, moments)
def test_what_was_made_before_a_withdrawal_comes_back_only_if_a_grant_says_so(
    log: list[ConsentEvent], later: list[ConsentEvent], wanted: Wanted, made_at: str
):
    """Whatever comes after a withdrawal, unless it is a grant in so many words, what it covered stays withdrawn."""
    withdrawal = ConsentEvent(None, Scope.RECORD, Action.WITHDRAW, "499")
    quiet = [replace(one, at=f"5{one.at}", covers_earlier=False) for one in later]
    history, wanted = [*log, withdrawal, *quiet], replace(wanted, made_at=made_at)
    assert not permits(history, wanted, FIVE, [], "9")
    aloud = [*history, *(replace(one, at="8", covers_earlier=True) for one in granted(*wanted.needed, terms=ACME))]
    assert bool(permits(aloud, wanted, FIVE, [], "9")) is (wanted.recipient != "Beta")


@given(histories, uses, moments, moments)
def test_what_is_newer_is_permitted_if_what_is_older_is(log: list[ConsentEvent], wanted: Wanted, one: str, other: str):
    older, newer = (replace(wanted, made_at=made_at) for made_at in sorted((one, other)))
    assert permits(log, newer, FIVE, [], NOW) or not permits(log, older, FIVE, [], NOW)


@given(histories, histories, uses)
def test_what_another_server_hears_says_nothing_here(
    log: list[ConsentEvent], elsewhere: list[ConsentEvent], wanted: Wanted
):
    others = [replace(one, guild_id=SIX) for one in elsewhere]
    mixed = sorted([*log, *others], key=lambda event: event.at)
    assert permits(mixed, wanted, FIVE, [], NOW) == permits(log, wanted, FIVE, [], NOW)


@given(histories, uses)
def test_a_suspension_holds_up_and_resuming_gives_back_exactly_what_there_was(log: list[ConsentEvent], wanted: Wanted):
    held_up = [*log, *(ConsentEvent(FIVE, scope, Action.SUSPEND, "499") for scope in Scope)]
    assert not permits(held_up, wanted, FIVE, [], NOW)
    resumed = [*held_up, *(ConsentEvent(FIVE, scope, Action.RESUME, "499") for scope in Scope)]
    plain = [one for one in log if one.action is not Action.SUSPEND]
    assert permits(resumed, wanted, FIVE, [], NOW) == permits(plain, wanted, FIVE, [], NOW)


@given(histories, st.frozensets(scopes), st.booleans())
def test_narrowing_consent_to_one_server_takes_nothing_back_there(
    log: list[ConsentEvent], wanted: frozenset[Scope], everywhere: bool
):
    before = consented(log, FIVE, NOW)
    terms = {scope: standing.terms for scope, standing in standings(log, FIVE).items()}
    asked = changes(before, wanted, FIVE, everywhere=everywhere, terms=terms)
    after = [*log, *(ConsentEvent(one.guild_id, one.scope, one.action, "499x", terms=one.terms) for one in asked)]
    old, new = standings(log, FIVE), standings(after, FIVE)
    for scope in wanted & before.here:
        assert new[scope].ended is None
        assert new[scope].withdrawn_until == old[scope].withdrawn_until


@given(histories, st.frozensets(scopes))
def test_less_in_force_is_less_permitted(log: list[ConsentEvent], kept: frozenset[Scope]):
    found = standings(log, FIVE)
    less = narrowed(found, kept)
    assert all(
        less[scope].is_less_than(found[scope]) == (not found[scope].ended and scope not in kept) for scope in found
    )


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ([], Refusal.NEVER_GIVEN),
        (of(Action.GRANT), None),
        (of(Action.GRANT, Action.WITHDRAW), Refusal.WITHDRAWN),
        (of(Action.GRANT, Action.EXPIRE), Refusal.EXPIRED),
        (of(Action.GRANT, Action.SUSPEND), Refusal.SUSPENDED),
        (of(Action.GRANT, Action.SUSPEND, Action.WITHDRAW, Action.RESUME), Refusal.WITHDRAWN),
        (of(Action.GRANT, Action.WITHDRAW, Action.GRANT), Refusal.MADE_BEFORE_WITHDRAWAL),
        (of(Action.GRANT, Action.EXPIRE, Action.GRANT), None),
    ],
)
def test_the_reason_is_said(log: list[ConsentEvent], why: Refusal | None):
    others = granted(*TO_PERFORM - {Scope.RECORD})
    answer = permits([*others, *log], Wanted(Use.LET_RATE, made_at="150"), FIVE, [], NOW)
    assert answer == Permission(why, Scope.RECORD if why else None)


def test_an_export_needs_its_purpose_and_its_recipient_by_name():
    log = [*granted(*TO_PERFORM, Scope.TRAIN_RECOGNITION), *granted(Scope.SHARE_WITH_CLIENT, terms=ACME)]
    for purpose in (None, *PURPOSES):
        for recipient in (None, "ACME voices", "Beta"):
            wanted = Wanted(Use.EXPORT, made_at="200", purpose=purpose, recipient=recipient)
            is_given = purpose in (None, Scope.TRAIN_RECOGNITION) and recipient != "Beta"
            assert bool(permits(log, wanted, FIVE, [], NOW)) is is_given
    refused = permits(log, Wanted(Use.EXPORT, recipient="Beta"), FIVE, [], NOW)
    assert refused == Permission(Refusal.OTHER_RECIPIENT, Scope.SHARE_WITH_CLIENT)


def test_a_replica_ends_with_its_term():
    terms = Terms(ends_at="300", uses="one game", represented_by=Representation.UNION)
    assert terms.suffice(Scope.VOICE_CLONE_REPLICA)
    log = [*granted(*TO_PERFORM), *granted(Scope.VOICE_CLONE_REPLICA, terms=terms)]
    wanted = Wanted(Use.EXPORT, made_at="200", purpose=Scope.VOICE_CLONE_REPLICA)
    assert permits(log, wanted, FIVE, [], "299")
    assert permits(log, wanted, FIVE, [], "300") == Permission(Refusal.EXPIRED, Scope.VOICE_CLONE_REPLICA)
    for lacking in (replace(terms, uses=" "), replace(terms, ends_at=None), replace(terms, represented_by=None)):
        assert not lacking.suffice(Scope.VOICE_CLONE_REPLICA)


def text(version: str, since: str, *, asks_again: bool = False, locale: str = "en") -> TextInForce:
    return TextInForce(locale, version, f"{version}{since}", asks_again, since)


FIRST = text("1", "050")
AGREED = granted(*TO_PERFORM)


@pytest.mark.parametrize(
    ("later", "is_asked"),
    [
        ([], False),
        ([text("2", "200")], False),  # a typo fixed
        ([text("2", "200", asks_again=True)], True),
        ([text("2", "200", asks_again=True), text("3", "300")], True),  # and then a typo in it
        ([text("2", "200", asks_again=True), FIRST], False),  # it was taken back
        ([text("1", "200", asks_again=True)], False),  # a typo fixed in a text that asks again
        ([text("2", "200", asks_again=True, locale="de")], False),
    ],
)
def test_a_text_that_asks_again_is_agreed_to_before_anything_is_recorded(later: list[TextInForce], is_asked: bool):
    answer = permits(AGREED, TO_RECORD, FIVE, [FIRST, *later], NOW)
    assert (answer.why_not is Refusal.TEXT_IS_NEW) is is_asked
    assert bool(consented(AGREED, FIVE, NOW, [FIRST, *later]).here) is not is_asked
    # What was recorded under the earlier text stays under it.
    assert permits(AGREED, Wanted(Use.EXPORT, made_at="150"), FIVE, [FIRST, *later], NOW)


def test_who_agrees_to_a_new_text_is_asked_no_more():
    new = text("2", "200", asks_again=True)
    again = changes(consented(AGREED, FIVE, NOW), TO_PERFORM, FIVE, everywhere=False, renewed=TO_PERFORM)
    log = [*AGREED, *(ConsentEvent(one.guild_id, one.scope, one.action, "300", "2", "en") for one in again)]
    assert permits(log, TO_RECORD, FIVE, [FIRST, new], NOW)
    assert permits(log, Wanted(Use.EXPORT, made_at="150"), FIVE, [FIRST, new], NOW)
