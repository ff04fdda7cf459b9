"""The reader that asks a language model: prompt, request, answer, checks, retries."""
