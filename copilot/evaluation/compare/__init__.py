"""One run beside another: what changed, and what must not fall."""
