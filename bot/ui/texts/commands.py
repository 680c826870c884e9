"""Slash commands as Discord lists them. Their names are in the cogs; a description has at most 100 characters.

`X_PARAMETERS` are the descriptions of the parameters of the command X, by their names.
"""

from __future__ import annotations

from collections.abc import Mapping

CARD = "See your part in the current scene. Only you can see it"
CONSENT = "Read what taking part means, and choose what you consent to"
HELD = "See what this bot holds about you, on every server. Only you can see it"
ME = "Your rights: a copy of everything about you, withdraw consent, erase everything"
ME_EXPORT = "Get everything that this bot holds about you: recordings, ratings, consents. Only you can see it"
ME_WITHDRAW = "Withdraw a consent, or all, on every server, from now on"
ME_WITHDRAW_PARAMETERS: Mapping[str, str] = {"consent": "Which consent; all of them if you leave it out"}
ME_ERASE = "Erase everything that this bot holds about you. It says what will go, and asks once"
LINES = "Choose topics you will not play. Only you can see them"
RATE = "Listen to the next clip and rate it"
ROSTER = "See who comes to the next session, who is on standby, and who was on stage how often"
SETTINGS = "See and change this server's settings: deck, emotions, scene length, cues"

EXPORT = "Export a dataset (clips, tracks, ratings) or the evening's log, with pseudonyms only"
EXPORT_PARAMETERS: Mapping[str, str] = {
    "session": "The session's number; all of this server's sessions if you leave it out",
    "log": "True: only the log, without sound: parts, events, ratings, notes, sound checks",
}

DECK = "Decks that scenes are dealt from"
DECK_IMPORT = "Import a deck. It replaces one of the same name"
DECK_IMPORT_PARAMETERS: Mapping[str, str] = {"file": "A deck as a .toml file; the file's name becomes the deck's name"}
DECK_LIST = "List the decks of this server"
DECK_PREVIEW = "See a deck's titles and topics, without the roles"
DECK_PREVIEW_PARAMETERS: Mapping[str, str] = {"name": "The deck's name"}
DECK_FORGET = "Remove a deck that was imported on this server"
DECK_FORGET_PARAMETERS: Mapping[str, str] = {"name": "The deck's name"}

SCENE = "Deal scenes, change parts, stop"
SCENE_DEAL = "Deal the next scene to the performers in the channel"
SCENE_DEAL_PARAMETERS: Mapping[str, str] = {
    "prompt": "A prompt of your choice; if you leave it out, the bot chooses",
}
SCENE_SUGGEST = "Deal a scene from what the audience suggests: a form for the situation"
SCENE_PROMPT = "Read the prompt of this scene, without anyone's part. Only you can see it"
SCENE_NEXT = "End this scene and deal the next one"
SCENE_REDEAL = "Deal the current scene again, if it has not been played"
SCENE_REDEAL_PARAMETERS = SCENE_DEAL_PARAMETERS
SCENE_REPLAY = "Play the scene again: with other emotions, in gibberish, or with one line"
SCENE_REPLAY_PARAMETERS: Mapping[str, str] = {"mode": "What is different"}
SCENE_PART = "Change one performer's part before the scene is played. The change is logged"
SCENE_PART_PARAMETERS: Mapping[str, str] = {
    "performer": "Whose part",
    "emotion": "The target emotion",
    "intensity": "The task: 1 hide it and it slips out, 2 act on it, 3 it steers you",
    "character": "The character whose voice they hold",
    "shift_to": "The emotion to shift to at a cue",
}
SCENE_EASE = "Ease off: the scene goes on, lighter. No one asks why, no one is told who"
SCENE_STOP = "X-card: stop the scene immediately. No one asks why, no one is told who"

SESSION = "Open, pause and end a session"
SESSION_START = "Open a session: join the voice channel and post the control panel"
SESSION_START_PARAMETERS: Mapping[str, str] = {
    "channel": "The voice channel; yours if you leave it out",
    "deck": "Where prompts come from",
    "emotions": "The emotion set to deal from",
    "seed": "A number that makes the dealing reproducible",
}
SESSION_SCHEDULE = "Schedule a session: create an event, and post a message in which people sign up"
SESSION_SCHEDULE_PARAMETERS: Mapping[str, str] = {
    "date": "The day, as year-month-day: 2027-03-09",
    "time": "The time of day, 0:00 to 23:59: 19:30",
    "title": "What people read, for example the name of the evening",
    "zone": "The time zone of date and time, for example Europe/Berlin; the server's if you leave it out",
    "channel": "The voice channel; yours if you leave it out",
    "minutes": "How long it takes; 120 minutes if you leave it out",
    "performers": "How many places there are; those who sign up later are on standby. 4 if you leave it out",
}
SESSION_RESCHEDULE = "Move a scheduled session to another time or channel, and tell everyone who answered"
SESSION_RESCHEDULE_PARAMETERS: Mapping[str, str] = {
    "date": "The new day, as year-month-day: 2027-03-09",
    "time": "The new time of day, 0:00 to 23:59: 19:30",
    "zone": "The time zone of date and time; the one in which it was scheduled if you leave it out",
    "minutes": "How long it takes now",
    "channel": "The voice channel, if it is another one now",
    "session": "Which one, if several are scheduled",
}
SESSION_CANCEL = "Cancel a scheduled session, and tell everyone who comes or is on standby"
SESSION_CANCEL_PARAMETERS: Mapping[str, str] = {"session": "Which one, if several are scheduled"}
SESSION_SOUNDCHECK = "Sound check: listen to everyone for a few seconds, and report how each sounds"
SESSION_SOUNDCHECK_PARAMETERS: Mapping[str, str] = {"seconds": "How many seconds to listen; 8 if you leave it out"}
SESSION_WARMUP = "Warm-up: one exercise after the other. Nothing is recorded"
SESSION_VOICES = "Voice try-out: everyone tries the voice they hold tonight. Nothing is recorded"
SESSION_DEBRIEF = "Debrief: leave the roles, with something to think about in private. Nothing is recorded"
SESSION_FINISH = "End the warm-up, the voice try-out or the debrief"
SESSION_CALIBRATE = "Calibrate: record how the next performer sounds when nothing is played"
SESSION_PANEL = "Post the control panel again, at the bottom of the session's chat"
SESSION_PAUSE = "Pause the session: nothing is dealt or recorded, a running take waits"
SESSION_PAUSE_PARAMETERS: Mapping[str, str] = {
    "minutes": "A break: the panel shows when it ends; you resume by hand",
}
SESSION_RESUME = "Resume a paused session"
SESSION_BACK = "Bring the bot back into the session's channel after someone moved it"
SESSION_NOTE = "Write a note. It is saved with the current time in the running take"
SESSION_NOTE_PARAMETERS: Mapping[str, str] = {"text": "What you noticed"}
SESSION_NOTES = "Read the notes of this session. Only you can see them"
SESSION_END = "End the session: cut the take, leave the channel, and sum up"

TAKE = "Record takes"
TAKE_START = "Start a take: a countdown, then one track per performer"
TAKE_CUE = "Give the cue: performers whose emotion shifts in this scene are told in private"
TAKE_COACH = "Side-coach: tell one performer something in private, in the middle of the take"
TAKE_COACH_PARAMETERS: Mapping[str, str] = {
    "performer": "Who is told",
    "text": "What they read, in at most 200 characters",
}
TAKE_CUT = "Cut the take that is running, and keep it"
TAKE_RETAKE = "Play the scene again. Earlier takes are kept"
TAKE_STRIKE = "Leave the last take out of the dataset, or restore it"

PAY = "Rates of pay, corrections, and statements"
PAY_RATE = "See the rate of pay, or set it for the sessions that start from now on"
PAY_RATE_PARAMETERS: Mapping[str, str] = {
    "currency": "The currency's code, for example EUR; leave it out to see the rate that is in force",
    "stage": "What an hour on stage is paid, for example 24.50",
    "rating": "What an hour of rating is paid",
    "share": "The share of proceeds, in per cent, that goes to the people who were on stage",
    "first_session": "The number of the first session to which this applies, if it is an earlier one",
}
PAY_CORRECT = "Add an amount to someone's pay for a session, or take it off, with a reason"
PAY_CORRECT_PARAMETERS: Mapping[str, str] = {
    "session": "The session's number",
    "person": "Whose pay it is",
    "amount": "The amount, for example 5 or -2.50",
    "reason": "Why; the person reads it in their statement",
}
PAY_PROCEEDS = "Enter what a session earned, so that the people on stage get their share"
PAY_PROCEEDS_PARAMETERS: Mapping[str, str] = {
    "session": "The session's number",
    "amount": "The amount, in the currency of the session's rate",
    "reason": "What it was earned with",
}
PAY_STATEMENT = "Get a statement of everyone's time and pay as a CSV file. Only you can see it"
PAY_STATEMENT_PARAMETERS: Mapping[str, str] = {
    "session": "The session's number; all sessions of this server if you leave it out",
    "month": "Only sessions that started in this month, for example 2027-03",
}
PAY_MINE = "See your own time and pay, on every server. Only you can see it"

PRIVACY = "Read the privacy notice of the people who run this bot"
PRIVACY_PARAMETERS: Mapping[str, str] = {"notice": "For coordinators: the address or the text that everyone reads here"}

PROFILE = "Say what you want to say about yourself, or delete it. Every answer is optional"
