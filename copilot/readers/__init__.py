"""Readers turn a ticket into an extraction: `openai` by a model, `embedded` by a small trained model in the package."""
