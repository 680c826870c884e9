"""Events: what is logged, with which details, and which of them an export can contain."""
