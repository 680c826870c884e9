from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Action, Asked, ConsentChange, Consented, after_asking, changes
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import GuildId
from bot.domain.permission import consented as consented_at
from bot.domain.standing import ConsentEvent

scopes = st.sampled_from(Scope)

Log = list[ConsentEvent]

FIVE, SIX = GuildId(5), GuildId(6)
guilds = st.sampled_from([FIVE, SIX])
requests = st.lists(st.tuples(st.frozensets(scopes), guilds, st.booleans()), max_size=5)


TERMS = {
    Scope.SHARE_WITH_CLIENT: Terms(("Acme",)),
    Scope.VOICE_CLONE_REPLICA: Terms(ends_at="99", uses="one game", represented_by=Representation.UNION),
}


def event_of(change: ConsentChange, at: str) -> ConsentEvent:
    return ConsentEvent(change.guild_id, change.scope, change.action, at, terms=change.terms)


def consented(log: Log, guild: GuildId) -> Consented:
    return consented_at(log, guild, "9")


def after(log: Log, wanted: frozenset[Scope], guild: GuildId, everywhere: bool):
    found = changes(consented(log, guild), wanted, guild, everywhere=everywhere, terms=TERMS)
    return [*log, *(event_of(one, f"{len(log):03d}") for one in found)]


def log_of(asked: list[tuple[frozenset[Scope], GuildId, bool]]) -> Log:
    log: Log = []
    for wanted, guild, everywhere in asked:
        log = after(log, wanted, guild, everywhere)
    return log


logs = st.builds(log_of, requests)


@given(logs, st.frozensets(scopes), guilds, st.booleans())
def test_changes_lead_from_what_is_in_force_to_what_is_wanted(
    log: Log, wanted: frozenset[Scope], guild: GuildId, everywhere: bool
):
    now = consented(after(log, wanted, guild, everywhere), guild)
    assert now.here == wanted
    assert now.everywhere == (wanted if everywhere else frozenset())
    assert after(log, wanted, guild, everywhere) == after(
        after(log, wanted, guild, everywhere), wanted, guild, everywhere
    )


@given(logs, st.frozensets(scopes))
def test_what_is_given_on_one_server_says_nothing_on_another(log: Log, wanted: frozenset[Scope]):
    before = consented(log, SIX).here
    now = consented(after(log, wanted, FIVE, everywhere=False), SIX).here
    assert now <= before
    assert now >= before - consented(log, SIX).everywhere


@given(logs, st.frozensets(scopes))
def test_what_was_given_everywhere_and_is_withdrawn_anywhere_ends_everywhere(log: Log, given: frozenset[Scope]):
    log = after(log, given, FIVE, everywhere=True)
    assert consented(log, SIX).here >= given
    log = after(log, frozenset(), SIX, everywhere=False)
    assert consented(log, FIVE).here == consented(log, SIX).here == frozenset()


@given(logs, st.frozensets(scopes), guilds, st.booleans(), st.booleans(), guilds)
def test_a_request_that_waits_takes_away_what_it_will_take_away_and_gives_nothing(
    log: Log,
    wanted: frozenset[Scope],
    asked_in: GuildId,
    everywhere: bool,
    grants: bool,
    guild: GuildId,
):
    before = consented(log, guild)
    waiting = after_asking(before, Asked(asked_in, wanted, everywhere, grants), guild)
    asked = changes(consented(log, asked_in), wanted, asked_in, everywhere=everywhere, terms=TERMS)
    kept = [change for change in asked if grants or change.action is not Action.GRANT]
    stored = consented([*log, *(event_of(one, "~") for one in kept)], guild)
    assert waiting.here <= before.here & stored.here
    assert waiting.everywhere == stored.everywhere


def test_a_replica_and_sharing_are_granted_only_with_what_they_must_say():
    wanted = frozenset({Scope.RECORD, *TERMS})
    assert [one.scope for one in changes(consented([], FIVE), wanted, FIVE, everywhere=False)] == [Scope.RECORD]
    named = changes(consented([], FIVE), wanted, FIVE, everywhere=False, terms=TERMS)
    assert {one.scope: one.terms for one in named if one.scope in TERMS} == TERMS
