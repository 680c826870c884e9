"""SQLite: the schema, its migrations and all SQL, one module a table group."""
