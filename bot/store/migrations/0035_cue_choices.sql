-- How a performer wants to be sent their cues, if not under their card. Only this person may see it.
CREATE TABLE cue_choices (
    person_id INTEGER PRIMARY KEY REFERENCES people,
    way       TEXT NOT NULL CHECK (way IN ('message', 'sound')),
    chosen_at TEXT NOT NULL
);
