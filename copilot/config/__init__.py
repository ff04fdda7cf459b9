"""Settings, out of environment variables and checked."""
