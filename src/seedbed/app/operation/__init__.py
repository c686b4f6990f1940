"""What keeps a workspace going: logs, backups, and how they come back."""
