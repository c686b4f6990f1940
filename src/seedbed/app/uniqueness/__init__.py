"""What may not be there twice: what is compared, and what is known before a run begins."""
