"""The command line, a module for what belongs together; `bot/__main__` puts it together."""
