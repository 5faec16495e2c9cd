"""Which versions of which models are there, and where they come from."""
