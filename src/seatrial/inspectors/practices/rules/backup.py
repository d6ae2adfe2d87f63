"""
What the service keeps is backed up.

## What it does

Reports each store that nothing backs up: a datastore of Compose or Kubernetes, a volume with files, a SQLite file. A
backup is a container, script, schedule, pipeline job, operator's resource or cloud setting. It names the store or its
volume, or runs the dump program of the only store of that kind. Comments and documents do not count. Caches and queues
in memory need none.

## Why it matters

Disks fail and people delete. Without a backup that is the end.

## How to fix

A container or a timer that runs the dump program each night and puts the result on another machine; restore it once.

Source: https://www.postgresql.org/docs/current/backup.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.domain import Location, Severity
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.service import DATASTORES, ServiceConfig
from seatrial.inspectors.practices import stores
from seatrial.inspectors.practices.repository import (
    ANY_CODE,
    CONFIGURATION,
    SERVICES,
    Lacking,
    PracticeResult,
    PracticeSubject,
    Repository,
    needless,
    practice,
)
from seatrial.inspectors.practices.stores import KeptStore
from seatrial.text import images
from seatrial.text.wording import counted

_MAY_KEEP = re.compile(r"\.(?:ya?ml|tf|tofu|hcl)$|" + ANY_CODE.pattern)
"""Unread files that may declare a store, or open one."""
_TOOLS = {
    "postgres": r"\bpg_dump(?:all)?\b|\bpg_basebackup\b|\bwal-g\b|\bpgbackrest\b|\bbarman\b|\bpg_probackup\b",
    "mysql": r"\b(?:mysqldump|mariadb-dump|mydumper|xtrabackup|mariabackup|mysqlpump|automysqlbackup)\b",
    "mongo": r"\bmongodump\b|\bpbm\s+backup\b",
    "redis": r"--rdb\b|\bBGSAVE\b|\bbgsave\b|dump\.rdb|appendonlydir|redis-dump",
    "sqlite": r"sqlite3\b[^\n]{0,200}(?:\.backup|\.dump|VACUUM\s+INTO)|\blitestream\b|\.backup\(|\bVACUUM INTO\b",
    "influxdb": r"\binfluxd?\s+backup\b",
    "clickhouse": r"\bclickhouse-backup\b|\bBACKUP\s+(?:DATABASE|TABLE|ALL)\b",
    "elasticsearch": r"/_snapshot\b|\belasticdump\b",
    "neo4j": r"\bneo4j-admin\b[^\n]{0,100}\b(?:dump|backup)\b",
    "qdrant": r"/snapshots\b",
    "minio": r"\bmc\s+mirror\b|\brclone\s+(?:sync|copy)\b",
    "mssql": r"\bBACKUP\s+DATABASE\b|sqlpackage\b[^\n]{0,80}/Action:Export",
    "couchdb": r"\bcouchbackup\b",
    "cassandra": r"\bnodetool\s+snapshot\b|\bmedusa\s+backup\b",
    "meilisearch": r"/dumps\b|/snapshots\b",
}
"""By kind of store: programs and calls that copy its content."""
_COPIES = re.compile(
    r"\b(?:restic|borg(?:matic)?|kopia|duplicity|duplicati|rclone|rsync|rdiff-backup|tar|zfs\s+send|btrfs\s+send|velero|cp\s+-\w*[aR]"
    r"|aws\s+s3\s+(?:cp|sync)|gsutil\s+(?:cp|rsync)|azcopy|docker\s+(?:cp|run)|volume-backup|scp)\b"
)
"""Programs that copy files: they back up what they name."""
_HELPER = re.compile(
    r"backup|(?:^|[-_])dump|restic|borg|kopia|duplicati|duplicity|litestream|velero|pgbackrest|wal-g|barman"
)
_DOCKER_VOLUMES = re.compile(r"/var/lib/docker/volumes")
_WHOLE_CLUSTER = frozenset({"Schedule", "BackupSchedule", "BackupPlan", "PreBackupPod", "SnapshotSchedule"})
_ONE_STORE = frozenset({
    "ScheduledBackup", "ReplicationSource", "BackupConfiguration", "PerconaServerMongoDBBackup", "VolumeSnapshot",
    "Backup", "PerconaXtraDBClusterBackup",
})  # fmt: skip
_CLOUD = re.compile(
    r"backup_retention_period\s*=\s*(?:[1-9]|var\.)|\"aws_backup_plan\"|backup_retention_days|point_in_time_recovery_enabled\s*=\s*true"
)


@dataclass(frozen=True)
class _CopyCommand:
    """Something that copies data."""

    text: str
    """What it runs and names."""
    at: Location


def _judge(repository: Repository) -> PracticeResult:
    """Each store of the service."""
    found = stores.find(repository)
    if not found:
        return needless("it keeps no data: no datastore, no volume with data, no SQLite", _MAY_KEEP.search)
    copies = tuple(_copies(repository))
    alone = {one.kind for one in found if sum(other.kind == one.kind for other in found) == 1}
    lacking = []
    for store in found:
        if not _kept(repository, store, copies, alone=store.kind in alone):
            remedy = "a container or a timer that dumps it each night to another machine"
            message = f"nothing backs up {store}"
            lacking.append(Lacking(message, remedy, store.at, store.name, store.confidence))
    evidence = f"{len(found) - len(lacking)} of {counted(len(found), 'store')} backed up"
    return PracticeResult(evidence, tuple(lacking), subjects=tuple(PracticeSubject(one.name, one.at) for one in found))


def _kept(repository: Repository, store: KeptStore, copies: tuple[_CopyCommand, ...], *, alone: bool) -> bool:
    if store.resource is not None and (store.resource["spec"]["backup"] or store.resource["spec"]["backups"]):
        return True
    if store.resource is not None and store.resource["spec"]["enableLogicalBackup"].text == "true":
        return True
    whole = repository.whole
    if whole.first((p for p in whole.own if p.endswith((".tf", ".tofu"))), _CLOUD):
        return True
    tool = _TOOLS.get(store.kind)
    names = [re.escape(name) for name in (store.name, *store.volumes) if len(name) > 1]
    named = re.compile(rf"(?<![\w-])(?:[\w-]+_)?(?:{'|'.join(names)})(?![\w-])") if names else None
    for copy in copies:
        by_tool = bool(tool) and bool(re.search(str(tool), copy.text))
        by_name = named is not None and bool(named.search(copy.text))
        if by_tool and (alone or by_name):
            return True
        if by_name and _COPIES.search(copy.text):
            return True
        if _DOCKER_VOLUMES.search(copy.text) and _COPIES.search(copy.text):
            return True
    return any(_serves(service, store, alone=alone) for p in whole.projects for service in p.services) or _in_cluster(
        repository, store
    )


def _copies(repository: Repository) -> Iterator[_CopyCommand]:
    """Scripts, programs, jobs of pipelines, and commands of containers."""
    whole = repository.whole
    for path in repository.doing:
        yield _CopyCommand(whole.live(path), Location(path, 1, 1))
    for text, at in repository.commands:
        yield _CopyCommand(text, at)
    for project in whole.projects:
        for service in project.services:
            words = (text.text for key in ("command", "entrypoint") for text in service.texts(key))
            yield _CopyCommand(" ".join(words), service.at)
    for one in whole.manifests.workloads:
        for container in one.containers:
            yield _CopyCommand(" ".join(text.text for text in container.texts()), container.at)


def _serves(service: ServiceConfig, store: KeptStore, *, alone: bool) -> bool:
    """Whether a Compose service is there to back up a store."""
    if service.name == store.name or not _HELPER.search(f"{service.name} {service.program}"):
        return False
    if any(mount.source in store.volumes for mount in mounts(service)):
        return True
    values = {text.text.partition("=")[2] or text.text for text in service.texts("environment")}
    environment = service.get("environment")
    if environment is not None and not values:
        values = {service.text("environment", name) or "" for name in getattr(environment, "entries", {})}
    hosts = {re.sub(r"^.*@|^\w+://|[:/].*$", "", value) for value in values} | values
    if store.name in hosts or any(re.search(rf"@{re.escape(store.name)}\b", value) for value in values):
        return True
    about = images.known(re.sub(r"[-_]?(?:backup|local|s3|dump)s?", "", service.program), DATASTORES)
    return alone and about != "" and stores.family(about) == store.kind


def _in_cluster(repository: Repository, store: KeptStore) -> bool:
    """Whether a resource of an operator backs up a store of the cluster."""
    for view in repository.whole.manifests.objects:
        kind = view["kind"].text
        group = view["apiVersion"].text
        if kind in _WHOLE_CLUSTER and re.match(r"velero\.io|k8up\.io|stash|snapscheduler", group):
            return True
        if kind in _ONE_STORE and any(text.text == store.name or text.text in store.volumes for text in view.texts()):
            return True
    return False


RULE = practice(
    __doc__,
    id="practices/backup",
    severity=Severity.HIGH,
    kinds=SERVICES,
    evidence=re.compile(CONFIGURATION.pattern + r"|backup|dump|\.sh$|crontab", re.IGNORECASE),
    subject="store",
    judge=_judge,
)
