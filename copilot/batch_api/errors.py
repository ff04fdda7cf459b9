"""What the Batch API did not do, in codes."""

from copilot.core.errors import CopilotError
from copilot.readers.model.api_errors import ApiError, Retry


class ProviderError(CopilotError):
    """The provider did not do what it was asked; what was done before is kept, and the same command goes on from there."""

    def __init__(self, what: str, fault: ApiError, next_step: str | None = None) -> None:
        passes = fault.retry is not Retry.NEVER
        told = "run the same command again later" if passes else "mend it (`copilot doctor`), and run the same command again"
        super().__init__(f"{what}: the provider did not do it ({fault.outcome}: {fault.code}); {next_step or told}")
        self.code = fault.code
        self.passes = passes
