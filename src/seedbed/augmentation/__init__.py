"""Copies of records by transforms, at exact shares; sentences from templates with slots."""
