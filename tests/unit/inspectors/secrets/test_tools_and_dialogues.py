"""Passwords as arguments of tools, as values of a store, and as answers of a program; and what looks like one."""

from __future__ import annotations

import pytest
from searching import Find
from secret_samples import PASSWORD

TOOLS = [
    "crackmapexec smb 10.0.0.0/24 -u bob -p '{}'",
    "bloodhound-python -u bob -p {} -d corp.io",
    "hydra -l bob -p {} ssh://10.0.0.1",
    'security unlock-keychain -p "{}" login.keychain',
    "kadmin -p admin -w {} -q listprincs",
    'kadmin.local -q "addprinc -pw {} bob"',
    "ipa-client-install -p admin -w {}",
    "signtool sign /f a.pfx /p {} a.exe",
    "schtasks /create /tn x /ru bob /rp {}",
    "cmdkey /add:h /user:bob /pass:{}",
    "winrs -r:h -u:bob -p:{} dir",
    "sc config svc obj= bob password= {}",
    "net user bob {} /add",
    "samba-tool user create bob {}",
    "wpa_passphrase home {} > a.conf",
    'nmcli con modify home wifi-sec.psk "{}"',
    "mosquitto_passwd -b /etc/mosquitto/passwd bob {}",
    "radtest bob {} localhost 0",
    "redis-cli AUTH {}",
    "redis-cli -h r auth bob {}",
    "redis-cli ACL SETUSER bob on '>{}' '~*'",
    "etcdctl --user root:{} get a",
    "sqlplus system/{}@//h:1521/x",
    "rman target sys/{}@x",
    "lftp -u bob,{} ftp.corp.io",
    "quote PASS {}",
    "/msg NickServ IDENTIFY {}",
    "chat -v '' ATDT1 'ogin:' bob 'assword:' {}",
    "echo 'mysql-server mysql-server/root_password password {}' | debconf-set-selections",
    "uci set wireless.a.key='{}'",
    "impacket-secretsdump corp.io/bob:'{}'@10.0.0.5",
    "psexec.py 'corp/bob:{}@dc01'",
    "wmiexec.py bob:{}@10.0.0.5 whoami",
    "GetNPUsers.py corp.io/bob:{} -dc-ip 10.0.0.1",
    "redis-cli SET secret:api {}",
    'redis-cli -h r HSET creds password "{}"',
    "consul kv put app/db/password {}",
    "etcdctl put /app/db/password {}",
    "SET secret:api {}",
    "echo {} | vncpasswd -f > a",
    "echo '{0}\\n{0}\\n' | kasmvncpasswd -u a -w",
    '(echo "{0}"; echo "{0}") | smbpasswd -a -s bob',
    "printf '%s\\n' '{}' | sudo -S true",
    "realm join -U a corp.io <<< '{}'",
    "chpasswd <<EOF\nbob:{}\nEOF",
    "ftp -n h <<EOF\nuser bob {}\nput a\nEOF",
    "ftp -n h <<EOF\nquote USER bob\nquote PASS {}\nEOF",
]


@pytest.mark.parametrize("template", TOOLS)
@pytest.mark.parametrize("path", ["deploy.sh", "deploy.yml", "notes.txt"])
def test_a_password_among_a_tools_arguments_is_found(find: Find, template: str, path: str) -> None:
    if path == "deploy.yml" and template.startswith("SET"):  # a file of commands is no YAML
        path = "seed.redis"
    text = (
        template.format(PASSWORD) if path != "deploy.yml" or "\n" in template else "run: " + template.format(PASSWORD)
    )
    assert PASSWORD in {value for _, value in find(path, text + "\n")}


@pytest.mark.parametrize("template", TOOLS)
@pytest.mark.parametrize(
    "value", ["$PASSWORD", "${PASSWORD}", "$(cat secret)", "%PASSWORD%", "<password>", "{{ password }}", "*"]
)
def test_a_reference_in_its_place_is_none(find: Find, template: str, value: str) -> None:
    assert find("deploy.sh", template.replace("{0}", "{}").replace("{}", value) + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "redis-cli SET greeting hello-world7",
        "redis-cli SET counter:page2 k3y9",
        "consul kv put app/replicas count3",
        "python run.py --image registry.io/app:1.2b@sha256:4f5a6b7c",
        "python build.py corp/app:v1.2.3 --push",
        "docker run -p 8080:80 app:1.4a",
        "net user bob /delete",
        "psexec \\\\h -s cmd7",
        "set -o pipefail7",
        "exp a/b7c@d",
        "open -u https://corp.io/a7",
        "SET timezone = 'UTC+2'",
        "hydra -L users.txt -P list7.txt ssh://h",
        "security create-keychain -p '' build.keychain",
        "wpa_passphrase --help",
        "sqlplus /nolog",
    ],
)
def test_other_arguments_are_none(find: Find, text: str) -> None:
    assert find("deploy.sh", text + "\n") == []


DIALOGUES = [
    ("deploy.sh", 'expect <<EOF\nspawn scp a b\nexpect "password:"\nsend "{}\\r"\nEOF\n'),
    ("deploy.sh", 'expect -c \'spawn ssh a@b; expect "assword:"; send "{}\\r"; interact\'\n'),
    ("notes.md", 'expect "password:"\nsend "{}\\r"\n'),
    ("a.py", 'child.expect("password:")\nchild.sendline("{}")\n'),
    ("a.py", "child.expect(['[Pp]assword'])\nchild.sendline('{}')\n"),
    ("a.py", 'tn.read_until(b"Password: ")\ntn.write(b"{}\\n")\n'),
    ("a.rb", 'io.expect(/password:/) {{ io.puts "{}" }}\nio.expect(/assword/)\nio.puts("{}")\n'),
    ("a.exp", 'expect {{\n  "*?assword:*" {{\n    sleep 1\n    send -- "{}\\r"\n  }}\n}}\n'),
    ("a.tcl", "set ::config::password {{{}}}\n"),
    ("a.tcl", 'variable password "{}"\n'),
    ("a.tcl", "dict set conf password {}\n"),
    ("a.tcl", "array set conf {{user bob password {}}}\n"),
]


@pytest.mark.parametrize(("path", "template"), DIALOGUES)
def test_an_answer_to_a_prompt_is_found(find: Find, path: str, template: str) -> None:
    assert PASSWORD in {value for _, value in find(path, template.format(PASSWORD, PASSWORD))}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.exp", 'expect "password:"\nsend "$password\\r"\nexpect "$ "\nsend "ls-7a\\r"\n'),
        ("a.exp", "set password [lindex $argv 0]\nset pass $env(PASS)\n"),
        ("a.exp", 'expect "password:"\nsend "[read_pass]\\r"\n'),
        ("a.exp", 'expect "login:"\nsend "deploy7\\r"\n'),
        ("a.py", 'log.info("password changed")\nself.write("state-7 is new")\n'),
        ("a.py", 'child.expect("password:")\nchild.sendline(password)\n'),
        ("a.py", 'print("Password: ")\nsocket.send("quit7")\n'),
        ("a.tcl", "set password_file /etc/app/pw7.txt\n"),
        ("a.sh", 'send_mail "password reset7"\n'),
    ],
)
def test_what_is_sent_elsewhere_is_none(find: Find, path: str, text: str) -> None:
    assert find(path, text) == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit",
    ["redis-cli auth ", "expect password send ", "x.py a:", "SET a:key ", "user a\n", "echo x; echo ", "nmcli con "],
)
def test_a_hostile_line_costs_no_more_than_any_other(find: Find, unit: str) -> None:
    find("a.sh", unit * 20_000)
    find("a.py", unit * 20_000)
