"""Read models: one question, one file."""
