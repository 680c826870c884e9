from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Action, Scope, changes, in_force

scopes = st.sampled_from(Scope)
events = st.tuples(scopes, st.sampled_from(Action))


@given(st.frozensets(scopes), st.frozensets(scopes))
def test_changes_lead_from_what_is_in_force_to_what_is_wanted(before: frozenset[Scope], wanted: frozenset[Scope]):
    log = [(scope, Action.GRANT) for scope in before] + changes(before, wanted)
    assert in_force(log) == wanted


@given(st.lists(events, max_size=12), scopes)
def test_after_a_withdrawal_a_scope_is_never_in_force(log: list[tuple[Scope, Action]], scope: Scope):
    assert scope not in in_force([*log, (scope, Action.WITHDRAW)])


@given(st.lists(events, max_size=12), scopes)
def test_a_suspension_is_undone_by_resuming_and_grants_nothing(log: list[tuple[Scope, Action]], scope: Scope):
    suspended = [*log, (scope, Action.SUSPEND)]
    assert scope not in in_force(suspended)
    assert in_force([*suspended, (scope, Action.RESUME)]) == in_force([*log, (scope, Action.RESUME)])


def test_nothing_is_in_force_at_first():
    assert in_force([]) == frozenset()
