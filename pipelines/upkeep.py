"""What a municipality's root needs every night: nothing is kept longer than it may be."""

import datetime as dt

import dagster as dg

from pipelines.failure import OneLine
from pipelines.resources import OpenDataPortal
from pipelines.steps.rights.clean import clean
from pipelines.steps.rights.erasures import recognition_of
from pipelines.steps.rights.retention import retention
from pipelines.steps.site import Site
from schemas.errors import StoreRejected

_NIGHTLY = "30 2 * * *"


def upkeep(owned: list[Site]) -> dg.ScheduleDefinition:
    """The nightly sweep of one municipality, on unless it is turned off; `owned` are its sites.

    What was kept as long as it may be goes, and so does all that a restored copy holds of the
    erased. It fails with a line for all that it could not sweep.
    """
    owner = owned[0].municipality

    @dg.op(name=f"sweep_{owner.number}")
    def sweep(context: dg.OpExecutionContext, portal: OpenDataPortal) -> None:
        now = dt.datetime.now(dt.UTC)
        for site in owned:
            with OneLine(site):
                gone = sum(len(expired.parts) for expired in retention(site, now).expired)
            context.log.info("%s: %d batches or days were kept long enough", site.name, gone)
        with OneLine(owned[0]):
            known = recognition_of(owned[0])
            left = clean(owned, known, portal.opened, now).left if known else ()
            if left:
                raise StoreRejected("; ".join(left))

    @dg.job(name=f"retention_{owner.number}", executor_def=dg.in_process_executor)
    def job() -> None:
        sweep()

    return dg.ScheduleDefinition(
        name=f"nightly_{owner.number}",
        job=job,
        cron_schedule=_NIGHTLY,
        execution_timezone=owner.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{owner.name.nb}: sweeps what was kept as long as it may be.",
    )
