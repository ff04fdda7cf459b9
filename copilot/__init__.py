"""Triage copilot: the model reads, the policy decides, a person acts."""
