-- The session that a sound is from, whose server's consents decide whether it may still be used. Null in versions from
-- before this column.
ALTER TABLE released_sounds ADD COLUMN session_id INTEGER;
