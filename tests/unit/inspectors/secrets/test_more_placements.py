"""Literals that stand in for a variable, are spread over lines or literals, or are in a text inside of a program."""

from __future__ import annotations

import pytest
from searching import Repository
from secret_samples import HEX, PASSWORD, key_of_an_object

from seatrial.domain import Confidence, Finding
from seatrial.inspectors.secrets.inspector import Secrets


def found(folder: Repository, path: str, text: str) -> list[Finding]:
    folder.write(path, text)
    return [f for answer in Secrets().inspect(folder.context()) for f in answer.findings]


DEFAULTS = [
    ("a.py", 'x = env("ACME_SECRET", "{hex}")'),
    ("a.py", 'x = os.getenv("DB_PASSWORD", "{password}")'),
    ("a.py", 'x = os.environ.get("DB_PASSWORD", "{password}")'),
    ("a.py", 'x = os.environ.get("DB_PASSWORD") or "{password}"'),
    ("a.py", 'os.environ.setdefault("DB_PASSWORD", "{password}")'),
    ("a.py", 'x = config("DB_PASSWORD", default="{password}")'),
    ("a.py", 'x = env.str("ACME_SECRET", default="{hex}")'),
    ("a.py", 'acme_secret: str = Field(default="{hex}")'),
    ("a.js", 'const x = process.env.DB_PASSWORD || "{password}";'),
    ("a.js", 'const x = process.env["DB_PASSWORD"] ?? "{password}";'),
    ("a.rb", 'x = ENV.fetch("DB_PASSWORD", "{password}")'),
    ("a.rb", 'x = ENV.fetch("DB_PASSWORD") {{ "{password}" }}'),
    ("a.php", "<?php $x = env('DB_PASSWORD', '{password}');"),
    ("a.php", '<?php $x = getenv("DB_PASSWORD") ?: "{password}";'),
    ("a.go", 'x := getEnv("DB_PASSWORD", "{password}")'),
    ("a.go", 'viper.SetDefault("db.password", "{password}")'),
    ("A.java", 'String x = System.getenv().getOrDefault("DB_PASSWORD", "{password}");'),
    ("A.java", 'String x = System.getProperty("db.password", "{password}");'),
    ("a.kt", 'val x = System.getenv("DB_PASSWORD") ?: "{password}"'),
    ("a.rs", 'let x = env::var("DB_PASSWORD").unwrap_or("{password}".to_string());'),
    ("a.rs", 'let x = env::var("DB_PASSWORD").unwrap_or_else(|_| "{password}".into());'),
    ("a.ex", 'x = System.get_env("DB_PASSWORD", "{password}")'),
    ("a.cs", 'var x = Environment.GetEnvironmentVariable("DB_PASSWORD") ?? "{password}";'),
    ("a.ps1", '[Environment]::SetEnvironmentVariable("DB_PASSWORD", "{password}", "User")'),
    ("a.sh", 'X="${{DB_PASSWORD:-{password}}}"'),
    ("a.sh", 'X=${{DB_PASSWORD:-"{password}"}}'),
    ("a.sh", ': "${{DB_PASSWORD:={password}}}"'),
    ("compose.yaml", "services:\n  a:\n    environment:\n      X: ${{DB_PASSWORD:-{password}}}"),
    ("application.yml", "db:\n  password: ${{DB_PASSWORD:{password}}}"),
    ("a.j2", 'password: {{{{ db_password | default("{password}") }}}}'),
    ("a.yaml", 'password: {{{{ .Values.password | default "{password}" }}}}'),
]
CHOICES = [
    ("a.js", "const x = process.env.DB_PASSWORD === undefined ? '{password}' : process.env.DB_PASSWORD"),
    ("a.js", "const x = process.env.DB_PASSWORD ? process.env.DB_PASSWORD : '{password}'"),
    ("a.py", "x = os.environ['DB_PASSWORD'] if 'DB_PASSWORD' in os.environ else '{password}'"),
    ("a.py", "db_password: Optional[str] = field(default='{password}')"),
    ("a.py", 'parser.add_argument("--db-password", type=str, default="{password}", help="x")'),
    ("a.go", 'Password string `env:"DB_PASSWORD" envDefault:"{password}"`'),
    ("a.go", 'Password string `mapstructure:"db_password,omitempty" default:"{password}"`'),
    ("a.go", 'x := flag.String("db-password", "{password}", "the password")'),
    ("a.go", 'pflag.StringVar(&password, "password", "{password}", "the password")'),
    ("a.pl", 'my $x = $ENV{{DB_PASSWORD}} // "{password}";'),
    ("a.r", 'x <- Sys.getenv("DB_PASSWORD", unset = "{password}")'),
    ("a.dart", "const x = String.fromEnvironment('DB_PASSWORD', defaultValue: '{password}');"),
    ("main.tf", 'password = try(var.db_password, "{password}")'),
    ("main.tf", 'password = coalesce(var.db_password, "{password}")'),
    ("main.tf", 'password = var.x != "" ? var.x : "{password}"'),
    ("a.yml", "x: \"{{{{ lookup('env', 'DB_PASSWORD') | default('{password}', true) }}}}\""),
    ("templates/a.yaml", 'password: {{{{ default "{password}" .Values.db.password }}}}'),
]
OVER_LINES = [
    ("main.tf", "locals {{\n  db_password = <<EOT\n{password}\nEOT\n}}"),
    ("main.tf", 'resource "a" "b" {{\n  api_token = <<-EOT\n    {hex}\n  EOT\n}}'),
    ("main.tf", 'variable "db_password" {{\n  default = <<EOT\n{password}\nEOT\n}}'),
    ("main.tf", 'resource "a" "b" {{\n  user_data = <<-EOT\n    export DB_PASSWORD={password}\n  EOT\n}}'),
    ("main.tf", 'resource "a" "b" {{\n  content = <<EOF\ndb:\n  password: {password}\nEOF\n}}'),
    ("a.yaml", "password: |\n  {password}"),
    ("a.yaml", 'data:\n  config.json: |\n    {{"api_token": "{hex}"}}'),
    ("a.yaml", 'data:\n  config.json: |\n    {{\n      "db": {{"password": "{password}"}}\n    }}'),
    ("a.yaml", "data:\n  c.yaml: |\n    db:\n      password: {password}"),
    ("A.java", 'class A {{ String apiToken = """\n    {hex}\n    """; }}'),
    ("A.java", 'class A {{ String conf = """\n    db.password={password}\n    """; }}'),
    ("a.kt", 'val conf = """\n  password: {password}\n"""'),
    ("a.js", "const conf = `\nDB_PASSWORD={password}\nX=1\n`;"),
    ("a.js", "const apiToken = `\n{hex}\n`;"),
    ("a.py", 'CONF = """\n[db]\npassword = {password}\n"""'),
    ("a.py", "API_TOKEN = '''{hex}'''"),
    ("a.go", "const conf = `\ndb:\n  password: {password}\n`"),
    ("Dockerfile", "FROM x\nCOPY <<EOF /app/.env\nDB_PASSWORD={password}\nEOF"),
    ("Dockerfile", "FROM x\nCOPY <<EOF /app/c.yaml\ndb:\n  password: {password}\nEOF"),
    ("a.sh", "cat <<EOF > .env\nDB_PASSWORD={password}\nEOF"),
    ("a.sh", "tee /etc/x.yaml <<'EOF'\ndb:\n  password: {password}\nEOF"),
    ("a.nix", "  config = ''\n    password = {password}\n  '';"),
    ("a.properties", "db.password = \\\n    {password}"),
    ("a.ini", "[x]\npassword =\n    {password}"),
    ("a.toml", 'password = """\n{password}"""'),
]
PIECES = [
    ("a.py", 'API_TOKEN = "{first}" + "{second}"'),
    ("a.py", 'API_TOKEN = ("{first}"\n    "{second}")'),
    ("a.py", 'API_TOKEN = "{first}" \\\n    "{second}"'),
    ("a.js", 'const apiToken = "{first}" +\n    "{second}";'),
    ("A.java", 'String apiToken = "{first}"\n    + "{second}";'),
    ("a.php", "<?php $apiToken = '{first}' . '{second}';"),
    ("a.lua", 'api_token = "{first}" .. "{second}"'),
    ("a.c", 'const char *api_token = "{first}" "{second}";'),
    ("a.vb", 'apiToken = "{first}" & "{second}"'),
    ("a.js", "const apiToken = ['{first}', '{second}'].join('');"),
    ("a.py", "API_TOKEN = ''.join(['{first}', '{second}'])"),
]
COMMANDS = [
    ("a.sh", "helm install x y --set auth.password={password}"),
    ("a.sh", "helm upgrade x y --set a=1,auth.password={password},b=2"),
    ("a.sh", "kubectl create secret generic x --from-literal=password={password}"),
    ("a.bat", 'setx DB_PASSWORD "{password}"'),
    ("a.cmd", "@set ACME_TOKEN={hex}"),
    ("a.bat", 'set "DB_PASSWORD={password}"'),
    ("a.ps1", "$env:DB_PASSWORD = '{password}'"),
    ("Makefile", "run: export DB_PASSWORD={password}"),
    ("Makefile", "export DB_PASSWORD := {password}"),
    ("package.json", '{{"scripts": {{"x": "DB_PASSWORD={password} node ."}}}}'),
    ("package.json", '{{"scripts": {{"x": "cross-env ACME_TOKEN={hex} node ."}}}}'),
    ("a.yml", "script:\n  - PGPASSWORD={password} psql -h x"),
    ("a.sh", "docker run --env=DB_PASSWORD={password} acme"),
    ("a.sh", "sshpass -p'{password}' ssh x"),
    ("a.sh", "curl -ugw:{password} https://x.acme.net"),
    ("a.fish", "set -gx DB_PASSWORD {password}"),
    ("a.csh", "setenv DB_PASSWORD {password}"),
    ("a.sh", "zip -P {password} x.zip y"),
    ("a.sh", "7z a -p{password} x.7z y"),
    ("a.sh", "snmpwalk -v3 -u gw -A {password} h"),
    ("a.sh", "xfreerdp /u:gw /p:{password} /v:h"),
    ("a.sh", "gh secret set DB_PASSWORD --body {password}"),
    ("a.sh", "az keyvault secret set --name x --value {password}"),
    ("a.sh", "aws ssm put-parameter --name /x --value {password} --type SecureString"),
    ("a.sh", "npm config set //npm.acme.net/:_authToken {hex}"),
    ("a.yaml", "args: [--password, {password}]"),
    ("a.json", '{{"args": ["--password", "{password}"]}}'),
    ("a.reg", '"DefaultPassword"="{password}"'),
    ("a.plist", "<dict>\n<key>ApiToken</key>\n<string>{hex}</string>\n</dict>"),
]
HEADERS = [
    ("a.sh", "curl -H 'Authorization: ApiKey {hex}' https://x.acme.net"),
    ("a.sh", "curl -H 'Authorization: Token token={hex}' https://x.acme.net"),
    ("a.sh", "curl -H 'Authorization: Token token=\"{hex}\"' https://x.acme.net"),
    ("a.py", "h = {{'Authorization': 'ApiKey {hex}'}}"),
    ("a.py", "h = {{'Authorization': 'SSWS {hex}'}}"),
    ("a.js", "axios.defaults.headers.common['Authorization'] = 'Splunk {hex}';"),
    ("a.yml", "headers:\n  Authorization: GenieKey {hex}"),
]
OBJECTS = [
    ("k.json", '{{"d": "{d}", "kty": "EC", "crv": "P-256"}}'),
    ("k.js", "const k = {{d: '{d}', kty: 'EC', crv: 'P-256'}}"),
    ("k.js", "const k = {{\n  crv: 'P-256',\n  d: '{d}',\n  kty: 'EC',\n}}"),
    ("k.js", "const k = {{\n  d: '{d}',\n  x: '{d}',\n  kty: 'OKP',\n}}"),
    ("k.py", "k = {{'crv': 'P-256', 'd': '{d}', 'kty': 'EC'}}"),
    ("k.yaml", "kty: OKP\ncrv: Ed25519\nd: {d}"),
    ("k.json", '{{"k": "{d}", "alg": "HS256", "kty": "oct"}}'),
    ("k.js", "const k = {{k: '{d}', kty: 'oct'}}"),
    ("k.js", "const k = {{kty: 'oct', k: '{d}'}}"),
]
EVERY = [*DEFAULTS, *CHOICES, *OVER_LINES, *PIECES, *COMMANDS, *HEADERS, *OBJECTS]


@pytest.mark.parametrize("end", ["\n", ""], ids=["line", "end-of-file"])
@pytest.mark.parametrize(("path", "line"), EVERY)
def test_a_literal_is_found_wherever_it_stands(folder: Repository, path: str, line: str, end: str) -> None:
    key = key_of_an_object()
    half = len(HEX) // 2
    text = line.format(hex=HEX, password=PASSWORD, d=key, first=HEX[:half], second=HEX[half:])
    every = found(folder, path, text + end)
    assert every
    for value in (HEX, PASSWORD, key, HEX[:half], HEX[half:]):
        assert value not in repr(every)


@pytest.mark.parametrize(("path", "line"), [*DEFAULTS[:8], *DEFAULTS[10:27], *PIECES])
def test_a_literal_that_a_program_uses_is_no_guess(folder: Repository, path: str, line: str) -> None:
    half = len(HEX) // 2
    text = line.format(hex=HEX, password=PASSWORD, first=HEX[:half], second=HEX[half:])
    assert [f.confidence for f in found(folder, path, text + "\n")] == [Confidence.HIGH]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'x = os.getenv("DB_PASSWORD", "")'),
        ("a.py", 'x = os.getenv("DB_PASSWORD", "DB_PASSWORD_FILE")'),
        ("a.py", 'x = os.getenv("DB_PASSWORD", default_password)'),
        ("a.py", 'parser.add_argument("--password", "-p", help="the password")'),
        ("a.js", 'const x = process.env.TOKEN || "";'),
        ("a.sh", 'X="${DB_PASSWORD:-$OTHER}"'),
        ("a.sh", 'X="${DB_PASSWORD:?required}"'),
        ("a.j2", "password: {{ db_password | default(omit) }}"),
        ("a.js", "const conf = `\n  password: ${password}\n`;"),
        ("a.js", "const query = `\n  query { token: String\n password: Password }\n`;"),
        ("a.py", 'QUERY = """\n  password: str\n  token = Token\n"""'),
        ("a.py", 'parser.add_argument("--password", "--passwd2", type=str)'),
        ("a.go", 'x := flag.String("password-file", "password2.txt", "the file")'),
        ("a.ts", "function f(token?: 'abc1') {}"),
        ("a.js", "const x = token ? 'is-token2' : other;"),
        ("main.tf", "password = coalesce(var.db_password, var.other)"),
        ("a.yaml", "args: [--token-file, token2]"),
        ("a.sh", "aws ssm put-parameter --name /x --value Vrond7q --type String"),
        ("a.py", 'LABEL = "token" + "Label"'),
        ("a.sh", "curl -H 'Authorization: ApiKey $KEY' https://x.acme.net"),
        ("a.py", "h = {'Authorization': 'AWS4-HMAC-SHA256 Credential=x/20150830/us-east-1/iam/aws4_request'}"),
        ("a.py", "h = {'Authorization': 'Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa'}"),
        ("a.ini", "[x]\npassword =\nuser =\n    bob\n"),
        ("a.properties", "db.password = \\\n    ${DB_PASSWORD}"),
        ("a.js", "const k = {kty: 'EC', d: config.d}"),
        ("k.json", '{"kty": "EC", "crv": "P-256", "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"}'),
    ],
)
def test_what_only_looks_like_it_is_no_finding(folder: Repository, path: str, line: str) -> None:
    assert found(folder, path, line + "\n") == []
