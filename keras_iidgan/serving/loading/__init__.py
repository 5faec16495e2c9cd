"""SavedModels from their folders to sessions: checked, loaded and warmed up."""
