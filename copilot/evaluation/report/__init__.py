"""A run as pages: for a manager, a pull request and a build server."""
