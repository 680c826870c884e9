"""Every error as a sentence that tells a person what to do. A test checks that no error of the domain is missing."""

from __future__ import annotations

from bot.dataset.errors import ExportRefused
from bot.domain import errors
from bot.ui.texts.bot_voice import CHANNEL_FAULTS, deafened_text, permission_names
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.interludes import UNRECORDED
from bot.ui.texts.language import phrase, say, say_all, say_count
from bot.ui.texts.operator import LABELS
from bot.ui.texts.words import CHANGES, mentions, scale_name, shortened

_PLAIN: dict[type[errors.PromptbookError], str] = {
    errors.NoPayRate: phrase(
        "This session has no rate of pay. Set one first with `/pay rate`, and name the session in it."
    ),
    errors.MonthInvalid: phrase("Write the month as year and month, for example 2027-03."),
    errors.NoOpenSession: phrase("No session is open here. A coordinator opens one with `/session start`."),
    errors.SessionEnded: phrase("This session is over, so its buttons no longer work."),
    errors.ErasureUnderWay: phrase(
        "Everything about you is being erased, so you cannot consent to anything yet. Try again some minutes "
        "after the current take."
    ),
    errors.NoVoiceChannel: phrase("Join a voice channel first, or name one: `channel:`."),
    errors.NoScene: phrase("No scene has been dealt yet. A coordinator deals one with `/scene deal`."),
    errors.NothingToDeal: phrase(
        "No remaining prompt suits everyone here. Choose another deck in `/settings`, or change who is in the channel."
    ),
    errors.SuggestionUnsuited: phrase(
        "This suggestion does not suit everyone here. Take another one, and do not ask why."
    ),
    errors.EmotionNotHere: phrase(
        "This emotion is not dealt in this scene: it does not suit the prompt, the server's settings, or what the "
        "people on stage play. Choose another one."
    ),
    errors.SceneHasTakes: phrase(
        "This scene has already been played, so its cards can no longer change. Continue with **Next scene**."
    ),
    errors.NotASceneOfItsOwn: phrase(
        "That works only with a scene that was dealt, not with a calibration or a replay. Continue with **Next scene**."
    ),
    errors.NothingToCalibrate: phrase("Everyone here has been recorded with all of it. Continue with **Deal scene**."),
    errors.NoInterlude: phrase("That is over: neither a warm-up, a voice try-out nor a debrief is on."),
    errors.NothingToReplay: phrase("There is no take of a scene to play again. Deal a scene and play it first."),
    errors.ReplayImpossible: phrase(
        "This scene cannot be played again with the people who are here now. Continue with **Next scene**."
    ),
    errors.NothingToRetake: phrase("This scene has no take yet. Start one with **Start take** or `/take start`."),
    errors.NothingToStrike: phrase("This scene has no take to discard."),
    errors.WishEmpty: phrase(
        "Say what to change: `emotion:`, `intensity:`, `character:` or `shift_to:`. "
        "Only the performer sees what was dealt."
    ),
    errors.NotInChannel: phrase("Join the session's voice channel first."),
    errors.NoCue: phrase("No cue is waiting: it has already been given, or no one's emotion shifts in this scene."),
    errors.SessionPaused: phrase("The session is paused. Continue with **Resume** or `/session resume`."),
    errors.SessionNotPaused: phrase("The session is not paused."),
    errors.NoteInvalid: phrase("A note can have 1 to 1,000 characters. Shorten it, or write two."),
    errors.NoCard: phrase("You are not on stage in this scene, so there is no card for you."),
    errors.VoiceRecorded: phrase(
        "This scene is recorded in the voice that you have. Ask for another one when the next scene has been dealt."
    ),
    errors.NoOtherVoice: phrase("Someone holds each of the other voices tonight, so you keep yours."),
    errors.TakeRunning: phrase("A take is running. Cut it first with **Cut** or `/take cut`."),
    errors.SoundCheckRunning: phrase("A sound check is running. Wait a few seconds until it is over."),
    errors.SoundCheckStopped: phrase(
        "The sound check was stopped, so there is no result. Run it again when you are ready."
    ),
    errors.ShiftToItself: phrase(
        "They already play that emotion before the cue, so nothing was changed. Choose another."
    ),
    errors.NoTakeRunning: phrase("No take is running. Start one with **Start take** or `/take start`."),
    errors.TurnsNotFoundYet: phrase("The clips of the last take are not ready yet. Press **Rate** again in a moment."),
    errors.ExportTooEarly: phrase(
        "The clips of the last takes are not ready yet, so nothing was exported. Use `/export` again in a few minutes."
    ),
    errors.LogIsWhole: phrase(
        "A log has no sound, and stays with the people who run this bot: leave out `purpose`, `recipient` and "
        "`derived_only`, or `log`."
    ),
    errors.NothingToReview: phrase("There is no turn of yours that you have not heard here yet."),
    errors.NothingToRate: phrase("There is nothing for you to rate right now. Come back after the next take."),
    errors.NothingLeftToRate: phrase("There is nothing left for you to rate in this session. Thank you."),
    errors.ClipsWithOthers: phrase(
        "Other raters have the clips that are left for you right now. Press **Rate** again in a few minutes."
    ),
    errors.InvitationClosed: phrase("This invitation is closed. What was rated is kept."),
    errors.RatingOver: phrase("The time for rating this session is over. What was rated is kept."),
    errors.SelfRatingAsPeer: phrase("This is your own turn. Only others can rate it."),
    errors.SelfRatingOfAnother: phrase("This is not your turn, so you cannot say what was felt in it."),
    errors.AlreadyRated: phrase("You have already rated this clip. Your first answer counts."),
    errors.TrialOfAnother: phrase("This clip was given to someone else. Press **Rate** for one of your own."),
    errors.ClipOutOfDate: phrase(
        "This is from before an update of the bot, so it can no longer be used. Press **Rate** to go on."
    ),
    errors.EnoughRatings: phrase(
        "This clip has been rated by others in the meantime, so your answers were not kept. Press **Rate** for another."
    ),
    errors.NoSuchTurn: phrase("This clip can no longer be rated."),
    errors.NotACoordinator: phrase(
        "Only coordinators can do this. Ask someone with the coordinator role or Manage Server."
    ),
    errors.NothingScheduled: phrase(
        "No session is scheduled here. A coordinator schedules one with `/session schedule`."
    ),
    errors.SeveralScheduled: phrase("Several sessions are scheduled here. Say which one you mean: `session:`."),
    errors.ScheduledOver: phrase("Sign-up to this session is closed. `/roster` shows who comes to the next one."),
    errors.BoardUnreachable: phrase("Discord did not accept this, so nothing was changed. Try again in a moment."),
    errors.OutsideServer: phrase("Promptbook works on a server, not in direct messages. Use this command there."),
}


_OTHER_CHANGE = phrase("Something else happened")

OLD_FORM = phrase("This form is out of date. Open it again.")


def defect_text(code: str) -> str:
    """What to tell a person who ran into a defect; the code locates it in the log."""
    return say(
        "Something went wrong in the bot. Give the operator this code, which is in the log: `{code}`. What was "
        "recorded is kept.",
        code=code,
    )


def sentence_of(error: errors.PromptbookError) -> str:
    """What to tell the person who caused an error."""
    if isinstance(error, ExportRefused):
        return str(error)
    plain = _PLAIN.get(type(error))
    return _told_with_facts(error) if plain is None else say(plain)


def _told_with_facts(error: errors.PromptbookError) -> str:
    match error:
        case errors.ConsentMissing(scope):
            return say("This needs your consent to “{scope}”. Give it with `/consent`.", scope=say(SCOPE_LABELS[scope]))
        case errors.ConsentTextNew():
            return say(
                "The consent text has changed since you agreed to it. Read it with `/consent`, and choose again."
            )
        case errors.OperatorUnknown():
            return say("Say first who is responsible for the recordings and how to reach them: use `/settings`.")
        case errors.OperatorIncomplete(guild, missing):
            return say(
                "Before recordings are given to anyone, server {guild} must say in `/settings`: {fields}.",
                guild=guild,
                fields=", ".join(say(LABELS[name]).lower() if name in LABELS else name for name in missing),
            )
        case errors.ConsentIncomplete():
            return say(
                "No consent was given: only people aged 18 or over can consent. If you are, run `/consent` and tick "
                "the box."
            )
        case errors.SessionAlreadyOpen(channel):
            return say(
                "A session is already open in {channel}. End it first with `/session end`.", channel=f"<#{channel}>"
            )
        case errors.VoiceUnreachable(channel):
            return say(
                "Discord did not let the bot into {channel}. Try again in a moment, or use another channel.",
                channel=f"<#{channel}>",
            )
        case errors.ChannelUnsuited(channel, fault):
            return say(CHANNEL_FAULTS[fault], channel=f"<#{channel}>")
        case errors.BotDeafened(channel, waits):
            return deafened_text(channel, waits)
        case errors.BotMoved(elsewhere, channel):
            return say(
                "The bot was moved to {elsewhere}, so it hears no one in {channel}. Press **Bring me back**, or run "
                "`/session back`.",
                elsewhere=f"<#{elsewhere}>",
                channel=f"<#{channel}>",
            )
        case errors.PermissionMissing(channel, permissions):
            return say(
                "The bot lacks permissions in {channel}: {permissions}. Ask someone with Manage Server to grant them.",
                channel=f"<#{channel}>",
                permissions=permission_names(permissions),
            )
        case errors.RecordingImpossible(problem):
            return say(
                "Nothing was recorded: the bot cannot write to its home folder ({problem}). Tell the operator.",
                problem=problem,
            )
        case _:
            return _told_about_scenes(error)


def _told_about_scenes(error: errors.PromptbookError) -> str:
    match error:
        case errors.TooFewPerformers(present, needed):
            return say(
                "Too few performers: {needed} needed, {present} in the channel can be recorded. To play, join the "
                "channel and run `/consent`.",
                needed=needed,
                present=present,
            )
        case errors.PromptUnknown(prompt):
            return say(
                "There is no prompt “{prompt}” in this session's deck. Choose one from the list that appears.",
                prompt=shortened(prompt, 100),
            )
        case errors.CharacterUnknown(character):
            return say(
                "There is no character “{character}”. Choose one from the list that appears.",
                character=shortened(character, 100),
            )
        case errors.CharacterTaken(character):
            return say(
                "Someone else on stage has the voice of “{character}”. Choose another character.",
                character=shortened(character, 100),
            )
        case errors.InterludeRunning(interlude):
            return say(UNRECORDED[interlude])
        case errors.NotOnStage(user):
            return say("{performer} is not on stage in this scene.", performer=f"<@{user}>")
        case errors.CueUndelivered(users, told):
            return _cue_undelivered_text(mentions(users), told)
        case errors.CoachingInvalid(problem):
            return say("This cannot be sent: {problem}.", problem=shortened(problem, 500))
        case errors.SuggestionInvalid(problem):
            return say("This cannot be dealt: {problem}.", problem=shortened(problem, 500))
        case errors.CoachingUndelivered(user):
            return say(
                "{performer} could not be told, so nothing was stored: they have not opened their card in the last 15 "
                "minutes, and they do not accept direct messages.",
                performer=f"<@{user}>",
            )
        case errors.SessionChanged(kind):
            return say(
                "{change} in the meantime, so your press changed nothing. Look at the panel, and press again if you "
                "still want to.",
                change=say(CHANGES.get(kind, _OTHER_CHANGE) if kind else _OTHER_CHANGE),
            )
        case _:
            return _told_about_times(error)


def _cue_undelivered_text(who: str, told: int) -> str:
    text = say(
        "{who} could not be told: they have not opened their card in the last 15 minutes, and they do not accept "
        "direct messages. Ask them to press **My card**, then give the cue again.",
        who=who,
    )
    if not told:
        return text
    others = say_count("{number} other performer was told.", "{number} other performers were told.", told)
    return f"{text} {others}"


def _told_about_times(error: errors.PromptbookError) -> str:
    match error:
        case errors.DateUnreadable(typed):
            return say(
                "“{typed}” is not a date. Write year-month-day, for example `date:2027-03-09`.",
                typed=shortened(typed, 100),
            )
        case errors.TimeUnreadable(typed):
            return say(
                "“{typed}” is not a time of day. Write hours and minutes, for example `time:19:30`.",
                typed=shortened(typed, 100),
            )
        case errors.ZoneUnknown(typed, close):
            return _zone_unknown_text(shortened(typed, 100), ", ".join(f"`{name}`" for name in close))
        case errors.TimeSkipped(time, zone, instead):
            return say(
                "There is no {time} in {zone} on that day, because clocks are set forward over it. Choose another "
                "time, for example `time:{instead}`.",
                time=time,
                zone=zone,
                instead=instead,
            )
        case errors.TimeTwice(time, zone, first, second):
            return say(
                "Clocks in {zone} show {time} twice on that day, because they are set back. Say in UTC which one you "
                "mean: `{first} zone:UTC` is the first, `{second} zone:UTC` the second.",
                time=time,
                zone=zone,
                first=first,
                second=second,
            )
        case errors.TimeTooFar(seconds, is_past):
            when = f"<t:{seconds}:F>"
            if is_past:
                return say("{when} is in the past. Choose a later date or time, and check the time zone.", when=when)
            return say("{when} is more than a year ahead. Check the year, or schedule it later.", when=when)
        case _:
            return _told_about_data(error)


def _zone_unknown_text(typed: str, close: str) -> str:
    if close:
        return say(
            "There is no time zone “{typed}”. Did you mean {close}? Choose one from the list that appears.",
            typed=typed,
            close=close,
        )
    return say(
        "There is no time zone “{typed}”. Name a large city near you, for example `zone:Europe/Berlin`. Choose one "
        "from the list that appears.",
        typed=typed,
    )


def _told_about_data(error: errors.PromptbookError) -> str:
    match error:
        case errors.AnswerInvalid(item, answer, allowed):
            return say(
                "“{answer}” is not a valid answer for {item}. Allowed: {allowed}.",
                answer=answer,
                item=scale_name(item),
                allowed=allowed,
            )
        case errors.EmotionUnknown(emotion, known):
            return say(
                "“{emotion}” is not in this session's emotion set, which contains: {known}.",
                emotion=shortened(emotion, 100),
                known=shortened(", ".join(known), 1500),
            )
        case errors.DataFileInvalid(file, line, problem):
            return say(
                "`{file}`, line {line}: {problem}.",
                file=shortened(file, 100),
                line=line,
                problem=shortened(problem, 1500),
            )
        case errors.DataFileUnknown(kind, name, known):
            return _data_file_unknown_text(kind, name, shortened(", ".join(known), 1500))
        case errors.DeckInUse(name):
            return say(
                "The open session deals from “{name}”. End it with `/session end` before you remove the deck.",
                name=name,
            )
        case errors.TargetsKnown(number):
            return say(
                "You have seen what was dealt in session {number}, so you no longer rate it: raters must not know it.",
                number=number,
            )
        case errors.TargetsWouldShow(left):
            return say(
                "An export shows what was dealt, and raters must not know it. You can still rate session {sessions}. "
                "With `targets:True`, you get the export now, and can then no longer rate.",
                sessions=say_all([_left_text(session, clips) for session, clips in left.items()]),
            )
        case errors.NotARater():
            return _not_a_rater_text(error)
        case errors.CurrencyUnknown(code):
            return say(
                "“{code}” is not the code of a currency. Write its three letters, for example EUR or USD.", code=code
            )
        case errors.AmountInvalid(currency, decimals):
            return say(
                "Write the amount in {currency} as a number with at most {decimals} decimals, for example 12.",
                currency=currency,
                decimals=decimals,
            )
        case errors.SessionUnknown(number):
            if number:
                return say("There is no session {number} here.", number=number)
            return say("There are no sessions here yet.")
        case errors.LanguageUnknown(tag, known):
            return _language_unknown_text(shortened(tag, 100), ", ".join(known))
        case errors.LanguageIncomplete(tag, file):
            return say(
                "No session can be held in “{tag}”, because `{file}` is missing. Add that file, or choose another "
                "language.",
                tag=tag,
                file=file,
            )
        case _:
            raise NotImplementedError(f"{type(error).__name__} has no sentence.")


def _data_file_unknown_text(kind: str, name: str, known: str) -> str:
    if known:
        return say("There is no “{name}” in `{kind}`. Available: {known}.", name=name, kind=kind, known=known)
    return say("There is no “{name}” in `{kind}`. There are none yet.", name=name, kind=kind)


def _language_unknown_text(tag: str, known: str) -> str:
    return say("There is no language “{tag}” here. Available: {known}.", tag=tag, known=known)


def _not_a_rater_text(error: errors.NotARater) -> str:
    channel, number = f"<#{error.voice_channel_id}>", error.session_id
    role = f"<@&{error.rater_role_id}>" if error.rater_role_id else ""
    if error.is_open and role:
        return say(
            "Only people who were in {channel} during this session, and people with the role {role} can rate it. Join "
            "that channel first.",
            channel=channel,
            role=role,
        )
    if error.is_open:
        return say(
            "Only people who were in {channel} during this session can rate it. Join that channel first.",
            channel=channel,
        )
    missed = say(
        "You were not in {channel} during session {number}, so you cannot hear or rate its clips.",
        channel=channel,
        number=number,
    )
    if role:
        return f"{missed} {say('Ask a coordinator for the role {role}.', role=role)}"
    chosen = say("Ask a coordinator for a rater role, which they choose in `/settings`.")
    return f"{missed} {chosen}"


def _left_text(session: int, clips: int) -> str:
    if not clips:
        return str(session)
    return say_count("{session} ({number} clip left)", "{session} ({number} clips left)", clips, session=session)
