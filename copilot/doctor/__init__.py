"""Tries an endpoint as tickets will meet it, and says what to set: see `examination`."""

from copilot.doctor.advice import Advice
from copilot.doctor.examination import PATIENCE_SECONDS, examine
from copilot.doctor.report import DoctorReport, SchemaVerdict
from copilot.doctor.trial import Trial

__all__ = ["PATIENCE_SECONDS", "Advice", "DoctorReport", "SchemaVerdict", "Trial", "examine"]
