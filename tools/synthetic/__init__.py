"""A synthetic evening and its export, for checks of what data users load."""
