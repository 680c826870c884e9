"""The end of takes: cut, kept in the store, closed after a process that was killed."""
