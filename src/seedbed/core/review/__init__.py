"""Review: what people make of records, kept apart from what the engine made."""
