"""Readers turn a ticket into an extraction: `openai` by a model, `lexical` by an embedded lexicon."""
