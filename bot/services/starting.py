"""What a process does first: it takes up where an earlier one ended."""

from __future__ import annotations

from functools import partial

from bot.live.asked import CONSENT, PAUSED, STOPPED
from bot.services.connection import follow_connections
from bot.services.consents import store_consent
from bot.services.desk import Desk
from bot.services.pauses import store_pause
from bot.services.recovery import forget_cuts, recover_takes
from bot.services.x_card import store_stop


async def take_up(desk: Desk) -> None:
    """Make live what is open in the store, and keep what people asked for, before anything else is done.

    Takes that an ended process left running are closed as they were asked to be. A request that the store does not
    take now is tried until it does, and counts from here on.
    """
    desk.promises.recall()
    closed_all = await recover_takes(desk)
    for kind, keeper in ((CONSENT, store_consent), (PAUSED, store_pause), (STOPPED, store_stop)):
        desk.promises.keep_by(kind, partial(keeper, desk))
    if closed_all:
        forget_cuts(desk)
    await desk.restore()
    for promise in desk.promises:
        session = desk.live.find(promise.facts["session"]) if promise.kind in (PAUSED, STOPPED) else None
        if session and promise.kind == PAUSED:
            session.pause(promise.facts["cause"])
        elif session:
            session.stop_scene(promise.facts["scene"])
    follow_connections(desk)
