"""Ways of making records, one file each: frozen settings and one async method, prompts beside them."""
