"""The rules, in alphabetical order; each is a module (see rulebook.Rule)."""

from __future__ import annotations

from typing import cast

from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import Rule

from . import (
    add_url,
    admin_port,
    build_tools,
    copied_credential,
    debug_mode,
    digest,
    dockerignore,
    end_of_life,
    healthcheck,
    interactive_install,
    pipe_to_shell,
    port_range,
    root_user,
    secret,
    setuid,
    shell_form,
    ssh_server,
    stale_index,
    sudo,
    unverified_download,
    world_writable,
)

RULES = tuple(
    cast("Rule[Dockerfile]", module)
    for module in (
        add_url,
        admin_port,
        build_tools,
        copied_credential,
        debug_mode,
        digest,
        dockerignore,
        end_of_life,
        healthcheck,
        interactive_install,
        pipe_to_shell,
        port_range,
        root_user,
        secret,
        setuid,
        shell_form,
        ssh_server,
        stale_index,
        sudo,
        unverified_download,
        world_writable,
    )
)
