"""One attempt at the repository's stack: from the configuration through the lab to answers."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from seatrial import __version__
from seatrial.domain import Answer, Location
from seatrial.domain.errors import UsageError
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.secrets.files.names import is_secret
from seatrial.inspectors.trial import hosts, routes, variables
from seatrial.inspectors.trial.answers import Answers
from seatrial.inspectors.trial.checks import CHECKS, CONFIGURATION, DRILL, EXPERIMENTS, LOADS, UPGRADE
from seatrial.lab import planning, refine, trial
from seatrial.lab.backup.seen import DrillRequest, OwnBackup
from seatrial.lab.compose import find
from seatrial.lab.configuration import campaign
from seatrial.lab.configuration.needs import NeedEvidence
from seatrial.lab.engine import DockerEngine, LabError, own
from seatrial.lab.load.session import LoadPlan
from seatrial.lab.upgrade.seen import UpgradePlan
from seatrial.settings.config import Chaos
from seatrial.settings.load import Load
from seatrial.system.sinks import atomically, give_to_owner_of, opened
from seatrial.text.redact import Secret, masked

IMAGE = f"ghcr.io/seatrial/seatrial:{__version__}"
_LEAST = 8  # characters of a secret that is looked for in logs; shorter ones stand in any text


def attempt(context: Context) -> Iterator[Answer]:
    """Try the stack, and answer."""
    report_dir = context.settings.report_dir.resolve()
    try:
        plan = planned(context)
        with (
            contextlib.closing(DockerEngine(f"seatrial-{secrets.token_hex(4)}")) as engine,
            trial.open_lab(engine, context.settings.trial_image or IMAGE, own(engine)) as lab,
        ):
            done = trial.carry_out(plan, lab, context.tree.root, report_dir, context.say)
    except (LabError, UsageError) as error:
        remedy = error.remedy if isinstance(error, UsageError) else ""
        reason = f"{error} ({remedy})" if remedy else str(error)
        yield from (Answer.error(check, reason) for check in CHECKS)
        return
    known = dict(_secrets(done))
    _keep({service: masked(log.text, known.values()) for service, log in done.logs.items()}, report_dir)
    yield from Answers(done, known, _places(context), context.settings.seed, str(lab.capabilities)).all()


def planned(context: Context) -> planning.TrialPlan:
    """
    What is asked of the trial.

    Raises:
        UsageError: the configuration's section `chaos` makes no sense.
    """
    chaos, settings = context.chaos or Chaos(), context.settings
    return planning.TrialPlan(
        files=chaos.files or find(context.tree.root),
        budget=settings.trial_budget if any(map(settings.wants, EXPERIMENTS)) else 0.0,
        seed=settings.seed,
        variables=chaos.variables,
        is_secret=is_secret,
        operations=tuple(refine.operations(chaos.operations)),
        routes=routes.read(context.tree),
        hosts=hosts.read(context.tree),
        probes={service: refine.probe(service, text) for service, text in chaos.probes.items()},
        experiments=tuple(refine.experiments(chaos.experiments)),
        expect=refine.expect(chaos.expect),
        data=refine.data(chaos.data),
        jobs=refine.jobs(chaos.jobs),
        skipped=refine.skipped(chaos.skip),
        load=_load(context),
        allow_dangerous=settings.trial_unsafe,
        configuration=_configuration(context, chaos),
        backups=_backups(context),
        upgrade=_upgrade(context, chaos),
    )


def _upgrade(context: Context, chaos: Chaos) -> UpgradePlan:
    """What is asked of deployments over the running stack."""
    settings = context.settings
    return UpgradePlan(
        base=context.base,
        budget=settings.deploy_budget,
        declared_files=bool(chaos.files),
        asked=settings.wants(UPGRADE),
        reports=settings.report_dir.resolve(),
    )


def _backups(context: Context) -> DrillRequest:
    """What is asked of the backup drill; nothing, where its check is not asked."""
    settings = context.settings
    own = tuple(OwnBackup(**entry.model_dump()) for entry in context.backups)
    return DrillRequest(own=own, budget=settings.backup_budget if settings.wants(DRILL) else 0.0)


def _configuration(context: Context, chaos: Chaos) -> campaign.MutationRequest:
    """What is asked of the mutation testing of the configuration; nothing, where none of its checks is asked."""
    settings, tree = context.settings, context.tree
    asked = any(map(settings.wants, CONFIGURATION))
    return campaign.MutationRequest(
        budget=settings.config_budget if asked else 0.0,
        seed=settings.seed,
        known=NeedEvidence(
            reads=variables.read(tree) if asked else (),
            documented=variables.documented(tree) if asked else (),
            said=refine.configuration(chaos.configuration),
            is_secret=is_secret,
        ),
    )


def _load(context: Context) -> LoadPlan | None:
    """How the stack is loaded; None if no check of load is asked for."""
    settings = context.settings
    asked = any(map(settings.wants, LOADS))
    if not asked or not settings.load_budget:
        return None
    load = context.load or Load()
    return LoadPlan(settings.load_budget, tuple(load.every()), tuple(load.teams()), load.soak, load.limit)


def _secrets(done: trial.TrialResult) -> Iterator[tuple[str, Secret]]:
    """The secrets that the stack was given, by name: those of its environment, and those that we made up."""
    yield from done.generated.items()
    for service in done.stack.services.values():
        for name, value in service.environment.items():
            if is_secret(name) and len(value) >= _LEAST:
                yield name, Secret(value)


def _keep(logs: Mapping[str, str], report_dir: Path) -> None:
    """Each service's log beside the reports; one that cannot be written is not a reason to fail."""
    folder = report_dir / "logs"
    try:
        folder.mkdir(exist_ok=True)
        with opened(folder) as descriptor:
            give_to_owner_of(report_dir, descriptor)
        for service, text in logs.items():
            atomically(folder / f"{service}.log", text)
    except OSError:
        return


def _places(context: Context) -> Mapping[str, Location]:
    """The place of each service in its file."""
    found: dict[str, Location] = {}
    for one in compose.survey(context.tree).projects:
        for service in one.services:
            found.setdefault(service.name, service.at)
    return found
