"""The services of one process: each is built once, from the objects that it needs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.config import Settings
from bot.live.apart import Apart
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.promises import Promises
from bot.live.sessions import LiveSessions
from bot.live.workers import Workers
from bot.services.access.changes import Changes
from bot.services.access.guild_settings import Guilds
from bot.services.access.open_sessions import OpenSessions
from bot.services.access.operators import Operators
from bot.services.booth.booths import Booths
from bot.services.booth.connection import Connections
from bot.services.consent.consent_requests import ConsentRequests
from bot.services.consent.limit_requests import LimitRequests
from bot.services.consent.profiles import Profiles
from bot.services.ending.cue_questions import CueQuestions
from bot.services.ending.cuts import Cuts
from bot.services.ending.kept_takes import KeptTakes
from bot.services.ending.recovery import Recovery
from bot.services.exports import Exports
from bot.services.facts.consent_texts import ConsentTexts
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.cue_choices import CueChoices
from bot.services.facts.dealt import Dealt
from bot.services.facts.held import Held
from bot.services.facts.library import Library
from bot.services.facts.limits import LimitsInForce
from bot.services.panel.panels import Panels
from bot.services.panel.reading import PanelReader
from bot.services.pay.ledger import Ledger
from bot.services.pay.statements import Statements
from bot.services.ports.stage import Stage
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.attendance import Attendances
from bot.services.rating.bad_sound import BadSound
from bot.services.rating.drafts import Drafts
from bot.services.rating.exported_targets import ExportedTargets
from bot.services.rating.forms import Forms
from bot.services.rating.given_trials import GivenTrials
from bot.services.rating.hidden_checks import HiddenChecks
from bot.services.rating.invitations import Invitations
from bot.services.rating.offers import Offers
from bot.services.rating.pictures import Pictures
from bot.services.rating.queue import Queue
from bot.services.rating.rated_sessions import RatedSessions
from bot.services.rating.ratings import RATERS_AT_ONCE, Ratings
from bot.services.rating.status import RatingStatus
from bot.services.rating.times import RatingTimes
from bot.services.rating.voice_pairs import VoicePairs
from bot.services.rating.waiting import WaitingClips
from bot.services.rights.erasures import Erasures
from bot.services.rights.letters import Letters
from bot.services.rights.personal_copies import PersonalCopies
from bot.services.rights.receipts import Receipts
from bot.services.rights.retentions import Retentions
from bot.services.rights.reviews import Reviews
from bot.services.rights.revocations import Revocations
from bot.services.rights.uses import Uses
from bot.services.rights.withdrawals import Withdrawals
from bot.services.scene.aloud import Aloud
from bot.services.scene.calibrations import Calibrations
from bot.services.scene.cards import Cards
from bot.services.scene.dealing import Dealing
from bot.services.scene.decks import Decks
from bot.services.scene.ease_off import EaseOff
from bot.services.scene.interludes import Interludes
from bot.services.scene.prompting import Prompting
from bot.services.scene.replays import Replays
from bot.services.scene.scenes import Scenes
from bot.services.scene.voices import Voices
from bot.services.scene.x_card import XCard
from bot.services.schedule.notices import Notices
from bot.services.schedule.reminders import Reminders
from bot.services.schedule.rosters import Rosters
from bot.services.schedule.scheduled_changes import ScheduledChanges
from bot.services.schedule.schedules import Schedules
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.services.schedule.sign_ups import SignUps
from bot.services.session.own_voice import OwnVoices
from bot.services.session.pauses import Pauses
from bot.services.session.presence import Presence
from bot.services.session.sessions import Sessions
from bot.services.session.starting import Starting
from bot.services.sound.sound_check import SoundChecks
from bot.services.take.clock import TakeClock
from bot.services.take.coaching import Coaching
from bot.services.take.cue_replies import CueReplies
from bot.services.take.cues import Cues
from bot.services.take.last_seconds import LastSeconds
from bot.services.take.notes import Notes
from bot.services.take.running_takes import RunningTakes
from bot.services.take.strikes import Strikes
from bot.services.take.takes import Takes
from bot.services.take.watch import TakeWatch
from bot.services.turns.clips import Clips
from bot.services.turns.search import TurnSearch
from bot.services.turns.turns import Turns
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What screens and commands can ask for. Each service itself gets only the objects that it needs."""

    clock: Clock
    stage: Stage
    live: LiveSessions
    panels: Panels
    library: Library
    dealt: Dealt
    errands: Errands
    open_sessions: OpenSessions
    guilds: Guilds
    operators: Operators
    decks: Decks
    consents: ConsentsInForce
    held: Held
    consent_requests: ConsentRequests
    erasures: Erasures
    withdrawals: Withdrawals
    personal_copies: PersonalCopies
    receipts: Receipts
    uses: Uses
    reviews: Reviews
    retentions: Retentions
    letters: Letters
    limits: LimitsInForce
    limit_requests: LimitRequests
    sessions: Sessions
    sound_checks: SoundChecks
    scenes: Scenes
    calibrations: Calibrations
    replays: Replays
    interludes: Interludes
    cards: Cards
    aloud: Aloud
    voices: Voices
    prompting: Prompting
    takes: Takes
    cues: Cues
    cue_choices: CueChoices
    coaching: Coaching
    cue_replies: CueReplies
    cue_questions: CueQuestions
    cuts: Cuts
    strikes: Strikes
    pauses: Pauses
    x_card: XCard
    ease_off: EaseOff
    presence: Presence
    own_voices: OwnVoices
    notes: Notes
    ratings: Ratings
    drafts: Drafts
    rated_sessions: RatedSessions
    offers: Offers
    voice_pairs: VoicePairs
    waiting_clips: WaitingClips
    rating_status: RatingStatus
    exported_targets: ExportedTargets
    pictures: Pictures
    rating_times: RatingTimes
    invitations: Invitations
    turns: Turns
    exports: Exports
    profiles: Profiles
    ledger: Ledger
    statements: Statements
    schedules: Schedules
    scheduled_changes: ScheduledChanges
    sign_ups: SignUps
    reminders: Reminders
    rosters: Rosters
    starting: Starting


def assemble(
    settings: Settings,
    database: Database,
    clock: Clock,
    stage: Stage,
    workers: Workers,
    promises: Promises,
    errands: Errands,
    apart: Apart,
) -> Services:
    """Build all services over an open store. They have read nothing yet: call `starting.take_up` first."""
    home = settings.home
    library = Library(settings.data)
    dealt = Dealt(database, library)
    live = LiveSessions()
    guilds = Guilds(database, settings, live)
    open_sessions = OpenSessions(database, live, guilds)
    decks = Decks(database, library, clock, live, guilds)
    limits = LimitsInForce(database, promises)
    limit_requests = LimitRequests(database, clock, promises)
    consent_texts = ConsentTexts(database, clock, library)
    consents = ConsentsInForce(database, clock, promises, consent_texts)
    panels = Panels(database, clock, errands, stage, PanelReader(database, clock, live, home, consents))
    changes = Changes(database, panels)
    consent_requests = ConsentRequests(database, library, consent_texts, clock, promises, live, panels, guilds)

    attendances = Attendances(database, clock, errands)
    absent_raters = AbsentRaters(database, clock, live, consents, attendances)
    rated_sessions = RatedSessions(database, clock, live, open_sessions, guilds, promises, absent_raters)
    invitations = Invitations(database, clock, errands, stage.board, consents, rated_sessions, absent_raters)
    rating_times = RatingTimes(database, clock, errands, panels, invitations)

    clips = Clips(database, workers, home, apart)
    turns = Turns(TurnSearch(database, clock, home, apart, is_patient=True), clips, errands, panels)
    withdrawals = Withdrawals(home, clock, workers, promises, live, panels)
    erasures = Erasures(database, home, clock, workers, errands, promises, live, panels, turns)
    forms, bad_sound = Forms(database, clock, dealt), BadSound(database, errands, stage)
    waiting_clips = WaitingClips(database, live, consents, turns)
    few_raters, queue = asyncio.Semaphore(RATERS_AT_ONCE), Queue(database, clock, consents)
    given = GivenTrials(database, consents, absent_raters)
    checks = HiddenChecks(database, given)
    raters = (few_raters, queue, given, checks)
    ratings = Ratings(database, clock, dealt, clips, consents, turns, forms, bad_sound, *raters)
    voice_pairs = VoicePairs(database, clock, clips, consents, given, few_raters)
    kept_takes = KeptTakes(database, clock, workers, home, promises, turns)
    recovery = Recovery(database, promises, errands, live, changes, home, kept_takes)
    cue_questions = CueQuestions(database, clock, errands, live, consents, stage)
    cuts = Cuts(clock, promises, errands, changes, panels, kept_takes, cue_questions)
    booths = Booths(clock, errands, stage, Connections(database, clock, errands, panels, cuts), attendances)
    cue_choices = CueChoices(database, clock)
    cues = Cues(database, clock, errands, dealt, cue_choices, stage, panels)
    take_clock = TakeClock(database, clock, errands, stage, panels, cues, TakeWatch(clock, workers, panels))
    running = RunningTakes(clock, errands, cuts, take_clock, LastSeconds(database, clock, stage, panels))
    takes = Takes(
        database,
        clock,
        home,
        settings.countdown_seconds,
        errands,
        workers,
        consents,
        changes,
        booths,
        panels,
        cuts,
        running,
        recovery,
    )
    pauses = Pauses(database, clock, promises, errands, live, changes, panels, cuts, take_clock, running)
    x_card = XCard(database, clock, promises, errands, live, changes, panels, cuts)
    ease_off = EaseOff(database, clock, promises, errands, stage, panels)

    sessions = Sessions(
        database,
        clock,
        library,
        errands,
        live,
        open_sessions,
        guilds,
        decks,
        changes,
        booths,
        panels,
        cuts,
        rating_times,
    )

    operators = Operators(database, settings)
    receipts = Receipts(database, clock, guilds, operators, consent_texts, stage.post)
    uses = Uses(database, clock, guilds, stage.post)
    revocations = Revocations(database, home, clock, workers)
    retentions = Retentions(database, home, clock, workers, guilds, stage.post)

    notices, messages = Notices(errands, stage.board), SignUpMessages(database, clock, errands, stage.board)
    reminders = Reminders(database, clock, errands, notices, messages)
    scheduled_changes = ScheduledChanges(database, clock, errands, stage.board, notices, messages, reminders)

    dealing = Dealing(database, library, decks, consents, limits, booths, workers)
    return Services(
        clock=clock,
        stage=stage,
        live=live,
        panels=panels,
        library=library,
        dealt=dealt,
        errands=errands,
        open_sessions=open_sessions,
        guilds=guilds,
        operators=operators,
        decks=decks,
        consents=consents,
        held=Held(database, consents, limits),
        consent_requests=consent_requests,
        erasures=erasures,
        withdrawals=withdrawals,
        personal_copies=PersonalCopies(database, home, workers),
        receipts=receipts,
        uses=uses,
        reviews=Reviews(database, clock, clips),
        retentions=retentions,
        letters=Letters(errands, [receipts.send_due, uses.send_due, revocations.renew_if_due, retentions.do_due]),
        limits=limits,
        limit_requests=limit_requests,
        sessions=sessions,
        sound_checks=SoundChecks(database, clock, home, errands, workers, consents, changes, booths),
        scenes=Scenes(
            database,
            clock,
            library,
            dealt,
            stage,
            changes,
            panels,
            dealing,
        ),
        calibrations=Calibrations(database, clock, library, consents, booths, changes, panels),
        replays=Replays(database, clock, library, dealt, dealing, consents, booths, changes, panels),
        interludes=Interludes(database, clock, library, consents, changes, panels),
        cards=Cards(database, clock, library, dealt, errands, panels),
        aloud=Aloud(workers),
        voices=Voices(database, clock, library, changes),
        prompting=Prompting(database, clock),
        takes=takes,
        cues=cues,
        cue_choices=cue_choices,
        coaching=Coaching(database, clock, stage),
        cue_replies=CueReplies(database, clock, errands, cue_questions),
        cue_questions=cue_questions,
        cuts=cuts,
        strikes=Strikes(database, clock, changes, panels),
        pauses=pauses,
        x_card=x_card,
        ease_off=ease_off,
        presence=Presence(database, clock, errands, live, panels, cuts, pauses, attendances),
        own_voices=OwnVoices(database, clock, live, stage, changes, booths, panels, cuts, pauses, sessions),
        notes=Notes(database, clock),
        ratings=ratings,
        drafts=Drafts(),
        rated_sessions=rated_sessions,
        voice_pairs=voice_pairs,
        offers=Offers(rated_sessions, ratings, voice_pairs, absent_raters),
        waiting_clips=waiting_clips,
        rating_status=RatingStatus(database, clock, workers, dealt, consents, rated_sessions, waiting_clips),
        exported_targets=ExportedTargets(database, clock, rated_sessions, waiting_clips),
        pictures=Pictures(workers),
        rating_times=rating_times,
        invitations=invitations,
        turns=turns,
        exports=Exports(database, home, library, workers, turns, operators),
        profiles=Profiles(database, clock),
        ledger=Ledger(database, clock),
        statements=Statements(database),
        schedules=Schedules(database, clock, guilds, stage.board, messages, reminders, scheduled_changes),
        scheduled_changes=scheduled_changes,
        sign_ups=SignUps(database, clock, consents, notices, messages),
        reminders=reminders,
        rosters=Rosters(database, clock, errands, live, consents, stage.board, messages),
        starting=Starting(
            promises,
            live,
            open_sessions,
            recovery,
            consent_requests,
            limit_requests,
            erasures,
            withdrawals,
            pauses,
            x_card,
            ease_off,
            guilds,
        ),
    )
