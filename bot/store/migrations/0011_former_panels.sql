-- A panel that was posted again is deleted after the new one is there; until then the session remembers it.
ALTER TABLE sessions ADD COLUMN former_panel_message_id INTEGER;
