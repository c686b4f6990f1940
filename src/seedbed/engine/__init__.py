"""The engine: plans attempts, runs them, admits records, keeps the accounts."""
