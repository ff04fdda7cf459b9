"""The app package that brings the panel into Zendesk.

In: the address of the panel's page. Out: the bytes of a zip. Nothing is sent to Zendesk.
"""

from copilot.sidebar.zendesk.package import App, build_package

__all__ = ["App", "build_package"]
