"""What is different where the store is a PostgreSQL database."""
