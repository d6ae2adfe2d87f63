"""Terraform, Ansible, Salt, Chef, Puppet and the tools around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.file_kinds import FileKind, file_kind
from seatrial.inspectors.secrets.files import embedded, json_objects, literals, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret, promising

_PRIVATE = (
    "private_key_pem",
    "private_key",
    "private_key_openssh",
    "private_key_pem_pkcs8",
    "kube_config_raw",
    "client_key",
)
_RANDOM = ("result", "b64_std", "b64_url", "hex")
_VARIABLE = re.compile(
    r"\bvariable\s{1,5}\"(?P<key>[^\"\n]{1,100})\"\s{0,5}\{[^{}]{0,1000}?\bdefault\s{0,20}=\s{0,5}\""
    r"(?P<value>[^\"\n]{1,500})\""
)
_INVENTORY = re.compile(
    r"\b(?P<key>ansible_\w{0,30}(?:pass(?:word)?|passphrase)|ansible_become_pass\w{0,5}|ansible_sudo_pass"
    r"|\w{0,40}(?:passwd|password|secret|token))"
    r"[ \t]*[=:][ \t]*(?:\"(?P<double>[^\"\n]{1,200})\"|'(?P<single>[^'\n]{1,200})'|(?P<plain>[^\s\"'#]{1,200}))"
)


def _tfstate(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Terraform writes sensitive attributes into its state as they are."""
    if not promising(text):
        return
    for found in json_objects.objects(text):
        kind = next((part for part in found.path if part.startswith("random_")), "")
        for key, span in found.members.items():
            if key in _PRIVATE and len(span.value) > 100:
                yield CredentialEntry(
                    key, span, f'"{key}" in the state', severity=Severity.CRITICAL, proven="PRIVATE KEY" in span.value
                )
            elif is_secret(key) or (key == "value" and found.path and is_secret(found.path[-1])):
                yield CredentialEntry(key if key != "value" else found.path[-1], span)
            elif kind and key in _RANDOM:
                yield CredentialEntry("password", span)
            else:
                yield from embedded.within(span)


def _tfvars(path: str, text: str) -> Iterator[CredentialEntry]:
    if path.lower().endswith(".json"):
        yield from scans.json_members()(path, text)
    else:
        yield from literals.secret_assignments(text)
        for match in _VARIABLE.finditer(text):
            if is_secret(match["key"]):
                yield CredentialEntry(
                    match["key"], TextSpan(match["value"], *match.span("value")), "default of a variable"
                )


def _inventory(path: str, text: str) -> Iterator[CredentialEntry]:
    if file_kind(path) is FileKind.CODE:  # a program that makes an inventory
        return
    for match in _INVENTORY.finditer(text):
        group = next(name for name in ("double", "single", "plain") if match[name] is not None)
        yield CredentialEntry(match["key"], TextSpan(match[group], *match.span(group)))


def _looks_like_inventory(text: str) -> bool:
    return "ansible_" in text or "_password" in text or "_pass" in text


def _vault_password(_path: str, text: str) -> Iterator[CredentialEntry]:
    """One line, and not a script that fetches the password."""
    span = scans.whole(text)
    if (
        span.value
        and "\n" not in span.value
        and len(span.value) <= 200
        and not span.value.startswith(("#!", "$ANSIBLE_VAULT"))
    ):
        yield CredentialEntry("vault_password", span, "Ansible vault password")


def _knife(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`knife[:aws_secret_access_key] = "..."`."""
    for match in re.finditer(r"knife\[:(?P<key>\w{1,60})\]\s{0,5}=\s{0,5}[\"'](?P<value>[^\"'\n]{1,300})[\"']", text):
        if is_secret(match["key"]):
            yield CredentialEntry(match["key"], TextSpan(match["value"], *match.span("value")))


_BOOTSTRAP = re.compile(r"\s*(?P<value>[0-9a-z]{6}\.[0-9a-z]{16})\s*")


def _bootstrap(_path: str, text: str) -> Iterator[CredentialEntry]:
    """What `kubeadm token create` prints: the token and nothing else."""
    match = _BOOTSTRAP.fullmatch(text[:200]) if len(text) < 200 else None
    if match:
        yield CredentialEntry("token", TextSpan(match["value"], *match.span("value")), "bootstrap token", proven=True)


PARSERS = (
    CredentialFile(
        id="kubeadm-token",
        title="bootstrap token of a Kubernetes cluster",
        documentation="https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-token/",
        names=("token", "token*", "*.token", "*.tok", "kubeadm*", "join*", "bootstrap*", "tok*"),
        scan=_bootstrap,
    ),
    CredentialFile(
        id="terraform-state",
        title="value in a Terraform state",
        documentation="https://developer.hashicorp.com/terraform/language/state/sensitive-data",
        names=("*.tfstate", "*.tfstate.backup", "terraform.tfstate", "*.tfstate.json", "tfplan.json"),
        scan=_tfstate,
    ),
    CredentialFile(
        id="terraform-variables",
        title="value of a Terraform variable",
        documentation="https://developer.hashicorp.com/terraform/language/values/variables",
        names=("*.tfvars", "*.tfvars.json", "*.tf", "*.hcl", "*.nomad", "*.pkrvars.hcl"),
        scan=_tfvars,
    ),
    CredentialFile(
        id="terraformrc",
        title="Terraform registry token",
        documentation="https://developer.hashicorp.com/terraform/cli/config/config-file#credentials",
        names=(".terraformrc", "terraform.rc", "credentials.tfrc.json", "*.terraformrc", "*.tfrc"),
        scan=scans.all_of(scans.quoted_values("token"), scans.json_members("token")),
    ),
    CredentialFile(
        id="ansible-inventory",
        title="password in an Ansible inventory",
        documentation="https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html",
        names=(
            "hosts",
            "inventory",
            "inventory*",
            "hosts*",
            "*.inventory",
            "inventory/*",
            "inventories/*",
            "group_vars/*",
            "host_vars/*",
            "ansible/hosts",
            "hosts.ini",
            "inventory.ini",
        ),
        scan=_inventory,
        sniff=_looks_like_inventory,
    ),
    CredentialFile(
        id="ansible-vault-password",
        certain=True,
        title="Ansible vault password",
        documentation="https://docs.ansible.com/ansible/latest/vault_guide/vault_managing_passwords.html",
        names=(
            ".vault_pass",
            ".vault_pass*",
            "vault_pass",
            "vault_pass.txt",
            "vault_password",
            "vault_password*",
            ".vault-pass",
            ".vault-password",
            ".vault_password",
            "vault-password*",
            "vault-pass*",
            ".vaultpass",
            "vaultpass",
            ".ansible_vault_pass",
        ),
        scan=_vault_password,
    ),
    CredentialFile(
        id="chef-knife",
        title="value in a Chef configuration",
        documentation="https://docs.chef.io/workstation/config_rb/",
        names=("knife.rb", ".chef/config.rb", ".chef/credentials", "client.rb", "solo.rb", "*.knife.rb"),
        scan=scans.all_of(scans.quoted_values(), _knife),
    ),
    CredentialFile(
        id="puppet-hiera",
        guesses=True,
        title="value in Hiera data",
        documentation="https://github.com/voxpupuli/hiera-eyaml",
        names=("*.eyaml", "hieradata/*", "hiera/*", "pillar/*", "*.sls", "hiera.yaml", "common.eyaml"),
        scan=scans.yaml_values(),
    ),
    CredentialFile(
        id="vagrant-packer",
        title="value in a Packer template or Vagrantfile",
        documentation="https://developer.hashicorp.com/packer/docs/templates",
        names=(
            "packer.json",
            "*.pkr.json",
            "vagrantfile",
            "*.pkr.hcl",
            "puppetfile",
            "berksfile",
            "fastfile",
            "appfile",
            "matchfile",
        ),
        scan=scans.all_of(scans.quoted_values(), scans.json_members()),
    ),
)
