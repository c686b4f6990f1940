"""What a smaller model learns from a dataset: chats made of records, and the settings of its training."""
