"""Work that takes long, in worker processes, watched over: every job ends exactly once and leaves nothing half-done."""

from grammy_desktop.jobs.queue import JobQueue
from grammy_desktop.jobs.work import Executor, JobEvent, JobOutcome, JobSnapshot, Lane, Work

__all__ = ["Executor", "JobEvent", "JobOutcome", "JobQueue", "JobSnapshot", "Lane", "Work"]
