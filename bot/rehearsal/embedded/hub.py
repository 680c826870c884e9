"""What REST handlers share: the state and the parts around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.rehearsal.embedded.callback_faults import CallbackFaults
from bot.rehearsal.embedded.gateway import Gateway
from bot.rehearsal.embedded.interactions import Interactions
from bot.rehearsal.embedded.people import People
from bot.rehearsal.embedded.ratelimits import RateLimits
from bot.rehearsal.embedded.state import State
from bot.rehearsal.journal import Journal


@dataclass(frozen=True, slots=True)
class Hub:
    """The parts of one embedded Discord; `base_url` is without a path, `clock` in seconds."""

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
