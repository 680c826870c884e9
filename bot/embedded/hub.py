"""What the REST handlers share: the state and the components around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.embedded.gateway.gateway import Gateway
from bot.embedded.guild.state import State
from bot.embedded.interactions.callback_faults import CallbackFaults
from bot.embedded.interactions.interactions import Interactions
from bot.embedded.journal import Journal
from bot.embedded.limits.rates import RateLimits
from bot.embedded.people.people import People


@dataclass(frozen=True, slots=True)
class Hub:
    """The components of one embedded Discord; `base_url` has no path, `clock` is in seconds."""

    state: State
    journal: Journal
    gateway: Gateway
    interactions: Interactions
    people: People
    callback_faults: CallbackFaults
    base_url: str
    clock: Callable[[], float] = time.monotonic
    rate_limits: RateLimits = field(default_factory=RateLimits)


HUB = web.AppKey("HUB", Hub)
