from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Action, Asked, Scope, after_asking, changes, consented, in_force
from bot.domain.ids import GuildId

scopes = st.sampled_from(Scope)
events = st.tuples(scopes, st.sampled_from(Action))


FIVE, SIX = GuildId(5), GuildId(6)
guilds = st.sampled_from([FIVE, SIX])
requests = st.lists(st.tuples(st.frozensets(scopes), guilds, st.booleans()), max_size=5)


def after(log: list[tuple[GuildId | None, Scope, Action]], wanted: frozenset[Scope], guild: GuildId, everywhere: bool):
    found = changes(consented(log, guild), wanted, guild, everywhere=everywhere)
    return [*log, *((change.guild_id, change.scope, change.action) for change in found)]


def log_of(asked: list[tuple[frozenset[Scope], GuildId, bool]]) -> list[tuple[GuildId | None, Scope, Action]]:
    log: list[tuple[GuildId | None, Scope, Action]] = []
    for wanted, guild, everywhere in asked:
        log = after(log, wanted, guild, everywhere)
    return log


logs = st.builds(log_of, requests)


@given(logs, st.frozensets(scopes), guilds, st.booleans())
def test_changes_lead_from_what_is_in_force_to_what_is_wanted(
    log: list[tuple[GuildId | None, Scope, Action]], wanted: frozenset[Scope], guild: GuildId, everywhere: bool
):
    now = consented(after(log, wanted, guild, everywhere), guild)
    assert now.here == wanted
    assert now.everywhere == (wanted if everywhere else frozenset())
    assert after(log, wanted, guild, everywhere) == after(
        after(log, wanted, guild, everywhere), wanted, guild, everywhere
    )


@given(logs, st.frozensets(scopes))
def test_what_is_given_on_one_server_says_nothing_on_another(
    log: list[tuple[GuildId | None, Scope, Action]], wanted: frozenset[Scope]
):
    before = consented(log, SIX).here
    now = consented(after(log, wanted, FIVE, everywhere=False), SIX).here
    assert now <= before
    assert now >= before - consented(log, SIX).everywhere


@given(logs, st.frozensets(scopes))
def test_what_was_given_everywhere_and_is_withdrawn_anywhere_ends_everywhere(
    log: list[tuple[GuildId | None, Scope, Action]], given: frozenset[Scope]
):
    log = after(log, given, FIVE, everywhere=True)
    assert consented(log, SIX).here >= given
    log = after(log, frozenset(), SIX, everywhere=False)
    assert consented(log, FIVE).here == consented(log, SIX).here == frozenset()


@given(logs, st.frozensets(scopes), guilds, st.booleans(), st.booleans(), guilds)
def test_a_request_that_waits_takes_away_what_it_will_take_away_and_gives_nothing(
    log: list[tuple[GuildId | None, Scope, Action]],
    wanted: frozenset[Scope],
    asked_in: GuildId,
    everywhere: bool,
    grants: bool,
    guild: GuildId,
):
    before = consented(log, guild)
    waiting = after_asking(before, Asked(asked_in, wanted, everywhere, grants), guild)
    asked = changes(consented(log, asked_in), wanted, asked_in, everywhere=everywhere)
    kept = [change for change in asked if grants or change.action is not Action.GRANT]
    stored = consented([*log, *((change.guild_id, change.scope, change.action) for change in kept)], guild)
    assert waiting.here <= before.here & stored.here
    assert waiting.everywhere == stored.everywhere


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
