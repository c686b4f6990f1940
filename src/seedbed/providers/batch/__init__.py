"""Asking in batches: many requests handed over at once, answered within hours, at half the price."""
