"""Programs to copy from: our parts in models that aren't ours."""
