"""A synthetic evening and its export, to test what data users load."""
