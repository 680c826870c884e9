-- What performers said of their own turns after hearing them. A turn that is left out is neither rated nor exported, and is
-- silent in tracks and mixes. It is known by its place on the track, because a later search can find other turns there.
CREATE TABLE turn_reviews (
    track_id           INTEGER NOT NULL REFERENCES tracks,
    start_samples      INTEGER NOT NULL,
    end_samples        INTEGER NOT NULL,
    clip_start_samples INTEGER NOT NULL,
    clip_end_samples   INTEGER NOT NULL,
    verdict            TEXT NOT NULL CHECK (verdict IN ('keep', 'leave_out')),
    reviewed_at        TEXT NOT NULL,
    PRIMARY KEY (track_id, start_samples, end_samples)
) WITHOUT ROWID;

-- Performers whose turns no one else is to hear before they have.
CREATE TABLE review_first (
    person_id INTEGER PRIMARY KEY REFERENCES people,
    since     TEXT NOT NULL
);
