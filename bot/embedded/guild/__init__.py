"""The guild and what is in it: plain data, its changes, who may do and see what, and how Discord writes it down."""
