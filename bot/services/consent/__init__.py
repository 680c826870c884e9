"""Consent: what is in force, and what people ask for."""
