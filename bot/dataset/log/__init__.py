"""The log of an evening, for coordinators: what happened, without sound."""
