"""Review: records are looked at, decided on, corrected, and handed over."""
