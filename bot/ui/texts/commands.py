"""Slash commands as Discord lists them. Their names are in the cogs; a description has at most 100 characters.

`X_PARAMETERS` are the descriptions of the parameters of the command X, by their names.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.ui.texts.language import phrase

CARD = phrase("See your part in the current scene. Only you can see it")
CUES = phrase("Choose how cues reach you: under your card, as a direct message, or read aloud. Only you can see it")
CUES_PARAMETERS: Mapping[str, str] = {"way": phrase("How; the bot says how they reach you now if you leave it out")}
CONSENT = phrase("Read what taking part means, and choose what you consent to")
HELD = phrase("See what this bot holds about you, on every server. Only you can see it")
ME = phrase("Your rights: a copy of everything about you, withdraw consent, erase everything")
ME_EXPORT = phrase("Get everything that this bot holds about you: recordings, ratings, consents. Only you can see it")
ME_RECEIPT = phrase("Get a receipt: what you consented to and withdrew, what holds now, and whom to ask")
ME_USES = phrase("See what your recordings were used for, and who was given them. Only you can see it")
ME_REVIEW = phrase("Hear your own turns, one after the other, and keep each or not. Only you can hear them")
ME_WITHDRAW = phrase("Withdraw a consent, or all, on every server, from now on")
ME_WITHDRAW_PARAMETERS: Mapping[str, str] = {"consent": phrase("Which consent; all of them if you leave it out")}
ME_ERASE = phrase("Erase everything that this bot holds about you. It says what will go, and asks once")
LINES = phrase("Choose topics you will not play. Only you can see them")
RATE = phrase("Listen to the next clip and rate it")
RATINGS = phrase("The ratings of a session: how they stand, and inviting more raters")
RATINGS_STATUS = phrase("See how the rating of a session stands: progress, agreement, who is still to be asked")
RATINGS_STATUS_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number; the open or newest one if you leave it out"),
    "targets": phrase("True: also what was dealt. While it can be rated, you then no longer rate this session"),
}
RATINGS_INVITE = phrase("Post a message in which people who were not there can rate a session")
RATINGS_INVITE_PARAMETERS: Mapping[str, str] = {
    "channel": phrase("Where; in the session's channel if you leave it out"),
    "session": phrase("The session's number; the open or newest one if you leave it out"),
}
RATINGS_CLOSE = phrase("Close the invitations to rate a session. What was rated is kept")
RATINGS_CLOSE_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number; the open or newest one if you leave it out"),
}
ROSTER = phrase("See who comes to the next session, who is on standby, and who was on stage how often")
SETTINGS = phrase("See and change this server's settings: deck, emotions, scene length, cues")

EXPORT = phrase("Export a dataset (clips, tracks, ratings) or the evening's log, with pseudonyms only")
EXPORT_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number; all of this server's sessions if you leave it out"),
    "log": phrase("True: only the log, without sound: parts, events, ratings, notes, sound checks"),
    "purpose": phrase("Only what each performer permits for this purpose. Without one, the dataset stays here"),
    "recipient": phrase("Only what each performer directs to this recipient, by name; everyone in it is told"),
    "derived_only": phrase("True: only features and labels, without any sound"),
    "targets": phrase("True: although you can still rate, which you then no longer can"),
}

DECK = phrase("Decks that scenes are dealt from")
DECK_IMPORT = phrase("Import a deck. It replaces one of the same name")
DECK_IMPORT_PARAMETERS: Mapping[str, str] = {
    "file": phrase("A deck as a .toml file; the file's name becomes the deck's name")
}
DECK_LIST = phrase("List the decks of this server")
DECK_PREVIEW = phrase("See a deck's titles and topics, without the roles")
DECK_PREVIEW_PARAMETERS: Mapping[str, str] = {"name": phrase("The deck's name")}
DECK_FORGET = phrase("Remove a deck that was imported on this server")
DECK_FORGET_PARAMETERS: Mapping[str, str] = {"name": phrase("The deck's name")}

SCENE = phrase("Deal scenes, change parts, stop")
SCENE_DEAL = phrase("Deal the next scene to the performers in the channel")
SCENE_DEAL_PARAMETERS: Mapping[str, str] = {
    "prompt": phrase("A prompt of your choice; if you leave it out, the bot chooses"),
}
SCENE_SUGGEST = phrase("Deal a scene from what the audience suggests: a form for the situation")
SCENE_PROMPT = phrase("Read the prompt of this scene, without anyone's part. Only you can see it")
SCENE_NEXT = phrase("End this scene and deal the next one")
SCENE_REDEAL = phrase("Deal the current scene again, if it has not been played")
SCENE_REDEAL_PARAMETERS = SCENE_DEAL_PARAMETERS
SCENE_REPLAY = phrase("Play the scene again: with other emotions, in gibberish, or with one line")
SCENE_REPLAY_PARAMETERS: Mapping[str, str] = {"mode": phrase("What is different")}
SCENE_PART = phrase("Change one performer's part before the scene is played. The change is logged")
SCENE_PART_PARAMETERS: Mapping[str, str] = {
    "performer": phrase("Whose part"),
    "emotion": phrase("The target emotion"),
    "intensity": phrase("The task: 1 hide it and it slips out, 2 act on it, 3 it steers you"),
    "character": phrase("The character whose voice they hold"),
    "shift_to": phrase("The emotion to shift to at a cue"),
}
SCENE_EASE = phrase("Ease off: the scene goes on, lighter. No one asks why, no one is told who")
SCENE_STOP = phrase("X-card: stop the scene immediately. No one asks why, no one is told who")

SESSION = phrase("Open, pause and end a session")
SESSION_START = phrase("Open a session: join the voice channel and post the control panel")
SESSION_START_PARAMETERS: Mapping[str, str] = {
    "channel": phrase("The voice channel; yours if you leave it out"),
    "deck": phrase("Where prompts come from"),
    "emotions": phrase("The emotion set to deal from"),
    "instrument": phrase("What raters are asked; core if you leave it out"),
    "language": phrase("The language of texts and screens; the server's if you leave it out"),
    "seed": phrase("A number that makes the dealing reproducible"),
}
SESSION_SCHEDULE = phrase("Schedule a session: create an event, and post a message in which people sign up")
SESSION_SCHEDULE_PARAMETERS: Mapping[str, str] = {
    "date": phrase("The day, as year-month-day: 2027-03-09"),
    "time": phrase("The time of day, 0:00 to 23:59: 19:30"),
    "title": phrase("What people read, for example the name of the evening"),
    "zone": phrase("The time zone of date and time, for example Europe/Berlin; the server's if you leave it out"),
    "channel": phrase("The voice channel; yours if you leave it out"),
    "minutes": phrase("How long it takes; 120 minutes if you leave it out"),
    "performers": phrase("How many places there are; those who sign up later are on standby. 4 if you leave it out"),
}
SESSION_RESCHEDULE = phrase("Move a scheduled session to another time or channel, and tell everyone who answered")
SESSION_RESCHEDULE_PARAMETERS: Mapping[str, str] = {
    "date": phrase("The new day, as year-month-day: 2027-03-09"),
    "time": phrase("The new time of day, 0:00 to 23:59: 19:30"),
    "zone": phrase("The time zone of date and time; the one in which it was scheduled if you leave it out"),
    "minutes": phrase("How long it takes now"),
    "channel": phrase("The voice channel, if it is another one now"),
    "session": phrase("Which one, if several are scheduled"),
}
SESSION_CANCEL = phrase("Cancel a scheduled session, and tell everyone who comes or is on standby")
SESSION_CANCEL_PARAMETERS: Mapping[str, str] = {"session": phrase("Which one, if several are scheduled")}
SESSION_SOUNDCHECK = phrase("Sound check: listen to everyone for a few seconds, and report how each sounds")
SESSION_SOUNDCHECK_PARAMETERS: Mapping[str, str] = {
    "seconds": phrase("How many seconds to listen; 8 if you leave it out")
}
SESSION_WARMUP = phrase("Warm-up: one exercise after the other. Nothing is recorded")
SESSION_VOICES = phrase("Voice try-out: everyone tries the voice they hold tonight. Nothing is recorded")
SESSION_DEBRIEF = phrase("Debrief: leave the roles, with something to think about in private. Nothing is recorded")
SESSION_FINISH = phrase("End the warm-up, the voice try-out or the debrief")
SESSION_CALIBRATE = phrase("Calibrate: record how the next performer sounds when nothing is played")
SESSION_PANEL = phrase("Post the control panel again, at the bottom of the session's chat")
SESSION_PAUSE = phrase("Pause the session: nothing is dealt or recorded, a running take waits")
SESSION_PAUSE_PARAMETERS: Mapping[str, str] = {
    "minutes": phrase("A break: the panel shows when it ends; you resume by hand"),
}
SESSION_RESUME = phrase("Resume a paused session")
SESSION_BACK = phrase("Bring the bot back into the session's channel after someone moved it")
SESSION_NOTE = phrase("Write a note. It is saved with the current time in the running take")
SESSION_NOTE_PARAMETERS: Mapping[str, str] = {"text": phrase("What you noticed")}
SESSION_NOTES = phrase("Read the notes of this session. Only you can see them")
SESSION_END = phrase("End the session: cut the take, leave the channel, and sum up")

TAKE = phrase("Record takes")
TAKE_START = phrase("Start a take: a countdown, then one track per performer")
TAKE_CUE = phrase("Give the cue: performers whose emotion shifts in this scene are told in private")
TAKE_COACH = phrase("Side-coach: tell one performer something in private, in the middle of the take")
TAKE_COACH_PARAMETERS: Mapping[str, str] = {
    "performer": phrase("Who is told"),
    "text": phrase("What they read, in at most 200 characters"),
}
TAKE_CUT = phrase("Cut the take that is running, and keep it")
TAKE_RETAKE = phrase("Play the scene again. Earlier takes are kept")
TAKE_STRIKE = phrase("Leave the last take out of the dataset, or restore it")

PAY = phrase("Rates of pay, corrections, and statements")
PAY_RATE = phrase("See the rate of pay, or set it for the sessions that start from now on")
PAY_RATE_PARAMETERS: Mapping[str, str] = {
    "currency": phrase("The currency's code, for example EUR; leave it out to see the rate that is in force"),
    "stage": phrase("What an hour on stage is paid, for example 24.50"),
    "rating": phrase("What an hour of rating is paid"),
    "share": phrase("The share of proceeds, in per cent, that goes to the people who were on stage"),
    "first_session": phrase("The number of the first session to which this applies, if it is an earlier one"),
}
PAY_CORRECT = phrase("Add an amount to someone's pay for a session, or take it off, with a reason")
PAY_CORRECT_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number"),
    "person": phrase("Whose pay it is"),
    "amount": phrase("The amount, for example 5 or -2.50"),
    "reason": phrase("Why; the person reads it in their statement"),
}
PAY_PROCEEDS = phrase("Enter what a session earned, so that the people on stage get their share")
PAY_PROCEEDS_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number"),
    "amount": phrase("The amount, in the currency of the session's rate"),
    "reason": phrase("What it was earned with"),
}
PAY_STATEMENT = phrase("Get a statement of everyone's time and pay as a CSV file. Only you can see it")
PAY_STATEMENT_PARAMETERS: Mapping[str, str] = {
    "session": phrase("The session's number; all sessions of this server if you leave it out"),
    "month": phrase("Only sessions that started in this month, for example 2027-03"),
}
PAY_MINE = phrase("See your own time and pay, on every server. Only you can see it")

PRIVACY = phrase("Read the privacy notice of the people who run this bot")
PRIVACY_PARAMETERS: Mapping[str, str] = {
    "notice": phrase("For coordinators: the address or the text that everyone reads here")
}

PROFILE = phrase("Say what you want to say about yourself, or delete it. Every answer is optional")
