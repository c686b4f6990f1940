"""Routes of work: jobs, augmentation, filling, quality."""
