"""What was taken for a secret in published packages and is none, with siblings; and the secrets that look like it."""

from __future__ import annotations

import draws
import pytest
from searching import Find
from secret_samples import HEX, PASSWORD

from seatrial.domain import Confidence
from seatrial.inspectors.secrets.engine import PatternEngine

KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq" + "/K1SZFPTOtr/KBHBeksoGMGw=="


@pytest.mark.parametrize(
    ("path", "text"),
    [
        # names of codecs, versions, modules and entry points
        ("a.py", "encoded_password = password.encode('utf-16le')"),
        ("a.py", 'self.encrypt_password(password.encode("utf-16-be"))'),
        ("a.py", "password = passphrase.encode('cp1252')"),
        ("yarn.lock", 'parse-passwd "^1.0.0"'),
        ("pnpm-workspace.yaml", "tokenizer-token: ~2.4.1"),
        ("a.py", 'names = {"V1SecretProjection": ".models.v1_secret_projection"}'),
        ("setup.cfg", "[entry_points]\nauth =\n    v2password = keystoneclient.auth.identity.v2:Password"),
        ("entry_points.txt", "[auth]\nv3oidcpassword = client.contrib.auth.v3.oidc:OidcPassword"),
        # expressions of minified programs
        ("a.js", 'e(I,{name:`password-${e}`,type:"password",value:S[e],onChange:t=>T(e)})'),
        ("a.js", 'i(c,{label:(0,o.t)("Password:")}),name:"password",rules:[]'),
        # labels with a value for the program
        ("nodes.json", '{"name": "Symmetric (Passphrase)", "value": "symmetric2"}'),
        ("nodes.json", '{"name": "Username & Password", "value": "odooApi19"}'),
        # what another key opens
        ("a.yaml", "password: !encrypted/pkcs1-oaep\n  - R0AnQRtM0ObjNvqQgcE9KH1o4CeNwzPB4jUc0ji6BHjHL4zXPi1P29L1BZgc"),
        ("a.yaml", "password: !vault-encrypted\n  data: R0AnQRtM0ObjNvqQgcE9KH1o4CeNwzPB4jUc0ji6BHjH\nother: 1"),
        # published, or typed in order
        ("a.conf", "[jenkins]\npassword=1234567890abcdef1234567890abcdef"),
        ("a.js", 'new Error("must be like dotenv://:key_1234@dotenvx.com/vault/.env.vault")'),
        # what says of which kind the following key is
        ("a.py", 'onion._private_key = "ED25519-V3:" + onion.private_key'),
        ("a.js", 'const token = "v1.Access2:" + account.token'),
        ("a.php", '<?php $apiKey = "key2-of:" . $key;'),
        # prose in a block text, with a colon in it
        (
            "a.yaml",
            "upgrade:\n  - |\n    Behaviour can be restored by setting ``update_service_user_passwords: fa1se``\n",
        ),
        ("a.yaml", "text: |\n  to log in again, please use the new password: Xk3vb8Tn2q now\n"),
        # the kind of a thing, and a class whose name is parted
        ("a.py", '@pulumi.type_token("aws:ec2/vpcIpam2:VpcIpam2")'),
        ("a.py", 'x = {"username-password": "org.jenkins.credentialsbinding2.impl."\n    "UserPasswordBinding"}'),
        ("a.py", f'ACCOUNT_KEY = "{KEY}"'),
        ("a.py", 'update_token = "1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d"'),
        # where the value is, who types it, and an option in a text
        ("a.yaml", "langfuse_secret: os.environ/LANGFUSE_SECRET2 # project"),
        ("a.yaml", "api_key: env/ACME_API_KEY2"),
        ("a.py", "x = y.replace('TargetPassword=\"{}\"', 'TargetPassword=\"UserInput012345\"')"),
        ("configure", "  please specify x;\n            pass '-mfpu=neon7' to the compiler"),
        ("uwsgi.conf", 'ProxyPass "/share" "http://127.0.0.1:51999" retry=0'),
        ("a.py", 'ED25519_KEY_OPTIONAL_PASSPHRASE = "ed25519-key"'),
        ("a.ts", 'const DEFAULT_TOKEN = "eyJzZXNzaW9uX2lkIjogImRlZmF1bHQifQ";'),
        ("a.py", 'x = {"local_token": "/112f7a4a-0051-cc2b-3b61-1898181b9950"}'),
        # the name of the next member
        ("a.json", '{"name": "SNOWFLAKE_PASSWORD", "description": "Snowflake password", "secret": true}'),
        # a list, an attribute, the address of a contract
        ("ltmain.sh", 'if test "$linkmode,$pass" = "lib,link"; then :; fi'),
        ("a.py", "pw = 2.0**self.frac_bits"),
        ("a.py", "'CONDITIONAL_TOKENS': '0x22DA1810B194ca018378464a58f6Ac2B10C9d244',"),
        # a type, an option, an algorithm, the name once more, a test vector, a program that makes an inventory
        ("a.py", "x = {'password_verifiers': 'list[UserExtPassword2Verifiers]'}"),
        ("a.java", 'String password = "Map<String, Pass2Word>";'),
        ("a.py", "password = '--password=' + PASSWORD"),
        ("a.py", 'bind_pw = runner.as_opt_val("--bindpw2")'),
        ("a.py", "if default_pw_encryption == 'scram-sha-256': pass"),
        ("a.py", "x = {'bindpw': 'bind-pw'}"),
        ("a.py", "salt = bytes.fromhex('000102030405060708090a0b0c')"),
        ("plugins/inventory/vm.py", "connect(username=username, password=password, ansible_host=1)"),
        ("inventory/make.py", "ansible_password=pass7word"),
        # a public key, and bytes of a picture
        ("a.py", 'HOST_RSA_KEY = "AAAAB3NzaC1yc2EAAAABIwAAAQEAq2A7hRGmdnm9tUDbO9IDSwBK6TbQa+PXYPCPy6rbTrTtw7"'),
        # countries, the checksums of files, the name of a feature, and a piece of a longer text in Base64
        ("a.js", 'x={"und-PS":"ar-Arab-PS","und-PT":"pt-Latn-PT","und-PW":"pau-Latn-PW","und-PY":"gn-Latn-PY"};'),
        ("a.js", 'zones = {"PT":"Europe/Lisbon","PW":"Pacific/Palau","PY":"America/Asuncion"};'),
        ("codes.json", '{"PT": "^\\\\d{4}-\\\\d{3}$", "PW": "^96940$", "PY": "^\\\\d{4}$"}'),
        (".cargo-checksum.json", '{"files":{"src/token.rs":"' + HEX * 2 + '","tests/ca.key":"' + HEX * 2 + '"}}'),
        ("sums.json", '{"src/api_key.ts": "sha256-n4bQgYhMfWWaLqgxVrQFaO/TxsrC4Is0V1sFbDwCgg1="}'),
        (
            "features.js",
            'exports.LOG_GROUP_POOL_CLIENT_SECRET_VALUE = "@aws-cdk/kinesis:logGroupPoolClientSecretValue";',
        ),
        ("a.json", '{"base64": "AhgjwkQ7f2mAAAAAAAAAAM7ULEA6uKKv4Pu4Sa3aAt7dXtEwfQC98aJoLBapHTxQ+xXtn5GWPynOZQNtV"}'),
        # an entity, and the arguments of a call
        ("login.dtml", '<input type="hidden" name="password" value="&dtml-passwd2;" />'),
        ("a.py", "return edit(host=host, user=user, password=user.passwd)"),
        ("a.py", '    "d7kkR3L4ms8PWmjyzifP3T33PM+1FO1gQ6/u+DtcH5V2uPh86DmOvwt+B7p7etLpuE7jmb0g"'),
    ],
)
def test_what_is_no_secret_is_no_finding(find: Find, path: str, text: str) -> None:
    assert find(path, text + "\n") == []


GUESSES = [
    # usage texts, documentation within data, source maps, doctests in notes
    ("a.py", 'longdesc = textwrap.dedent("""\n  --db=\'mysql://bbuser:{0}@dbhost/db\'\n""")'),
    ("a.py", 'print("""\n  tool --password="{0}"\n""")'),
    ("a.json", '{{\n  "documentation": "<p>Use password=\\"{0}\\" here</p>"\n}}'),
    ("a.json", '{{\n  "code_example": "connect(\\n    password=\\"{0}\\",\\n)"\n}}'),
    ("a.js.map", '{{"s": "/**\\n * ```ts\\n * login({{ password: \\"{0}\\" }})\\n */\\nf()"}}'),
    # an answer that a double gives, and texts of a user interface
    ("models.py", 'ANSWER = """\n<ike>\n  <pre_shared_key>{1}</pre_shared_key>\n</ike>\n"""'),
    ("models.py", 'answer = {{"VerificationToken": "{1}"}}'),
    ("translations/es/messages.json", '{{"x": ["postgresql://usuario:{0}@db/app"]}}'),
    ("a.gql", 'imageUrl: "https://storage.acme.net/o/a.jpeg?alt=media&token=4142e2a1-bf43-43b5-b7cf-6616be3fd4e3"'),
    # names that are put together from words
    ("symbols.json", '{{"key": "squared_cjk_unified_ideograph_7a7a"}}'),
    ("zuul.yaml", "secret: swift-dockerhub-2026"),
    ("zuul.d/copr.yaml", "secrets:\n  - name: kolla_copr_erlang26\n    secret: kolla_copr_erlang26_jul_2026"),
    # names of options and columns
    ("a.py", 'VMAX_PASSWORD = "san_password"'),
    ("constants.py", 'CONF_PWD = "san_password"'),
    ("a.py", 'KEYS = {{"password": "san_password", "user": "san_login"}}'),
    ("a.py", "renamed = dict(\n    mod_password='moderator_password',\n)"),
    ("a.js", 'const passwordField = "login_pwd";'),
    ("a.py", 'KEK_SALT = b"mlflow-secrets-kek-v1-2025"'),
    ("a.sh", "DB_PASSWORD=${{DB_PASSWORD:-insecure_slave9}}"),
    # what says of itself that it is an example, or protects nothing
    ("a.py", "help = \"Use the hash. Example api_key='{1}'\""),
    ("a.py", "log.warning(\"for example: 'docker login h -u a -p {0}'\")"),
    ("_help.py", 'helps[\'aks create\'] = """\ntext: aks create --windows-admin-password \'{0}$\'\n"""'),
    ("a.sh", "openssl genpkey -out ca.pem -aes-128-cbc -pass pass:not-secure-passphrase"),
    # right behind the words that call it an example, even with a provider's structure
    ("a.py", '"""\nAzure storage account key.\ne.g.: AccountKey={1}\n"""'),
    ("a.py", "# token, e.g. ghp_" + "{2}"),
    ("a.yml", "EXAMPLES: |\n  - name: x\n    trust_password: {0}\n"),
    ("a.yml", "DOCUMENTATION:\n  options:\n    password: {0}\n"),
    ("a.py", "class A:\n    _TESTS = [{{\n        'a': 1,\n    }}, {{\n        'videopassword': '{0}',\n    }}]\n"),
    ("tools/configure_for_func_testing.sh", "RABBIT_PASSWORD=${{RABBIT_PASSWORD:-{0}}}"),
    ("trove.conf.test", "nova_proxy_admin_pass = {0}"),
    # tests of Ansible, of OpenStack and of others; the name of the program, and a word beside `password`
    ("devstack/lib/federation.sh", "IDP_PASSWORD=${{IDP_PASSWORD:-{0}}}"),
    ("zabbix/agent.yml", "password: zabbix"),
    ("cyberark/pas/install.yml", "initial_password: Cyberark1"),
    ("a.yml", "share_password: cifs_password"),
    ("a.yml", "setup_user_password: setuppwd"),
    ("a.ps1", '$password = "gsma_password"'),
    ("a.js", "this.render({{target:n,pass:`collision-filter`}})"),
    # Markdown in a text of YAML
    ("settings.yaml", "about: |-\n  Example:\n\n  ```python\n  ARGS = {{\n    'api_key': '{1}',\n  }}\n  ```\n"),
    ("form.yml", "value: |\n  ~~~\n  DB_PASSWORD = '{0}'\n  ~~~\n"),
    ("masks.yaml", 'about: |\n    | in | out |\n    | {{"password": "{0}"}} | hidden |\n'),
    # values for a preview, and of a test beside the code
    ("src/services/placeholders.py", "x = {{'order': 'F8VVL', 'secret': '{1}'}}"),
    ("src/credential.rs", '#[cfg(test)]\nmod tests {{\n    const API_SECRET: &str = "{1}";\n}}'),
]


@pytest.mark.parametrize(("path", "text"), GUESSES)
def test_what_may_be_an_example_is_a_guess(engine: PatternEngine, path: str, text: str) -> None:
    _, searched = engine.search(path, (text.format(PASSWORD, HEX, draws.token_hex(18)) + "\n").encode())
    assert {f.credential.confidence for f in searched.found} <= {Confidence.LOW}


@pytest.mark.parametrize("text", ["Authorization: Basic {0}", "  Authorization: Basic {0}\n  Cookie: a=b"])
def test_http_basic_in_a_doctest_is_a_guess(engine: PatternEngine, text: str) -> None:
    import base64

    value = base64.b64encode(f"mgr:{PASSWORD}".encode()).decode()
    _, searched = engine.search("notes/groups.rst", text.format(value).encode())
    assert searched.found
    assert not any(f.credential.structured for f in searched.found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "password = '{0}'.encode('utf-16le')"),
        ("a.py", 'ACCOUNT_KEY = "{1}"'),
        ("a.py", 'refresh_token = "{2}"'),
        ("nodes.json", '{{"name": "DB_PASSWORD", "value": "{0}"}}'),
        ("a.js", '{{name: "password", value: "{0}"}}'),
        ("a.yaml", "password: !!str {0}"),
        ("a.sh", 'curl "https://api.acme.net/v1/users?token={1}"'),
        ("a.js.map", '{{"s": "/**\\n * Logs in.\\n */\\nconst password = \\"{0}\\";\\nf()"}}'),
        ("a.json", '{{\n  "example": 1,\n  "password": "{0}"\n}}'),
        ("a.py", 'conf = """\nservice: x\n"""\npassword = "{0}"'),
        ("a.xml", "<pre_shared_key>{1}</pre_shared_key>"),
        (".npmrc", "//npm.acme.net/:_authToken={1}"),
        ("a.ts", 'const TOKEN = "eyJ{2}";'),
        ("a.py", 'ED25519_KEY_PASSPHRASE = "ed25519-{0}"'),
        ("a.py", 'url = "https://api.example.com/x"; password = "{0}"'),
        ("a.json", '{{"SNOWFLAKE_PASSWORD": "{0}", "description": "x"}}'),
        ("a.sh", "openssl genpkey -out ca.pem -aes-128-cbc -pass pass:{0}"),
        ("a.py", "class A:\n    _TESTS = [{{\n        'a': 1,\n    }}]\n    PASSWORD = '{0}'\n"),
        ("a.py", 'PRIVATE_KEY = "0x{1}{1}"'),
        ("a.html", '<input type="hidden" name="password" value="{0}" />'),
        ("a.txt", "host=db.acme.net user=app password={0} dbname=shop"),
        ("a.js", 'x = {{"DB": "shop", "PW": "{0}", "PORT": 1}}'),
        ("a.json", '{{"PT": "PRT", "PW": "{0}"}}'),
        ("a.json", '{{"files": {{"src/token.rs": "x"}}, "auth.token": "{1}"}}'),
        ("a.js", 'exports.LOG_CLIENT_SECRET_VALUE = "{1}";'),
        ("a.json", '{{"dropbox": "{3}AAAAAAAAAA{4}"}}'),
        ("a.yaml", "about: |\n  ```\n  x\n  ```\n  password: {0}\n"),
        ("a.yaml", "about: |\n  ```\n  without an end\npassword: {0}\n"),
        ("src/credential.rs", '#[cfg(test)]\nmod tests {{\n}}\nconst API_SECRET: &str = "{1}";'),
    ],
)
def test_the_secret_beside_it_stays_confident(engine: PatternEngine, path: str, text: str) -> None:
    drawn = (draws.token_hex(20), draws.uuid4(), draws.token_hex(6)[:11], draws.token_hex(22)[:43])
    _, searched = engine.search(path, (text.format(PASSWORD, *drawn) + "\n").encode())
    assert Confidence.HIGH in {f.credential.confidence for f in searched.found}, searched.found
