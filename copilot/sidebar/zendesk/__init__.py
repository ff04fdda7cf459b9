"""The app package that brings the panel into Zendesk, and a checker for any such package.

In: the address of the panel's page, or a folder or zip. Out: the bytes of a zip, or findings. Nothing is sent to Zendesk.
"""

from copilot.sidebar.zendesk.check import check_files, check_package
from copilot.sidebar.zendesk.findings import Finding
from copilot.sidebar.zendesk.package import App, build_package

__all__ = ["App", "Finding", "build_package", "check_files", "check_package"]
