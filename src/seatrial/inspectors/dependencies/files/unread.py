"""
Manifests that are known and not read: each is named as not measured where it is in the tree.

Adding a parser for one: take it off this table, and put it into `READERS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """A format by the names of its files."""

    files: re.Pattern[str]
    tool: str
    says: re.Pattern[str] | None = None
    """What the text must hold to count: for names that other files have too, or manifests that may declare nothing."""
    locks: tuple[str, ...] = ()
    """Files beside it that are read and say the same."""


def _named(*names: str) -> re.Pattern[str]:
    return re.compile(r"(?:^|/)(?:" + "|".join(names) + r")$")


UNREAD: tuple[Unread, ...] = (
    Unread(
        _named(r"bun\.lockb"),
        "Bun (binary lock; `bun install --save-text-lockfile` writes one that is read)",
        locks=("bun.lock",),
    ),
    Unread(_named(r"[\w.-]*conda-lock\.ya?ml"), "conda-lock"),
    Unread(_named(r"tox\.ini"), "tox", re.compile(r"(?m)^deps\s*=")),
    Unread(_named(r"\.pre-commit-config\.ya?ml"), "pre-commit", re.compile(r"(?m)^\s+additional_dependencies\s*:")),
    Unread(_named(r"bower\.json"), "Bower"),
    Unread(_named(r"elm\.json"), "Elm"),
    Unread(_named(r"build\.sbt", r"project/[\w.-]+\.sbt", r"build\.sc", r"build\.mill"), "sbt and Mill"),
    Unread(_named(r"ivy\.xml"), "Ivy"),
    Unread(_named(r"project\.clj", r"deps\.edn", r"bb\.edn", r"shadow-cljs\.edn"), "Clojure"),
    Unread(_named(r"paket\.dependencies"), "Paket", locks=("paket.lock",)),
    Unread(_named(r"project\.json"), "NuGet's project.json", re.compile(r'"frameworks"\s*:')),
    Unread(_named(r"Podfile", r"Podfile\.lock", r"[\w.-]+\.podspec(?:\.json)?"), "CocoaPods"),
    Unread(_named(r"Cartfile", r"Cartfile\.resolved"), "Carthage"),
    Unread(_named(r"Package\.swift"), "Swift", re.compile(r"\.package\s*\(")),
    Unread(_named(r"Package\.resolved"), "Swift"),
    Unread(_named(r"mix\.exs"), "Mix", re.compile(r"\bdeps\b")),
    Unread(_named(r"mix\.lock", r"rebar\.config", r"rebar\.lock"), "Mix and Rebar"),
    Unread(_named(r"gleam\.toml", r"manifest\.toml"), "Gleam", re.compile(r"(?m)^\[dependencies\]|^packages\s*=")),
    Unread(
        _named(r"pubspec\.yaml", r"pubspec\.lock"), "Pub", re.compile(r"(?m)^(?:dev_)?dependencies\s*:|^packages\s*:")
    ),
    Unread(_named(r"conanfile\.(?:txt|py)", r"conan\.lock"), "Conan"),
    Unread(_named(r"vcpkg\.json"), "vcpkg", re.compile(r'"dependencies"\s*:')),
    Unread(_named(r"[\w.-]+\.cabal", r"cabal\.project(?:\.freeze)?", r"stack\.yaml(?:\.lock)?"), "Cabal and Stack"),
    Unread(_named(r"renv\.lock", r"packrat\.lock"), "R"),
    Unread(_named(r"DESCRIPTION"), "R", re.compile(r"(?ms)^Package:.*^(?:Imports|Depends):")),
    Unread(_named(r"Project\.toml", r"Manifest\.toml", r"JuliaManifest\.toml"), "Julia", re.compile(r"(?m)^\[+deps")),
    Unread(_named(r"cpanfile", r"cpanfile\.snapshot", r"Makefile\.PL"), "Perl"),
    Unread(_named(r"[\w.-]+\.rockspec"), "LuaRocks"),
    Unread(_named(r"[\w.-]+\.nimble"), "Nimble", re.compile(r"(?m)^\s*requires\b")),
    Unread(_named(r"[\w.-]+\.opam", r"opam"), "opam", re.compile(r"(?m)^depends\s*:")),
    Unread(_named(r"dub\.(?:json|sdl)", r"dub\.selections\.json"), "DUB"),
    Unread(_named(r"shard\.yml", r"shard\.lock"), "Crystal", re.compile(r"(?m)^(?:dependencies|shards)\s*:")),
    Unread(_named(r"build\.zig\.zon"), "Zig", re.compile(r"\.dependencies\s*=\s*\.\{\s*\.")),
    Unread(
        _named(r"Chart\.yaml", r"requirements\.yaml", r"Chart\.lock"), "Helm", re.compile(r"(?m)^dependencies\s*:\s*$")
    ),
    Unread(_named(r"MODULE\.bazel"), "Bazel", re.compile(r"\bbazel_dep\s*\(")),
    Unread(_named(r"maven_install\.json"), "Bazel"),
    Unread(_named(r"\.terraform\.lock\.hcl"), "Terraform"),
    Unread(
        _named(r"galaxy\.yml", r"requirements\.yml"),
        "Ansible",
        re.compile(r"(?m)^(?:collections|roles|dependencies)\s*:"),
    ),
    Unread(_named(r"Packages/(?:manifest|packages-lock)\.json"), "Unity", re.compile(r'"dependencies"\s*:')),
    Unread(_named(r"libman\.json"), "LibMan"),
    Unread(_named(r"flake\.lock", r"npins/sources\.json"), "Nix"),
    Unread(_named(r"flake\.nix"), "Nix", re.compile(r"\binputs\b"), locks=("flake.lock",)),
    Unread(_named(r"dune-project"), "Dune", re.compile(r"\(depends\b")),
    Unread(
        _named(r"[\w.-]+\.tf(?:\.json)?"),
        "Terraform",
        re.compile(r"\brequired_providers\b"),
        locks=(".terraform.lock.hcl",),
    ),
    Unread(_named(r"\.meteor/(?:packages|versions)"), "Meteor"),
    Unread(_named(r"Gopkg\.(?:toml|lock)", r"glide\.(?:yaml|lock)", r"Godeps/Godeps\.json"), "dep, Glide and godep"),
    Unread(_named(r"buildout\.cfg"), "Buildout", re.compile(r"(?m)^(?:eggs|parts|versions)\s*\+?=")),
    Unread(_named(r"Puppetfile", r"Berksfile(?:\.lock)?", r"Policyfile(?:\.lock\.json|\.rb)"), "Puppet and Chef"),
    Unread(_named(r"spago\.(?:dhall|yaml|lock)", r"packages\.dhall"), "Spago"),
    Unread(_named(r"haxelib\.json"), "Haxelib", re.compile(r'"dependencies"\s*:')),
    Unread(_named(r"Brewfile(?:\.lock\.json)?"), "Homebrew"),
    Unread(_named(r"Aptfile", r"apt\.txt"), "apt"),
    Unread(_named(r"buf\.yaml", r"buf\.lock"), "Buf", re.compile(r"(?m)^deps\s*:")),
    Unread(_named(r"west\.yml"), "West", re.compile(r"(?m)^\s+projects\s*:")),
    Unread(_named(r"config/importmap\.rb"), "importmap-rails", re.compile(r"(?m)^\s*pin\b")),
    # dependencies that a script declares in itself
    Unread(_named(r"[\w.-]+\.csx"), ".NET scripts", re.compile(r"(?m)^\s*#r\s+\"nuget:")),
    Unread(_named(r"[\w.-]+\.fsx"), ".NET scripts", re.compile(r"(?m)^\s*#r\s+\"nuget:")),
    Unread(_named(r"[\w.-]+\.main\.kts"), "Kotlin scripts", re.compile(r"@file:DependsOn\(")),
    Unread(_named(r"[\w.-]+\.(?:groovy|gvy)"), "Grape", re.compile(r"@Grab(?:s|\b)")),
)
