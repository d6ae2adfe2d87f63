# The image of the Action. It starts from Debian alone: every program in it is a package that Debian signs and keeps
# patched; every Python package is pinned with its hash in requirements.lock.
#
# Behind a mirror or a proxy's own certificate: `--secret id=pip,src=pip.conf --secret id=ca,src=ca.pem`. Neither
# reaches a layer, and neither is needed elsewhere.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS builder
ENV LANG=C.UTF-8 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends binutils ca-certificates libstdc++6 python3 python3-pip python3-venv
WORKDIR /build
RUN python3 -m venv --without-pip /opt/seatrial && python3 -m venv --without-pip /opt/backend
# Wheels only: no package runs code of its own here. pip is Debian's and works on the environment from outside.
COPY requirements.lock .
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca \
    python3 -m pip --python /opt/seatrial/bin/python install -q --no-compile --only-binary=:all: \
      --require-hashes -r requirements.lock
# The build backend: its entries of the developers' lock file. One that were missing there would have no hash.
COPY requirements-dev.lock .
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca \
    awk '/^[^ ]/ { ours = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } ours' \
      requirements-dev.lock >backend.lock \
 && python3 -m pip --python /opt/backend/bin/python install -q --no-compile --only-binary=:all: \
      --require-hashes -r backend.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN python3 -m pip --python /opt/backend/bin/python wheel -q --no-index --no-deps --no-build-isolation -w dist . \
 && python3 -m pip --python /opt/seatrial/bin/python install -q --no-index --no-deps --no-compile dist/*.whl
# Of Safety only its check is used; what its search for misspelt names needs (nltk and its kin, 16 MB) stays out, and so
# do what MongoDB's driver finds servers by name with (dns, 3 MB), Locust's pages and its plug-in for pytest (7 MB), the
# languages that nothing here colours (Pygments' lexers, 8 MB) and the tables of symbols of compiled modules (10 MB).
# The programs are deaf to the job's variables like the entry point; the byte code is never checked against its source.
RUN printf '%s\n' '#!/opt/seatrial/bin/python -IuBXutf8' 'from seatrial.__main__ import run' 'run()' >seatrial \
 && printf '%s\n' '#!/opt/seatrial/bin/python -IuBXutf8' 'import sys' 'from seatrial.__main__ import run' \
      'sys.argv[1:] = ["sweep"]  # the runner repeats the arguments of the step' 'run()' >seatrial-sweep \
 && find /opt/seatrial/bin -type f ! -name hadolint ! -name zizmor -delete \
 && install -m 755 -t /opt/seatrial/bin seatrial seatrial-sweep \
 && rm -rf /opt/seatrial/include /opt/seatrial/share /opt/seatrial/lib/python3*/site-packages/*/tests \
 && cd /opt/seatrial/lib/python3*/site-packages && rm -rf nltk regex joblib tqdm cloudpickle dns \
      locust/webui/dist gevent/testing pytest _pytest \
 && find pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py ! -name python.py -delete && cd - \
 && find /opt/seatrial/lib -name '*.so' -exec strip --strip-unneeded {} + \
 && /opt/seatrial/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/seatrial/lib
# The compiled patterns, for any user: HOME is the runner's, and compiling takes longer than most surveys.
ENV XDG_CACHE_HOME=/opt/seatrial/cache
RUN /opt/seatrial/bin/python -I -c 'from pathlib import Path; from seatrial.inspectors.secrets import engine; \
      engine.load(Path("/opt/seatrial/cache/seatrial"))' \
 && chmod -R u=rwX,go=rX /opt/seatrial/cache

# Any user works; it is root, because the runner's files are owned by whoever runs it (see ENTRYPOINT).
# seatrial: allow dockerfile/root-user
FROM ${BASE}
# For Python nothing is set here: with -I it is deaf to its variables, and has -u, -B and -X utf8 instead.
ENV LANG=C.UTF-8 XDG_CACHE_HOME=/opt/seatrial/cache
# Compose builds by itself, without the buildx plugin (64 MB); of git only old scripts need perl (49 MB),
# and only servers the programs that serve, push or mail (23 MB).
RUN printf 'path-exclude=/usr/share/%s/*\n' man locale info lintian doc >/etc/dpkg/dpkg.cfg.d/slim \
 && printf 'path-include=/usr/share/doc/*/copyright\n' >>/etc/dpkg/dpkg.cfg.d/slim \
 && apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      ca-certificates docker-cli docker-compose git iproute2 libfaketime libstdc++6 nftables python3 \
 && mkdir /opt/faketime && cp /usr/lib/*/faketime/libfaketime.so.1 /opt/faketime/ \
 && dpkg --purge --force-depends perl perl-modules-5.40 libperl5.40 liberror-perl \
 && cd /usr/lib/git-core && rm -f git-daemon git-http-backend git-http-fetch git-http-push git-imap-send git-shell scalar \
      git-sh-i18n--envsubst /usr/bin/git-shell /usr/bin/scalar && cd - \
 && rm -rf /usr/lib/python3*/test /usr/lib/python3*/pydoc_data \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/apt /var/log/dpkg.log
COPY --from=builder /opt/seatrial /opt/seatrial
# What the image can do is tried where it is made: the programs answer, and a survey reaches its verdict.
RUN mkdir /tmp/smoke && cd /tmp/smoke && echo 'print("hello")' >hello.py \
 && /opt/seatrial/bin/seatrial --version && docker --version && docker compose version \
 && git --version && nft --version && ip -V \
 && /opt/seatrial/bin/python -I -c 'import gitlab, pika, pymongo, safety; pymongo.MongoClient("127.0.0.1", connect=False)' \
 && /opt/seatrial/bin/python -I -c 'import locust' \
 && /opt/seatrial/bin/seatrial run --fail-below 0 --quiet && test -s seatrial-report/report.json \
 && cd / && rm -rf /tmp/smoke
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Seatrial" \
      org.opencontainers.image.description="Sea trials for a repository: survey it, score its production readiness, gate the check." \
      org.opencontainers.image.source="https://github.com/seatrial/seatrial" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# root, because the runner's files are owned by whoever runs it; any other user works too (`docker run --user`).
# -I: nothing is imported from the surveyed tree, and no variable of the job changes how Python works. No shell: as the
# first process it is Python that gets the signals of a cancelled job.
ENTRYPOINT ["/opt/seatrial/bin/python", "-I", "-u", "-B", "-X", "utf8", "-m", "seatrial"]
