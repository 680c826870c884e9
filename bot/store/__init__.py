"""SQLite: the schema, its migrations and all SQL, with one module per group of tables."""
