"""A literal in the ways of writing of single languages, shells and clients; and what looks like one and is none."""

from __future__ import annotations

import pytest
from searching import Repository
from secret_samples import HEX, PASSWORD

from seatrial.domain import Confidence, Finding
from seatrial.inspectors.secrets.inspector import Secrets


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    """What is found in a file, with our two values in place of `HEX` and `PASSWORD` in angle brackets."""
    folder.write(path, text.replace("‹hex›", HEX).replace("‹password›", PASSWORD))
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


LANGUAGES = [
    ("a.clj", '(def pw (or (System/getenv "DB_PASSWORD") "‹password›"))'),
    ("a.clj", '(or (System/getenv "ACME_TOKEN") "‹hex›")'),
    ("a.clj", '(or (env :db-password) "‹password›")'),
    ("a.clj", '(env :db-password "‹password›")'),
    ("a.clj", '(get (System/getenv) "DB_PASSWORD" "‹password›")'),
    ("a.clj", '(System/getProperty "db.password" "‹password›")'),
    ("a.clj", '(.getOrDefault (System/getenv) "DB_PASSWORD" "‹password›")'),
    ("a.clj", '(get env :db-password "‹password›")'),
    ("a.clj", '{:db-password "‹password›"}'),
    ("a.clj", '(def db-password "‹password›")'),
    ("a.clj", '(def ^:private db-password\n  "‹password›")'),
    ("a.clj", '(System/setProperty "db.password" "‹password›")'),
    ("a.clj", '(some-> (System/getenv "DB_PASSWORD") (or "‹password›"))'),
    ("a.clj", '(if-let [p (System/getenv "DB_PASSWORD")] p "‹password›")'),
    ("config.edn", '{:db {:user "bob" :password "‹password›"}}'),
    ("config.edn", '{:db {:password #or [#env DB_PASSWORD "‹password›"]}}'),
    ("config.edn", '{:acme-token "‹hex›"}'),
    ("config.edn", '{"db-password" "‹password›"}'),
    ("config.edn", '{:secret/acme #profile {:prod "‹hex›"}}'),
    ("config.edn", '{:acme/token\n "‹hex›"}'),
    ("deps.edn", '{:mvn/repos {"x" {:url "https://x" :username "bob" :password "‹password›"}}}'),
    ("project.clj", ':repositories [["x" {:url "https://x" :username "bob" :password "‹password›"}]]'),
    ("profiles.clj", '{:user {:env {:db-password "‹password›"}}}'),
    ("a.el", '(or (getenv "DB_PASSWORD") "‹password›")'),
    ("a.el", '(setq acme-token "‹hex›")'),
    ("a.el", '(setenv "DB_PASSWORD" "‹password›")'),
    ("a.lisp", '(or (uiop:getenv "DB_PASSWORD") "‹password›")'),
    ("a.lisp", '(defparameter *db-password* "‹password›")'),
    ("a.rkt", '(or (getenv "DB_PASSWORD") "‹password›")'),
    ("a.rkt", '(define db-password "‹password›")'),
    ("a.scm", '(define db-password "‹password›")'),
    ("a.hy", '(os.environ.get "DB_PASSWORD" "‹password›")'),
    ("a.hy", '(setv db-password "‹password›")'),
    ("a.ex", 'System.get_env("DB_PASSWORD") || "‹password›"'),
    ("a.erl", 'application:get_env(app, db_password, "‹password›")'),
    ("a.hs", 'pw <- fromMaybe "‹password›" <$> lookupEnv "DB_PASSWORD"'),
    ("a.ml", 'let pw = Option.value (Sys.getenv_opt "DB_PASSWORD") ~default:"‹password›"'),
    ("a.ml", 'let pw = try Sys.getenv "DB_PASSWORD" with Not_found -> "‹password›"'),
    ("a.fs", 'let pw = match Environment.GetEnvironmentVariable "DB_PASSWORD" with null -> "‹password›" | x -> x'),
    ("a.cr", 'ENV["DB_PASSWORD"]? || "‹password›"'),
    ("a.rb", 'ENV["DB_PASSWORD"] || "‹password›"'),
    ("a.zig", 'std.posix.getenv("DB_PASSWORD") orelse "‹password›"'),
    ("a.v", 'os.getenv_opt("DB_PASSWORD") or { "‹password›" }'),
    ("CMakeLists.txt", 'set(ACME_TOKEN "‹hex›")'),
    ("CMakeLists.txt", 'set(ACME_TOKEN "‹hex›" CACHE STRING "x")'),
    ("a.cmake", 'set(ENV{ACME_TOKEN} "‹hex›")'),
    ("Makefile", "X = $(or $(DB_PASSWORD),‹password›)"),
    ("Makefile", "DB_PASSWORD := $(or $(DB_PASSWORD),‹password›)"),
    ("Makefile", "DB_PASSWORD := $(or $(DB_PASSWORD), ‹password›)"),
    ("Makefile", "X = $(if $(DB_PASSWORD),$(DB_PASSWORD),‹password›)"),
    ("Makefile", "DB_PASSWORD := $(if $(P),$(P),‹password›)"),
    ("Makefile", "define DB_PASSWORD\n‹password›\nendef"),
    ("Makefile", "ACME_TOKEN != echo ‹hex›"),
    ("Makefile", "ACME_TOKEN := $(shell echo ‹hex›)"),
    ("Makefile", "$(eval ACME_TOKEN := ‹hex›)"),
    ("build.mk", "X = $(or $(ACME_TOKEN),‹hex›)"),
    ("meson_options.txt", "option('acme_token', type: 'string', value: '‹hex›')"),
]
SHELLS = [
    ("a.sh", "read DB_PASSWORD <<< '‹password›'"),
    ("a.sh", "read -r DB_PASSWORD <<< ‹password›"),
    ("a.sh", 'read -r ACME_TOKEN <<<"‹hex›"'),
    ("a.sh", "IFS= read -r ACME_TOKEN <<<'‹hex›'"),
    ("a.sh", "read -r ACME_TOKEN < <(echo ‹hex›)"),
    ("a.sh", "read -r DB_USER DB_PASSWORD <<< 'bob ‹password›'"),
    ("a.sh", "read -r ACME_TOKEN <<EOF\n‹hex›\nEOF"),
    ("a.sh", "ACME_TOKEN=$(cat <<EOF\n‹hex›\nEOF\n)"),
    ("a.sh", "printf -v ACME_TOKEN '%s' '‹hex›'"),
    ("a.sh", "printf -v DB_PASSWORD '%s' '‹password›'"),
    ("a.sh", "printf -v DB_PASSWORD ‹password›"),
    ("a.sh", "printf -v DB_PASSWORD -- '%s' ‹password›"),
    ("a.sh", "mapfile -t ACME_TOKEN <<< '‹hex›'"),
    ("a.sh", "ACME_TOKEN=$(echo ‹hex›)"),
    ("a.sh", "ACME_TOKEN=`echo ‹hex›`"),
    ("a.sh", "ACME_TOKEN=$(printf '%s' '‹hex›')"),
    ("a.fish", "set -gx DB_PASSWORD ‹password›"),
    ("a.fish", "set -Ux DB_PASSWORD '‹password›'"),
    ("a.fish", "set --export --global DB_PASSWORD ‹password›"),
    ("a.fish", "set -q DB_PASSWORD; or set DB_PASSWORD ‹password›"),
    ("a.fish", "set DB_PASSWORD ‹password›"),
    ("a.fish", "set DB_PASSWORD '‹password›'"),
    ("a.elv", "set-env DB_PASSWORD ‹password›"),
    ("a.bat", "setx DB_PASSWORD ‹password›"),
    ("a.bat", 'setx DB_PASSWORD "‹password›" /M'),
    ("a.cmd", "SETX /M ACME_TOKEN ‹hex›"),
    ("a.ps1", 'Set-Item -Path Env:DB_PASSWORD -Value "‹password›"'),
    ("a.ps1", "Set-Item Env:DB_PASSWORD ‹password›"),
    ("a.ps1", "Set-Variable -Name DbPassword -Value '‹password›'"),
    ("a.ps1", "New-Variable DbPassword '‹password›'"),
    ("a.sh", "launchctl setenv ACME_TOKEN ‹hex›"),
    ("a.sh", "gh secret set ACME_TOKEN --body ‹hex›"),
    ("a.sh", "gh secret set ACME_TOKEN -b'‹hex›'"),
    ("a.sh", "gh secret set ACME_TOKEN <<< '‹hex›'"),
    ("a.sh", "glab variable set ACME_TOKEN ‹hex›"),
    ("a.sh", "doppler secrets set ACME_TOKEN ‹hex›"),
    ("a.sh", "netlify env:set ACME_TOKEN ‹hex›"),
    ("a.sh", "poetry config http-basic.acme bob ‹password›"),
    ("a.sh", "poetry config pypi-token.acme ‹hex›"),
    ("a.sh", "composer config http-basic.acme.net bob ‹password›"),
    ("a.sh", "bundle config set acme.net bob:‹password›"),
    ("a.sh", "mc alias set acme https://s3.acme.net bob ‹password›"),
    ("a.sh", "pulumi config set --secret db:password ‹password›"),
    ("a.sh", "cargo login ‹hex›"),
    ("a.tcl", 'set ::env(DB_PASSWORD) "‹password›"'),
]
CLIENTS = [
    ("a.sh", "http GET https://x.acme.net/a Authorization:'Bearer ‹hex›'"),
    ("a.sh", "http GET https://x.acme.net/a 'Authorization:Bearer ‹hex›'"),
    ("a.sh", 'http https://x.acme.net/a Authorization:"Bearer ‹hex›"'),
    ("a.sh", "http https://x.acme.net/a Authorization:'Token ‹hex›'"),
    ("a.sh", "http https://x.acme.net/a Authorization:‹hex›"),
    ("a.sh", "http https://x.acme.net/a X-API-Key:‹hex›"),
    ("a.sh", "http https://x.acme.net/a X-API-Key:'‹hex›'"),
    ("a.sh", "http https://x.acme.net/a X-Auth-Token:‹hex› name=value"),
    ("a.sh", "https x.acme.net/a \\\n  X-API-Key:‹hex›"),
    ("a.sh", "xh x.acme.net/a x-api-key:‹hex›"),
    ("a.sh", "xhs x.acme.net/a PRIVATE-TOKEN:‹hex›"),
    ("a.sh", "http x.acme.net/a api_key:=‹hex›"),
    ("a.sh", "http -A bearer -a ‹hex› x.acme.net/a"),
    ("a.sh", "http --auth-type=bearer --auth=‹hex› x.acme.net/a"),
    ("a.sh", "xh -A bearer -a ‹hex› x.acme.net/a"),
    ("a.sh", "curlie -u bob:‹password› x.acme.net/a"),
    ("a.sh", "curl -H 'Authorization:Bearer ‹hex›' x"),
    ("a.sh", "curl -H Authorization:\\ Bearer\\ ‹hex› x"),
    ("a.sh", "curl -H X-Api-Key:‹hex› x"),
    ("a.sh", "curl -HX-Api-Key:‹hex› x"),
    ("a.sh", "curl --header X-Api-Key:‹hex› x"),
    ("a.sh", "curl --proxy-user bob:‹password› x"),
    ("a.sh", "curl -U bob:‹password› x"),
    ("a.sh", "curl --cert a.pem:‹password› x"),
    ("a.sh", "curl -sSu bob:‹password› x"),
    ("a.sh", "ab -A bob:‹password› http://x/"),
    ("a.sh", "hey -a bob:‹password› http://x/"),
    ("a.sh", "wscat --auth bob:‹password› -c ws://x"),
    ("a.sh", "skopeo copy --src-creds bob:‹password› docker://a docker://b"),
    ("a.sh", "skopeo inspect --creds=bob:‹password› docker://a"),
    ("a.sh", "buildah push --creds bob:‹password› a"),
    ("a.sh", "twine upload -u bob -p ‹password› dist/*"),
    ("a.sh", "zip -P ‹password› a.zip b"),
    ("a.sh", "unzip -P ‹password› a.zip"),
    ("a.sh", "unrar x -p‹password› a.rar"),
    ("a.sh", "nmcli dev wifi connect acme password ‹password›"),
    ("a.sh", "mosquitto_pub -u bob -P ‹password› -t a -m b"),
    ("a.sh", "rabbitmqadmin -u bob -p ‹password› list"),
    ("a.sh", "cqlsh -u bob -p ‹password› x"),
    ("a.sh", "kinit bob <<< '‹password›'"),
    ("a.sh", "echo '‹password›' | kinit bob"),
    ("a.sh", "echo '‹password›' | docker login -u bob --password-stdin"),
    ("a.sh", "docker login -u bob --password-stdin <<< '‹password›'"),
    ("a.sh", "sudo -S true <<< '‹password›'"),
    ("a.sh", "cryptsetup luksOpen /dev/x y <<< '‹password›'"),
    ("a.sh", "echo -n '‹password›' | cryptsetup luksOpen /dev/x y"),
    ("a.sh", "useradd -p $(openssl passwd -1 ‹password›) bob"),
    ("a.sh", "passwd --stdin bob <<< ‹password›"),
    ("a.sh", "smbpasswd -s -a bob <<< $'‹password›\\n‹password›'"),
    ("a.sh", "evil-winrm -i x -u bob -p ‹password›"),
    ("a.sh", "oc login -u bob -p ‹password› x"),
    ("a.sh", "cf login -u bob -p ‹password›"),
    ("a.sh", "vault login ‹hex›"),
    ("a.sh", "vault operator unseal ‹hex›"),
]


@pytest.mark.parametrize("end", ["\n", ""], ids=["line", "end-of-file"])
@pytest.mark.parametrize(("path", "text"), [*LANGUAGES, *SHELLS, *CLIENTS])
def test_a_literal_is_found_in_every_way_of_writing(folder: Repository, path: str, text: str, end: str) -> None:
    every = found(folder, path, text + end)
    assert every
    assert HEX not in repr(every)
    assert PASSWORD not in repr(every)


GUESSES = (".cmake", "CMakeLists.txt", "meson_options.txt", ".elv")
"""Files that are read as text: a value in them is less sure."""


@pytest.mark.parametrize(
    ("path", "text"), [one for one in (*LANGUAGES, *SHELLS, *CLIENTS) if not one[0].endswith(GUESSES)]
)
def test_a_literal_that_a_command_uses_is_no_guess(folder: Repository, path: str, text: str) -> None:
    assert {f.confidence for f in found(folder, path, text + "\n")} == {Confidence.HIGH}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        # what a Lisp says about a secret, and calls with one argument
        ("a.clj", '(defn password-of "Returns-the-password2" [x])'),
        ("a.clj", '(get-password "bob-2")'),
        ("a.clj", '(decrypt-token "Zm9vYmFyMTIz")'),
        ("a.clj", '{:type "password" :name "password"}'),
        ("a.clj", '{:password-label "Password"}'),
        ("a.clj", '(or (System/getenv "DB_PASSWORD") "")'),
        ("a.clj", '(or (System/getenv "DB_PASSWORD") (fail "DB_PASSWORD is not set"))'),
        ("config.edn", "{:db {:password #env DB_PASSWORD}}"),
        ("config.edn", '{:db {:password "changeme"}}'),
        ("config.edn", '{:db {:password "${DB_PASSWORD}"}}'),
        ("a.rkt", '(define (password-field x) "text2")'),
        ("a.js", '(or (getenv "DB_PASSWORD") "Xk3vb8Tn2q")'),
        # names of other variables, and values that a command computes
        ("Makefile", "X = $(or $(DB_PASSWORD),$(OTHER_PASSWORD))"),
        ("Makefile", "X = $(if $(DB_PASSWORD),--password,)"),
        ("Makefile", "DB_PASSWORD := $(or $(P),$(error DB_PASSWORD is missing))"),
        ("Makefile", "define PASSWORD_HELP\nusage\nendef"),
        ("Makefile", "ACME_TOKEN := $(shell cat token.txt)"),
        ("CMakeLists.txt", 'set(TOKEN_FILE "${CMAKE_SOURCE_DIR}/token2")'),
        ("a.sh", "read -r DB_PASSWORD < /run/secrets/db"),
        ("a.sh", 'read -r DB_PASSWORD <<< "$(pass show db)"'),
        ("a.sh", 'read -rsp "Password: " DB_PASSWORD'),
        ("a.sh", "printf -v DB_PASSWORD '%s' \"$PW\""),
        ("a.sh", 'ACME_TOKEN=$(echo "$X" | base64 -d)'),
        ("a.sh", 'ACME_TOKEN=$(printf \'%s:%s\' "$A" "$B")'),
        ("a.sh", "set -o pipefail"),
        ("a.sh", "gh secret set ACME_TOKEN < token.txt"),
        ("a.sh", 'gh secret set ACME_TOKEN --body "$ACME_TOKEN"'),
        ("a.sh", "gh secret set ACME_TOKEN --repo acme/api2"),
        ("a.ps1", "Set-Item Env:DB_PASSWORD $password"),
        ("a.ps1", "Set-Variable -Name Password -Scope Script2"),
        # arguments that are no passwords
        ("a.sh", "http https://x.acme.net/a X-API-Key:$KEY"),
        ("a.sh", 'http https://x.acme.net/a Authorization:"Bearer $TOKEN"'),
        ("a.sh", "curl https://x.acme.net/token:1a2b3c4d"),
        ("a.yml", "image: registry.acme.net/token:v1.2.3-4a5b6c7d"),
        ("a.sh", 'echo "$PW" | docker login -u bob --password-stdin'),
        ("a.sh", 'docker login -u bob --password-stdin <<< "$PW"'),
        ("a.sh", "cat pw.txt | docker login -u bob --password-stdin"),
        ("a.sh", "vault login -method=oidc role=admin2"),
        ("a.sh", "podman run -u root:wheel2 -p 8080:80 a"),
        ("a.sh", "curl -u bob:$PW https://x.acme.net"),
        ("a.sh", "wscat --auth bob:${PW} -c ws://x"),
        ("a.sh", "unzip -P $PW a.zip"),
        ("a.sh", "openssl passwd -6 -stdin"),
        ("a.md", "a vault login may take long2, and cargo login as well1"),
    ],
)
def test_what_only_looks_like_one_is_no_confident_finding(folder: Repository, path: str, text: str) -> None:
    assert [f for f in found(folder, path, text + "\n") if f.confidence is not Confidence.LOW] == []


@pytest.mark.parametrize(
    "text",
    [
        "[client]\nuser=bob\npassword=‹password›",
        "[client]\nhost=db\nuser=bob\npassword=‹password›",
        "[mysqldump]\nport=3306\npassword=‹password›\ndbname=x",
    ],
)
@pytest.mark.parametrize("path", [".my.cnf", "etc/my.cnf", "mariadb.cnf", "my.ini"])
def test_an_option_file_of_mysql_is_called_so(folder: Repository, path: str, text: str) -> None:
    assert [f.rule for f in found(folder, path, text + "\n")] == ["secrets/mysql-config"]


def test_a_keyword_string_of_postgresql_is_one_line(folder: Repository) -> None:
    every = found(folder, "a.txt", "host=db.acme.net user=app  password=‹password› dbname=shop\n")
    assert [f.rule for f in every] == ["secrets/libpq-dsn-password"]
