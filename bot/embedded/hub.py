"""What the REST handlers share: the state and the components around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from bot.embedded.clock import Clock
from bot.embedded.gateway.gateway import Gateway
from bot.embedded.guild.state import State
from bot.embedded.interactions.callback_faults import CallbackFaults
from bot.embedded.interactions.interactions import Interactions
from bot.embedded.journal import Journal
from bot.embedded.limits.old_edits import OldEdits
from bot.embedded.limits.rates import RateLimits
from bot.embedded.people.people import People
from bot.embedded.rest_faults import RestFaults
from bot.embedded.voice.orders import VoiceOrders


@dataclass(frozen=True, slots=True)
class Hub:
    """The components of one embedded Discord; `base_url` has no path, `clock` is in seconds."""

    state: State
    journal: Journal
    gateway: Gateway
    interactions: Interactions
    people: People
    callback_faults: CallbackFaults
    rest_faults: RestFaults
    voice_orders: VoiceOrders
    base_url: str
    clock: Clock
    rate_limits: RateLimits = field(default_factory=RateLimits)
    old_edits: OldEdits = field(default_factory=OldEdits)


HUB = web.AppKey("HUB", Hub)
