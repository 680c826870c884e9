"""Every error as a sentence that tells a person what to do. A test checks that no error of the domain is missing."""

from __future__ import annotations

from bot.dataset.errors import ExportRefused
from bot.domain import errors
from bot.ui.texts.bot_voice import CHANNEL_FAULTS, deafened_text, permission_names
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.interludes import INTERLUDES
from bot.ui.texts.operator import LABELS
from bot.ui.texts.words import CHANGES, mentions, scale_name, shortened, were_told

_PLAIN: dict[type[errors.PromptbookError], str] = {
    errors.NoPayRate: "This session has no rate of pay. Set one first with `/pay rate`, and name the session in it.",
    errors.MonthInvalid: "Write the month as year and month, for example 2027-03.",
    errors.NoOpenSession: "No session is open here. A coordinator opens one with `/session start`.",
    errors.SessionEnded: "This session is over, so its buttons no longer work.",
    errors.ErasureUnderWay: (
        "Everything about you is being erased, so you cannot consent to anything yet. Try again some minutes "
        "after the current take."
    ),
    errors.NoVoiceChannel: "Join a voice channel first, or name one: `channel:`.",
    errors.NoScene: "No scene has been dealt yet. A coordinator deals one with `/scene deal`.",
    errors.NothingToDeal: (
        "No remaining prompt suits everyone here. Choose another deck in `/settings`, or change who is in the channel."
    ),
    errors.SuggestionUnsuited: "This suggestion does not suit everyone here. Take another one, and do not ask why.",
    errors.EmotionNotHere: (
        "This emotion is not dealt in this scene: it does not suit the prompt, the server's settings, or what the "
        "people on stage play. Choose another one."
    ),
    errors.SceneHasTakes: (
        "This scene has already been played, so its cards can no longer change. Continue with **Next scene**."
    ),
    errors.NotASceneOfItsOwn: (
        "That works only with a scene that was dealt, not with a calibration or a replay. Continue with **Next scene**."
    ),
    errors.NothingToCalibrate: "Everyone here has been recorded with all of it. Continue with **Deal scene**.",
    errors.NoInterlude: "That is over: neither a warm-up, a voice try-out nor a debrief is on.",
    errors.NothingToReplay: "There is no take of a scene to play again. Deal a scene and play it first.",
    errors.ReplayImpossible: (
        "This scene cannot be played again with the people who are here now. Continue with **Next scene**."
    ),
    errors.NothingToRetake: "This scene has no take yet. Start one with **Start take** or `/take start`.",
    errors.NothingToStrike: "This scene has no take to discard.",
    errors.WishEmpty: (
        "Say what to change: `emotion:`, `intensity:`, `character:` or `shift_to:`. "
        "Only the performer sees what was dealt."
    ),
    errors.NotInChannel: "Join the session's voice channel first.",
    errors.NoCue: "No cue is waiting: it has already been given, or no one's emotion shifts in this scene.",
    errors.SessionPaused: "The session is paused. Continue with **Resume** or `/session resume`.",
    errors.SessionNotPaused: "The session is not paused.",
    errors.NoteInvalid: "A note can have 1 to 1,000 characters. Shorten it, or write two.",
    errors.NoCard: "You are not on stage in this scene, so there is no card for you.",
    errors.VoiceRecorded: (
        "This scene is recorded in the voice that you have. Ask for another one when the next scene has been dealt."
    ),
    errors.NoOtherVoice: "Someone holds each of the other voices tonight, so you keep yours.",
    errors.TakeRunning: "A take is running. Cut it first with **Cut** or `/take cut`.",
    errors.SoundCheckRunning: "A sound check is running. Wait a few seconds until it is over.",
    errors.SoundCheckStopped: "The sound check was stopped, so there is no result. Run it again when you are ready.",
    errors.ShiftToItself: "They already play that emotion before the cue, so nothing was changed. Choose another.",
    errors.NoTakeRunning: "No take is running. Start one with **Start take** or `/take start`.",
    errors.TurnsNotFoundYet: "The clips of the last take are not ready yet. Press **Rate** again in a moment.",
    errors.ExportTooEarly: (
        "The clips of the last takes are not ready yet, so nothing was exported. Use `/export` again in a few minutes."
    ),
    errors.NothingToRate: "There is nothing for you to rate right now. Come back after the next take.",
    errors.NothingLeftToRate: "There is nothing left for you to rate in this session. Thank you.",
    errors.RatingOver: "The time for rating this session is over. What was rated is kept.",
    errors.SelfRatingAsPeer: "This is your own turn. Only others can rate it.",
    errors.SelfRatingOfAnother: "This is not your turn, so you cannot say what was felt in it.",
    errors.AlreadyRated: "You have already rated this clip. Your first answer counts.",
    errors.NoSuchTurn: "This clip can no longer be rated.",
    errors.NotACoordinator: "Only coordinators can do this. Ask someone with the coordinator role or Manage Server.",
    errors.NothingScheduled: "No session is scheduled here. A coordinator schedules one with `/session schedule`.",
    errors.SeveralScheduled: "Several sessions are scheduled here. Say which one you mean: `session:`.",
    errors.ScheduledOver: "Sign-up to this session is closed. `/roster` shows who comes to the next one.",
    errors.BoardUnreachable: "Discord did not accept this, so nothing was changed. Try again in a moment.",
    errors.OutsideServer: "Promptbook works on a server, not in direct messages. Use this command there.",
}


_OTHER_CHANGE = "Something else happened"

OLD_FORM = "This form is out of date. Open it again."


def defect_text(code: str) -> str:
    """What to tell a person who ran into a defect; the code locates it in the log."""
    return (
        f"Something went wrong in the bot. Give the operator this code, which is in the log: `{code}`. "
        "What was recorded is kept."
    )


def sentence_of(error: errors.PromptbookError) -> str:
    """What to tell the person who caused an error."""
    if isinstance(error, ExportRefused):
        return str(error)
    plain = _PLAIN.get(type(error))
    return plain if plain is not None else _told_with_facts(error)


def _told_with_facts(error: errors.PromptbookError) -> str:
    match error:
        case errors.ConsentMissing(scope):
            return f"This needs your consent to “{SCOPE_LABELS[scope]}”. Give it with `/consent`."
        case errors.ConsentTextNew():
            return "The consent text has changed since you agreed to it. Read it with `/consent`, and choose again."
        case errors.OperatorUnknown():
            return "Say first who is responsible for the recordings and how to reach them: use `/settings`."
        case errors.OperatorIncomplete(guild, missing):
            fields = ", ".join(LABELS.get(name, name).lower() for name in missing)
            return f"Before recordings are given to anyone, server {guild} must say in `/settings`: {fields}."
        case errors.ConsentIncomplete():
            return (
                "No consent was given: only people aged 18 or over can consent. "
                "If you are, run `/consent` and tick the box."
            )
        case errors.SessionAlreadyOpen(channel):
            return f"A session is already open in <#{channel}>. End it first with `/session end`."
        case errors.VoiceUnreachable(channel):
            return f"Discord did not let the bot into <#{channel}>. Try again in a moment, or use another channel."
        case errors.ChannelUnsuited(channel, fault):
            return CHANNEL_FAULTS[fault].format(channel=f"<#{channel}>")
        case errors.BotDeafened(channel, waits):
            return deafened_text(channel, waits)
        case errors.BotMoved(elsewhere, channel):
            return (
                f"The bot was moved to <#{elsewhere}>, so it hears no one in <#{channel}>. Press **Bring me back**, or "
                "run `/session back`."
            )
        case errors.PermissionMissing(channel, permissions):
            names = permission_names(permissions)
            return f"The bot lacks permissions in <#{channel}>: {names}. Ask someone with Manage Server to grant them."
        case errors.TooFewPerformers(present, needed):
            return (
                f"Too few performers: {needed} needed, {present} in the channel can be recorded. "
                "To play, join the channel and run `/consent`."
            )
        case errors.PromptUnknown(prompt):
            named = shortened(prompt, 100)
            return f"There is no prompt “{named}” in this session's deck. Choose one from the list that appears."
        case errors.CharacterUnknown(character):
            return f"There is no character “{shortened(character, 100)}”. Choose one from the list that appears."
        case errors.CharacterTaken(character):
            return f"Someone else on stage has the voice of “{shortened(character, 100)}”. Choose another character."
        case errors.InterludeRunning(interlude):
            return f"Nothing is recorded in {INTERLUDES[interlude]}. End it first with **Finish**."
        case errors.NotOnStage(user):
            return f"<@{user}> is not on stage in this scene."
        case errors.CueUndelivered(users, told):
            others = f" {were_told(told, 'other performer')}." if told else ""
            return (
                f"{mentions(users)} could not be told: they have not opened their card in the last 15 minutes, and "
                f"they do not accept direct messages. Ask them to press **My card**, then give the cue again.{others}"
            )
        case errors.CoachingInvalid(problem):
            return f"This cannot be sent: {shortened(problem, 500)}."
        case errors.SuggestionInvalid(problem):
            return f"This cannot be dealt: {shortened(problem, 500)}."
        case errors.CoachingUndelivered(user):
            return (
                f"<@{user}> could not be told, so nothing was stored: they have not opened their card in the last "
                "15 minutes, and they do not accept direct messages."
            )
        case errors.SessionChanged(kind):
            return (
                f"{CHANGES.get(kind, _OTHER_CHANGE) if kind else _OTHER_CHANGE} in the meantime, so your press changed "
                "nothing. "
                "Look at the panel, and press again if you still want to."
            )
        case errors.RecordingImpossible(problem):
            return f"Nothing was recorded: the bot cannot write to its home folder ({problem}). Tell the operator."
        case _:
            return _told_about_times(error)


def _told_about_times(error: errors.PromptbookError) -> str:
    match error:
        case errors.DateUnreadable(typed):
            return f"“{shortened(typed, 100)}” is not a date. Write year-month-day, for example `date:2027-03-09`."
        case errors.TimeUnreadable(typed):
            return f"“{shortened(typed, 100)}” is not a time of day. Write hours and minutes, for example `time:19:30`."
        case errors.ZoneUnknown(typed, close):
            meant = (
                f"Did you mean {', '.join(f'`{name}`' for name in close)}" if close else "Name a large city near you"
            )
            end = "?" if close else ", for example `zone:Europe/Berlin`."
            return (
                f"There is no time zone “{shortened(typed, 100)}”. {meant}{end} Choose one from the list that appears."
            )
        case errors.TimeSkipped(time, zone, instead):
            return (
                f"There is no {time} in {zone} on that day, because clocks are set forward over it. Choose another "
                f"time, for example `time:{instead}`."
            )
        case errors.TimeTwice(time, zone, first, second):
            return (
                f"Clocks in {zone} show {time} twice on that day, because they are set back. Say in UTC which one you "
                f"mean: `{first} zone:UTC` is the first, `{second} zone:UTC` the second."
            )
        case errors.TimeTooFar(seconds, is_past):
            if is_past:
                return f"<t:{seconds}:F> is in the past. Choose a later date or time, and check the time zone."
            return f"<t:{seconds}:F> is more than a year ahead. Check the year, or schedule it later."
        case _:
            return _told_about_data(error)


def _told_about_data(error: errors.PromptbookError) -> str:
    match error:
        case errors.AnswerInvalid(item, answer, allowed):
            return f"“{answer}” is not a valid answer for {scale_name(item)}. Allowed: {allowed}."
        case errors.EmotionUnknown(emotion, known):
            there = shortened(", ".join(known), 1500)
            return f"“{shortened(emotion, 100)}” is not in this session's emotion set, which contains: {there}."
        case errors.DataFileInvalid(file, line, problem):
            return f"`{shortened(file, 100)}`, line {line}: {shortened(problem, 1500)}."
        case errors.DataFileUnknown(kind, name, known):
            there = f"Available: {shortened(', '.join(known), 1500)}" if known else "There are none yet"
            return f"There is no “{shortened(name, 100)}” in `{kind}`. {there}."
        case errors.DeckInUse(name):
            return f"The open session deals from “{name}”. End it with `/session end` before you remove the deck."
        case errors.NotARater():
            return _not_a_rater_text(error)
        case errors.CurrencyUnknown(code):
            return f"“{code}” is not the code of a currency. Write its three letters, for example EUR or USD."
        case errors.AmountInvalid(currency, decimals):
            return f"Write the amount in {currency} as a number with at most {decimals} decimals, for example 12."
        case errors.SessionUnknown(number):
            return f"There is no session {number} here." if number else "There are no sessions here yet."
        case _:
            raise NotImplementedError(f"{type(error).__name__} has no sentence.")


def _not_a_rater_text(error: errors.NotARater) -> str:
    role, channel = error.rater_role_id, f"<#{error.voice_channel_id}>"
    if error.is_open:
        others = f", and people with the role <@&{role}>" if role else ""
        return f"Only people who were in {channel} during this session{others} can rate it. Join that channel first."
    missed = f"You were not in {channel} during session {error.session_id}, so you cannot hear or rate its clips."
    wanted = f"the role <@&{role}>" if role else "a rater role, which they choose in `/settings`"
    return f"{missed} Ask a coordinator for {wanted}."
