# ruff: noqa: E501 - a file per line reads better than a file per page
"""Passwords that a script types, pipes or hands over in a here-document, and those of telephony; and what is none."""

from __future__ import annotations

import re

import draws
import pytest
from searching import Find
from secret_samples import PASSWORD

from seatrial.domain import Confidence
from seatrial.inspectors.secrets.engine import PatternEngine

FILES = [
    ("tab.ahk", "Send ada{Tab}«1»{Enter}\n"),
    ("raw.ahk", "SendInput, {Raw}«1»{Enter}\n"),
    ("router.sh", "telnet 10.0.0.1 23 <<EOF\nadmin\n«1»\nshow run\nEOF\n"),
    ("k3s.env", "K3S_TOKEN=«1»\n"),
    ("k3s.sh", "curl -sfL https://get.k3s.io | K3S_TOKEN=«1» sh -\n"),
    ("rke2.yml", "environment:\n  RKE2_TOKEN: «1»\n"),
    ("Load.scala", 'val h = http.baseUrl("x").basicAuth("svc_user","«1»")\n'),
    ("Load.kt", 'val h = http\n    .basicAuth("svcuser", "«1»")\n'),
    ("a.feature", 'Feature: Login\n  Scenario: ok\n    Given I log in as "admin" with password "«1»"\n'),
    ("b.feature", 'Feature: Login\n  Scenario: ok\n    When I enter "«1»" as password\n'),
    ("c.feature", 'Feature: x\n  Scenario: y\n    And the user "ada" has the password "«1»"\n'),
    ("d.feature", 'Feature: x\n  Scenario: y\n    And I fill in "Password" with "«1»"\n'),
    (
        "e.feature",
        "Feature: x\n  Scenario Outline: y\n    When I log in as <user>\n    Examples:\n      | user | password |\n      | ada  | «1» |\n",
    ),
    (
        "j.feature",
        "Feature: x\n  Scenario: z\n    Given the following users:\n      | name | email | password |\n      | ada | a@x.org | «1» |\n",
    ),
    ("k.feature", 'Feature: x\n  Scenario: z\n    When I sign in using credentials "ada" / "«1»"\n'),
    ("k2.feature", 'Feature: x\n  Scenario: z\n    When I type "«1»" into the password field\n'),
    ("k3.feature", 'Feature: x\n  Scenario: z\n    Angenommen ich melde mich mit dem Passwort "«1»" an\n'),
    ("k4.feature", "Feature: x\n  Scenario: z\n    Given the password is '«1»'\n"),
    ("k5.feature", 'Feature: x\n  Scenario: z\n    When I login with username "ada" and password "«1»"\n'),
    ("b.ahk", "; password\nSendInput «1»{Enter}\n"),
    ("d.ahk", "password = «1»\n"),
    ("e.ahk", "WinWaitActive, Enter password\nSend «1»{Enter}\n"),
    ("f.ahk", "::mypw::«1»\n"),
    ("g.ahk", "ControlSetText, Edit2, «1», Login\n"),
    ("h.ahk", "RunAs, Administrator, «1»\n"),
    ("i.ahk", 'RunAs("Administrator", "«1»")\n'),
    ("j.ahk", "InputBox, pw\n:*:]pw::«1»\n"),
    ("k.ahk", 'WinWait("Password:")\nSendText "«1»"\n'),
    ("a.au3", 'RunAs("Administrator", @ComputerName, "«1»", 0, "cmd.exe")\n'),
    ("c.au3", 'WinWaitActive("Password")\nSend("«1»{ENTER}")\n'),
    ("e.au3", 'ControlSetText("Login", "", "Edit2", "«1»")\n'),
    ("f.au3", 'RunAsSet("Administrator", @ComputerName, "«1»")\n'),
    ("g.au3", 'RunAsWait("bob", "DOM", "«1»", 0, "x.exe")\n'),
    ("h.au3", 'DriveMapAdd("X:", "\\\\srv\\share", 0, "dom\\bob", "«1»")\n'),
    ("extensions.conf", "[i]\nexten => 100,n,Set(PASSWORD=«1»)\n"),
    ("asterisk/users.conf", "[6000]\nsecret = «1»\n"),
    ("freeswitch/a.sh", "fs_cli -H host -p «1» -x status\n"),
    ("kamailio.cfg", '#!KAMAILIO\n#!define DBURL "mysql://kamailio:«1»@localhost/kamailio"\n'),
    ("kamailio.cfg", '#!define DBPASS "«1»"\nmodparam("auth_db", "password_column", "password")\n'),
    ("kamailio.cfg", 'modparam("uac", "auth_password", "«1»")\n'),
    ("kamailio.cfg", 'modparam("auth", "secret", "«1»")\n'),
    ("kamailio.cfg", '#!substdef "!MY_PASSWORD!«1»!g"\n'),
    ("kamailio.cfg", 'modparam("uac", "credential", "user:domain:«1»")\n'),
    ("kamctlrc", 'DBRWUSER="kamailio"\nDBRWPW="«1»"\nDBROPW="«2»"\n'),
    ("kamailio.cfg", '#!trydef DB_PASSWD "«1»"\n#!redefine API_KEY "«2»"\n'),
    (
        "kamailio.cfg",
        'modparam("db_redis", "schema", "x")\nmodparam("ndb_redis", "server", "name=srvN;addr=127.0.0.1;port=6379;db=1;pass=«1»")\n',
    ),
    ("opensips.cfg", 'modparam("uac_auth","credential","username:domain:«1»")\n'),
    ("kamailio.cfg", 'if (!auth_check...) pv_www_authenticate("$td", "«1»", "0")\n'),
    ("a.robot", "*** Variables ***\n${PASSWORD}    «1»\n"),
    ("b.robot", "*** Test Cases ***\nLogin\n    Input Password    id:pw    «1»\n"),
    ("c.robot", "*** Test Cases ***\nLogin\n    Log In    admin    «1»\n"),
    ("d.robot", "*** Keywords ***\nL\n    Input Text    id=password    «1»\n"),
    ("e.robot", "*** Keywords ***\nL\n    Set Suite Variable    ${PASSWORD}    «1»\n"),
    (
        "f.robot",
        "*** Keywords ***\nL\n    Open Connection And Log In    host    root    password=«1»\n    Login    root    «2»\n",
    ),
    ("g.robot", "*** Keywords ***\nL\n    ${password}=    Set Variable    «1»\n"),
    ("h.robot", "*** Keywords ***\nL\n    Fill Text    css=input[name=password]    «1»\n"),
    ("i.robot", "*** Settings ***\nSuite Setup    Login With    user=ada    password=«1»\n"),
    ("j.robot", "*** Variables ***\n&{CREDS}    user=ada    password=«1»\n"),
    ("k.robot", "*** Keywords ***\nL\n    VAR    ${PASSWORD}    «1»\n"),
    ("l.robot", "*** Keywords ***\nL\n    Fill Secret    id=pw    «1»\n    Type Secret    id=pw    «2»\n"),
    ("m.robot", "*** Keywords ***\nL\n    Connect To Database    pymysql    db    root    «1»    host\n"),
    ("a.sh", "chpasswd <<EOF\nroot:«1»\ndeploy:«2»\nada:«3»\nEOF\n"),
    ("b.sh", "smbpasswd -s -a bob <<EOF\n«1»\n«1»\nEOF\n"),
    ("c.sh", "htpasswd -i -c f bob <<EOF\n«1»\nEOF\n"),
    ("d.sh", "passwd --stdin bob <<EOF\n«1»\nEOF\n"),
    ("e.sh", "mysql -u root <<EOF\nCREATE USER 'a'@'%' IDENTIFIED BY '«1»';\nEOF\n"),
    (
        "f.sh",
        "mysql <<'SQL'\nSET PASSWORD FOR 'root'@'localhost' = PASSWORD('«1»');\nALTER USER a IDENTIFIED WITH mysql_native_password BY '«2»';\nSQL\n",
    ),
    (
        "g.sh",
        "psql <<-SQL\n\tCREATE ROLE app LOGIN PASSWORD '«1»';\n\tALTER USER b WITH ENCRYPTED PASSWORD '«2»';\n\tSQL\n",
    ),
    ("h.sh", "passwd bob <<EOF\n«1»\n«1»\nEOF\n"),
    ("i.sh", 'htpasswd -ci f bob <<< "«1»"\n'),
    ("j.sh", 'echo "«1»" | htpasswd -i f bob\n'),
    ("k.sh", 'printf "%s\\n%s\\n" "«1»" "«1»" | smbpasswd -s -a bob\n'),
    ("l.sh", "newusers <<EOF\nbob:«1»:1001:1001::/home/bob:/bin/sh\neve:«2»:1002:1002::/h:/bin/sh\nEOF\n"),
    ("m.sh", "kinit bob <<EOF\n«1»\nEOF\n"),
    ("n.sh", "cryptsetup luksFormat /dev/sda <<EOF\n«1»\nEOF\n"),
    ("o.sh", "docker login -u bob --password-stdin reg <<EOF\n«1»\nEOF\n"),
    ("p.sh", "ftp -n host <<EOF\nuser bob «1»\nput x\nquit\nEOF\n"),
    ("q.sh", "sudo -S apt update <<EOF\n«1»\nEOF\n"),
    ("r.sh", "cat <<EOF | chpasswd\nroot:«1»\ndeploy:«2»\nEOF\n"),
    ("s.sh", "sqlplus /nolog <<EOF\nCONNECT system/«1»@db\nALTER USER a IDENTIFIED BY «2»;\nEOF\n"),
    ("t.sh", 'mongosh <<EOF\nuse admin\ndb.createUser({user: "a", pwd: "«1»", roles: []})\nEOF\n'),
    ("u.sh", "redis-cli <<EOF\nAUTH «1»\nCONFIG SET requirepass «2»\nEOF\n"),
    ("v.sh", 'expect <<EOF\nspawn ssh bob@host\nexpect "password:"\nsend "«1»\\r"\nEOF\n'),
    ("y.sh", "ldapmodify -x <<EOF\ndn: cn=a\nuserPassword: «1»\nEOF\n"),
    ("aa.sh", "pdbedit -a -t bob <<EOF\n«1»\n«1»\nEOF\n"),
    ("ab.sh", "kadmin.local <<EOF\naddprinc -pw «1» bob\nEOF\n"),
    ("ac.sh", "vncpasswd -f <<EOF > ~/.vnc/passwd\n«1»\nEOF\n"),
    ("ad.sh", "docker secret create db_password - <<EOF\n«1»\nEOF\n"),
    ("ae.sh", 'printf "«1»" | docker secret create db_password -\n'),
    ("af.sh", 'echo "«1»" | docker secret create db_password -\n'),
    ("ag.sh", 'docker secret create db_password - <<< "«1»"\n'),
    ("ah.sh", "echo «1» | podman secret create db_password -\n"),
    ("aj.sh", "lftp <<EOF\nopen -u bob,«1» sftp://x\nEOF\n"),
    ("ak.sh", "sftp -b - <<EOF\nEOF\nsaslpasswd2 -p -c bob <<EOF\n«1»\nEOF\n"),
    ("al.sh", "gpg --batch --passphrase-fd 0 -d f <<EOF\n«1»\nEOF\n"),
    ("am.sh", 'gpg --passphrase-fd 0 -d f <<< "«1»"\n'),
    ("an.sh", 'echo "«1»" | gpg --batch --passphrase-fd 0 -d f\n'),
    ("ao.sh", 'printf "%s" "«1»" | helm registry login reg -u a --password-stdin\n'),
    ("Dockerfile", "FROM x\nRUN chpasswd <<EOF\nroot:«1»\nbob:«2»\nEOF\n"),
    ("playbook.yml", "- shell: |\n    chpasswd <<EOF\n    root:«1»\n    bob:«2»\n    EOF\n"),
    ("b.vbs", 'Set c = l.ConnectServer("srv", "root\\cimv2", "admin", "«1»")\n'),
    ("c.vbs", 'WshShell.AppActivate "Password"\nWshShell.SendKeys "«1»{ENTER}"\n'),
    ("d.vbs", 'net.MapNetworkDrive "X:", "\\\\srv\\s", False, "dom\\bob", "«1»"\n'),
    ("g.vbs", 'objUser.SetPassword "«1»"\n'),
    ("h.vbs", 'oExec = sh.Run("net user bob «1» /add")\n'),
    ("i.vbs", 'Set ns = dso.OpenDSObject("LDAP://x", "cn=a", "«1»", 1)\n'),
    ("j.bas", 'Sheet1.Unprotect Password:="«1»"\nActiveSheet.Protect "«2»"\n'),
]


@pytest.mark.parametrize(("path", "text"), FILES)
def test_every_password_is_found_in_its_line(find: Find, path: str, text: str) -> None:
    whole = text.replace("«", PASSWORD).replace("»", "")
    expected = {f"{PASSWORD}{number}" for number in "123" if f"«{number}»" in text}
    assert expected <= {value for _, value in find(path, whole)}


@pytest.mark.parametrize(("path", "text"), FILES)
@pytest.mark.parametrize("value", ["$PASSWORD", "${PASSWORD}", "<password>"])
def test_a_reference_in_its_place_is_none(find: Find, path: str, text: str, value: str) -> None:
    assert find(path, re.sub("«.»", value, text)) == []


PINS = [
    ("extensions.conf", "[internal]\nexten => 123,1,Authenticate(48151623)\n"),
    ("extensions.conf", "[i]\nexten => 100,1,Answer()\n same => n,Authenticate(9274)\n"),
    ("extensions.conf", "[i]\nsame => n,DISA(9274,default)\n"),
    ("extensions.conf", "[i]\nsame => n,VMAuthenticate(100@default)\n same => n,Authenticate(739152,a,6)\n"),
    ("extensions.ael", "context i { 100 => { Authenticate(739152); } }\n"),
    ("extensions.lua", 'extensions = { i = { ["100"] = function(c,e) app.authenticate("739152") end } }\n'),
    ("asterisk/meetme.conf", "[rooms]\nconf => 1234,7391,9999\n"),
    ("asterisk/confbridge.conf", "[u]\ntype=user\npin=739152\n"),
    ("asterisk/agents.conf", "[a]\nagent => 1001,739152,Mark\n"),
    ("asterisk/users.conf", "[6000]\nvmsecret = 739152\nsecret = ${X}\n"),
]


@pytest.mark.parametrize(("path", "text"), PINS)
def test_a_number_that_is_asked_for_is_a_weak_password(engine: PatternEngine, path: str, text: str) -> None:
    _, searched = engine.search(path, text.encode())
    assert {one.credential.confidence for one in searched.found} == {Confidence.LOW}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.feature",
            'Feature: a\n  Scenario: the password "reset" page\n    Given the "password" field is "required"\n',
        ),
        ("a.feature", 'Feature: a\n  Scenario: b\n    Then I see "Wrong password" in the "error" box\n'),
        (
            "a.feature",
            "Feature: a\n  Scenario: b\n    Given users\n      | user | password |\n      | ada | <password> |\n",
        ),
        ("a.ahk", "Send, Hello7World{Enter}\nWinWaitActive, Untitled\nSend file7.txt{Enter}\n"),
        (
            "a.ahk",
            "Send git log2{Enter}\nSend ls2{Enter}\nSend https://x.acme.net/a1b2c3{Enter}\nSend v2.13.1{Enter}\n",
        ),
        ("mail.sh", "telnet mx 25 <<EOF\nEHLO host7\nMAIL FROM:<a7@x.org>\nEOF\n"),
        ("cache.sh", "telnet cache 11211 <<EOF\nstats\nquit\nEOF\n"),
        ("web.sh", "telnet web 80 <<EOF\nGET / HTTP/1.1\nHost: x7.acme.net\n\nEOF\n"),
        ("k3s.env", "K3S_TOKEN_FILE=/etc/k3s/token7\n"),
        ("Load.scala", 'http.basicAuth("#{user}", "#{password}")\n'),
        ("a.ahk", "::btw::by7the-way\n#IfWinActive Login\nSend {Tab}\n"),
        ("a.au3", 'ControlSetText("Notes", "", "Edit1", "file7.txt")\nRun("cmd7.exe")\n'),
        ("a.vbs", 'net.MapNetworkDrive "X:", "\\\\srv7\\share"\nshell.SendKeys "%F4x"\n'),
        (
            "extensions.conf",
            "exten => 1,1,Authenticate(${PIN})\nsame => n,Authenticate(/etc/asterisk/pins)\nsame => n,Dial(SIP/100)\n",
        ),
        ("asterisk/meetme.conf", "[rooms]\nconf => 1234\n"),
        (
            "kamailio.cfg",
            '#!define WITH_AUTH\n#!define DBURL "mysql://h/db"\nmodparam("auth_db", "password_column", "ha1x7")\n',
        ),
        (
            "a.robot",
            "*** Keywords ***\nL\n    Log In    ${USER}    ${PASSWORD}\n    Input Text    id=username    ada7\n    Set Suite Variable    ${URL}    https://h7\n",
        ),
        ("a.sh", "cat <<EOF\nroot:hidden7word\nEOF\nchpasswd -e <<EOF\nroot:*\nEOF\n"),
        ("a.sh", "passwd --stdin bob <<EOF\n$PASSWORD\nEOF\nkinit bob <<EOF\n${P}\nEOF\n"),
        ("a.sh", "docker secret create tls-key7 ./key7.pem\ncat key7.pem | docker secret create tls-key7 -\n"),
        ("a.sh", "cut -d: -f1 /etc/passwd <<EOF\nhello7\nEOF\n"),
        ("a.sh", "redis-cli <<EOF\nSET greeting hello7\nPING\nEOF\n"),
    ],
)
def test_other_texts_are_none(find: Find, path: str, text: str) -> None:
    assert find(path, text) == []


LISTED = (
    "TOKEN                     TTL         EXPIRES                USAGES                   DESCRIPTION\n"
    "{0}   23h         2026-11-28T10:00:00Z   authentication,signing   <none>\n"
)
"""What `kubeadm token list` prints, by https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-token/"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("out.txt", LISTED),
        ("out.log", LISTED.replace("23h  ", "<forever>")),
        ("token.txt", "{0}\n"),
        ("kubeadm-token", "{0}\n"),
        ("join.sh", "kubeadm join 10.0.0.1:6443 --token {0} \\\n\t--discovery-token-ca-cert-hash sha256:1\n"),
        ("notes.md", "`kubeadm token create {0} --ttl 0`, and kubeadm join h:6443 --token={0}\n"),
    ],
)
def test_a_token_that_kubeadm_prints_is_found(find: Find, path: str, text: str) -> None:
    token = f"{draws.token_hex(3)}.{draws.token_hex(8)}"
    assert token in {value for _, value in find(path, text.format(token))}


@pytest.mark.parametrize("path", ["a.sh", "notes.md"])
def test_what_docker_prints_of_a_secret_is_none(find: Find, path: str) -> None:
    """By https://docs.docker.com/reference/cli/docker/secret/create/: the id of the secret, and a table with it."""
    printed = "onakdyv307se2tl7nl20anokv\n\n$ docker secret ls\nID   NAME\nonakdyv307se2tl7nl20anokv   my_secret\n"
    text = f'$ printf "{PASSWORD}" | docker secret create my_secret -\n{printed}'
    assert [value for _, value in find(path, text)] == [PASSWORD]
