"""The command line: one module per group of commands. `bot/__main__` registers them."""
