"""Work that burns the processor, in processes of its own."""
