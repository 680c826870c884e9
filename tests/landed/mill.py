"""The session at the Mill, and what people did while no session was open anywhere."""

from __future__ import annotations

from landed.harbour import FULL
from landed.people import (
    ANNA,
    BERT,
    CHANNELS,
    COORDINATOR_ROLE,
    DORA,
    EMIL,
    FRITZ,
    HARBOUR,
    HUGO,
    IDA,
    KURT,
    LENA,
    MILL,
    MILTON,
    RITA,
)
from landed.troupe import Troupe, speech

from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.services.decks import import_deck
from bot.services.guild_settings import change_setting
from bot.services.lines import set_lines
from bot.services.presence import channel_changed
from bot.services.scenes import deal_scene
from bot.services.sessions import end_session
from bot.store.sessions import Session

DECK = b"""title = "Harbour"

[[prompts]]
id = "the-last-ferry"
title = "The last ferry"
text = "The ferry has left, and your suitcase is on it."
place = "a pier"
relationship = "siblings"
roles = ["the one who was late", "the one who packed", "the ticket seller"]
fewest_performers = 2

[[prompts]]
id = "the-net"
title = "The net"
text = "There is something in the net that nobody put there."
roles = ["the skipper", "the new hand"]
"""


async def before_any_session(troupe: Troupe) -> None:
    """Settings of both guilds, a deck, lines, and consents that belong to no session."""
    desk = troupe.desk
    await import_deck(desk, HARBOUR, "harbour.toml", DECK)
    for setting, value in (("coordinator_role_id", COORDINATOR_ROLE), ("scene_seconds", 60), ("ratings_wanted", 3)):
        await change_setting(desk, HARBOUR, setting, value)
    await change_setting(desk, MILL, "cue_policy", "none")
    await troupe.meet(LENA)
    await set_lines(desk, LENA.user_id, ["illness"])
    for member in (ANNA, IDA):
        await troupe.consent(HARBOUR, member, FULL)
    await troupe.consent(MILL, DORA, frozenset(Scope))
    await troupe.consent(HARBOUR, KURT, FULL)
    await troupe.consent(MILL, MILTON, TO_RATE)
    await set_lines(desk, DORA.user_id, ["illness"])


async def between_sessions(troupe: Troupe) -> None:
    """Fritz takes everything back where no session is open; the Harbour will play its own deck."""
    troupe.time.pass_by(3600)
    await troupe.consent(HARBOUR, FRITZ, frozenset())
    await change_setting(troupe.desk, HARBOUR, "deck", "harbour")


async def evening_at_the_mill(troupe: Troupe) -> None:
    """Session 2: two scenes, a dropout, and consents given and taken back within it."""
    session = await troupe.open(MILL, MILTON, seed=22)
    await troupe.consent(MILL, EMIL, FULL)
    troupe.gather(MILL, ANNA, BERT, DORA, EMIL, RITA)
    await deal_scene(troupe.desk, session, prompt_id="last-train")
    await troupe.read_cards(session, DORA, EMIL)
    await troupe.play(session, (ANNA, BERT, DORA, EMIL))
    await _scene_with_a_dropout(troupe, session)
    for member in (RITA, EMIL, DORA):
        await troupe.rate(session, member)
    await troupe.consent(MILL, EMIL, FULL - {Scope.PEER_RATING})
    await troupe.consent(MILL, HUGO, TO_PERFORM | TO_RATE)
    await troupe.consent(MILL, IDA, frozenset())
    troupe.time.pass_by(30)
    await end_session(troupe.desk, session)


async def _scene_with_a_dropout(troupe: Troupe, session: Session) -> None:
    """The network loses some of Hugo's frames and then all of him for a moment: the session waits."""
    troupe.gather(MILL, DORA, HUGO, RITA)
    troupe.time.pass_by(20)
    await deal_scene(troupe.desk, session)
    await troupe.start(session)
    troupe.speak((DORA,))
    troupe.booth.send(HUGO.user_id, speech(HUGO, 1), after=0.4, lost=(20, 21, 40))
    troupe.time.pass_by(2.75)
    await channel_changed(troupe.desk, MILL, HUGO.user_id, CHANNELS[MILL], None)
    troupe.time.pass_by(1.5)
    await channel_changed(troupe.desk, MILL, HUGO.user_id, None, CHANNELS[MILL])
    await troupe.cut(session, 0.5)
