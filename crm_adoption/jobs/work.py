"""What an app's `tasks.py` needs: `@work`, the job it gets, and the ways to stop."""

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.jobs.kinds import Cancelled, GiveUp, Interrupted, Stopping, Superseded, work
from crm_adoption.jobs.running import Running

__all__ = ["Cancelled", "GiveUp", "Interrupted", "Running", "Stopping", "Superseded", "failpoint", "work"]
