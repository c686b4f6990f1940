"""Commands for what people do with records: review them, hand them over as tasks."""
