# ruff: noqa: E501 - a sample per line reads better than a sample per page
"""Daemons, installers, dialogues and requests: files that a single program reads."""

from __future__ import annotations

from planting import Sample

SAMPLES = (
    Sample(
        "ipsec-secrets", "etc/ipsec.secrets",
        '%any : PSK "«pw»"\nbob : XAUTH "«pw»"\n10.0.0.1 10.0.0.2 : PSK «pw»\n: RSA host.pem "«pw»"\n',
        ": RSA host.pem\n: PSK ${PSK}\n# : PSK \"x\"\n: RSA host.pem %prompt\ninclude /etc/ipsec.d/*.secrets\n",
    ),
    Sample("ppp-options", "etc/ppp/options.xl2tpd", "require-mschap-v2\nname bob\npassword «pw»\n", "name bob\npassword ${PASSWORD}\nnoauth\n"),
    Sample("ppp-secrets", "etc/ppp/l2tp-secrets", "* * «pw»\nlac lns «pw» \n", "# us them secret\n* * {{ secret }}\n"),
    Sample("chat-script", "chatscripts/isp", "ABORT BUSY\n'' ATDT123\nogin: bob\nassword: «pw»\n", "ABORT BUSY\n'' ATDT123\nassword: \\q$PASSWORD\n"),
    Sample("netctl-profile", "etc/netctl/home", "Interface=wlan0\nSecurity=wpa\nKey='«pw»'\n", "Interface=wlan0\nSecurity=wpa\nKey=${PSK}\n", "psk"),
    Sample("network-interfaces", "etc/network/interfaces", "iface wlan0 inet dhcp\n  wpa-ssid home\n  wpa-psk «pw»\n", "iface wlan0 inet dhcp\n  wpa-conf /etc/wpa.conf\n  wpa-psk {{ psk }}\n", "wpa-psk"),
    Sample(
        "uci-config", "etc/config/wireless",
        "config wifi-iface 'a'\n\toption ssid 'home'\n\toption key '«pw»'\n\toption sae_password «pw»\n",
        "config wifi-iface 'a'\n\toption ssid 'home'\n\toption encryption 'none'\n\toption key '$KEY'\n",
    ),
    Sample(
        "turn-server", "turnserver.conf",
        "realm=x.io\nuser=bob:«pw»\nuser=ann:«turn»\nstatic-auth-secret=«pw»\n",
        "realm=x.io\n#user=bob:x\nuser=${USER}:${PASSWORD}\nstatic-auth-secret={{ secret }}\nuse-auth-secret\n",
        "",
    ),
    Sample(
        "asterisk-registration", "asterisk/sip.conf",
        "[general]\nregister => bob:«pw»@sip.x.io/100\nregister => tls://ann:«pw»@sip.x.io\n",
        "[general]\n;register => bob:x@sip.x.io\nregister => bob:${PW}@sip.x.io\n",
    ),
    Sample(
        "asterisk-dialplan", "asterisk/extensions.conf",
        "[a]\nexten => 1,1,Authenticate(«pw»)\nsame => n,Set(VM_PASSWORD=«pw»)\nsame => n,DISA(«pw»,default)\n",
        "[a]\nexten => 1,1,Authenticate(${PIN})\nsame => n,Set(NAME=x)\nsame => n,DISA(/etc/asterisk/pins,default)\n",
    ),
    Sample(
        "sip-proxy", "kamailio/kamailio.cfg",
        '#!define DBPASS "«pw»"\n#!substdef "!DB_PASSWORD!«pw»!g"\nmodparam("uac", "auth_password", "«pw»")\n',
        '#!define WITH_TLS\nmodparam("auth_db", "password_column", "password")\nmodparam("uac", "auth_username", "bob")\n',
        "",
    ),
    Sample("sip-proxy-control", "kamailio/kamctlrc", "DBRWUSER=kamailio\nDBRWPW=«pw»\nDBROPW=\"«pw»\"\n", "# DBRWPW=x\nDBRWUSER=kamailio\nDBRWPW=${PW}\n"),
    Sample(
        "sendmail-authinfo", "mail/authinfo",
        'AuthInfo:smtp.x.io "U:bob" "I:bob" "P:«pw»" "M:PLAIN"\n',
        'AuthInfo:smtp.x.io "U:bob" "I:bob" "P:{{ password }}"\n',
    ),
    Sample(
        "exim-conf", "exim4/exim4.conf",
        "plain:\n  driver = plaintext\n  client_send = ^bob^«pw»\nlogin:\n  client_send = : bob : «pw»\n",
        "plain:\n  client_send = \"<; ^$auth1^$auth2\"\n  client_send = : ${USER} : ${PASSWORD}\n",
    ),
    Sample(
        "proftpd-conf", "proftpd/sql.conf",
        'SQLConnectInfo ftpd@localhost proftpd «pw»\nLDAPBindDN "cn=a,dc=b" "«pw»"\n',
        "# SQLConnectInfo a@b c d\nSQLConnectInfo ftpd@localhost proftpd {{ pw }}\nSQLConnectInfo %{env:DB}\n",
    ),
    Sample("vsftpd-users", "vsftpd/virtual_users.txt", "bob\n«pw»\nann\n«pw»\n", "bob\nann\nleo\n"),
    Sample(
        "irc-server", "inspircd/links.conf",
        '<link name="hub" sendpass="«pw»" recvpass="«pw»">\n<power diepass="«pw»">\noper god {\n\tpassword "«pw»";\n}\noper leo { password "«argon2»"; }\n',
        '<link name="hub" sendpass="&env.pass;" recvpass="${RECV}">\noper god { password "${PW}"; }\n',
    ),
    Sample("irc-server", "unrealircd.conf", 'cloak-keys {\n\t"«alnum:80»";\n\t"«alnum:80»";\n}\n', 'cloak-keys {\n\t"${KEY}";\n}\n', "key"),
    Sample(
        "irc-server-login", "eggdrop.conf",
        "set servers { irc.x.io:6667:«pw» irc.y.io:6697:«pw» }\nServer = irc.x.io +6697 «pw»\n",
        "set servers { irc.x.io:6667 irc.y.io:6697 }\nServer = irc.x.io +6697\n",
    ),
    Sample(
        "squid-conf", "squid.conf",
        "cache_peer h parent 3128 0 no-query login=bob:«pw»\ncachemgr_passwd «pw» all\n",
        "cache_peer h parent 3128 0 login=*:password\ncachemgr_passwd disable all\ncache_peer h parent 3128 0 login=PASS\n",
    ),
    Sample(
        "small-proxy", "3proxy.cfg",
        "users bob:CL:«pw» \"ann:CR:«md5crypt»\"\nBasicAuth bob «pw»\nUpstream http bob:«pw»@h:80\n",
        "users $/etc/users\nBasicAuth bob ${PW}\nUpstream http h:80\n",
    ),
    Sample(
        "monit-conf", "monitrc",
        'set httpd port 2812\n  allow admin:«pw»\nset mailserver x username "b" password "«pw»"\n',
        "set httpd port 2812\n  allow localhost\n  allow 10.0.0.0/8\n  allow fe80::1/10\n  allow @staff\n",
    ),
    Sample("nagios-resource", "nagios/resource.cfg", "$USER1$=/usr/lib/plugins\n$USER3$=«pw»\n", "$USER1$=/usr/lib/plugins\n#$USER3$=x\n"),
    Sample("ups-monitor", "nut/upsmon.conf", "MONITOR ups@h 1 bob «pw» primary\n", "MONITOR ups@h 1 bob {{ pw }} primary\nSHUTDOWNCMD \"x\"\n"),
    Sample("pre-shared-key-file", "zabbix_agentd.psk", "«hex:64»\n", "{{ psk }}\n", "psk"),
    Sample(
        "java-users", "jetty/realm.properties",
        "admin: «pw»,admin\nbob: «obf», user\nleo=«hex:32»\n",
        "# user: password\nadmin: ${ADMIN_PASSWORD},admin\n",
    ),
    Sample("jmx-password", "jmxremote.password", "monitorRole «pw»\ncontrolRole  «pw»\n", "# role password\nmonitorRole {{ pw }}\n"),
    Sample(
        "windows-unattend", "autounattend.xml",
        "<unattend><AutoLogon><Password><Value>«pw»</Value><PlainText>true</PlainText></Password></AutoLogon><AdministratorPassword><Value>«windows:AdministratorPassword»</Value></AdministratorPassword></unattend>",
        "<unattend><AutoLogon><Password><Value></Value></Password></AutoLogon><UserAccounts><Value>x</Value></UserAccounts></unattend>",
    ),
    Sample(
        "debian-preseed", "preseed.cfg",
        "d-i passwd/root-password password «pw»\nd-i passwd/root-password-crypted password «sha512crypt»\n",
        "d-i passwd/root-login boolean false\nd-i passwd/user-password password ${PW}\nd-i passwd/root-password seen false\n",
    ),
    Sample(
        "cloud-init-accounts", "user-data",
        "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n    root:«pw»\n    bob:«pw»\n",
        "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n    root:RANDOM\n    bob:R\n",
    ),
    Sample(
        "expect-script", "login.exp",
        'set password "«pw»"\nspawn ssh a@b\nexpect {\n  "yes/no" { send "yes\\r"; exp_continue }\n  "*?assword:*" { send -- "«pw»\\r" }\n}\narray set o {user bob password «pw»}\n',
        'set password [lindex $argv 0]\nset pass "$env(PASS)"\nexpect "password:"\nsend "$password\\r"\nexpect "$ "\nsend "ls -la1x\\r"\n',
        "",
    ),
    Sample(
        "robot-script", "login.robot",
        "*** Variables ***\n${PASSWORD}    «pw»\n*** Test Cases ***\nLog in\n    Input Password    id:pw    «pw»\n",
        "*** Variables ***\n${PASSWORD}    %{PASSWORD}\n*** Test Cases ***\nLog in\n    Input Password    id:pw    ${PASSWORD}\n",
        "",
    ),
    Sample(
        "apple-script", "run.applescript",
        'set thePassword to "«pw»"\ndo shell script "x" password "«pw»" with administrator privileges\n',
        'set thePassword to text returned of answer\ndo shell script "x" with administrator privileges\n',
        "",
    ),
    Sample(
        "hurl-file", "login.hurl",
        "GET https://api.x.io/a\n[BasicAuth]\nbob: «pw»\nHTTP 200\n\nGET https://api.x.io/b\n[Options]\nuser: bob:«pw»\nHTTP 200\n",
        "GET https://api.x.io/a\n[BasicAuth]\nbob: {{password}}\nHTTP 200\n",
    ),
    Sample(
        "http-file", "requests/login.http",
        "GET https://x.io\nAuthorization: Basic bob «pw»\n\n###\nGET https://x.io\nAuthorization: Basic bob:«pw»\n",
        "GET https://x.io\nAuthorization: Basic {{user}} {{password}}\n",
    ),
    Sample("davfs-secrets", "davfs2/secrets", "https://dav.x.io bob «pw»\n/mnt/dav ann \"«pw»\"\n", "# mount user password\nhttps://dav.x.io bob ${PW}\n"),
    Sample("ftp-script", "up.ftp", "open h\nuser bob «pw»\nput x\n", "open h\nuser bob\nput x\n"),
    Sample("routing-daemon", "frr/frr.conf", "router bgp 1\n neighbor 1.2.3.4 password «pw»\n", "router bgp 1\n neighbor 1.2.3.4 remote-as 2\n"),
    Sample("ldap-conf", "dovecot/dovecot-ldap.conf.ext", "hosts = ldap\ndn = cn=a\ndnpass = «pw»\n", "hosts = ldap\ndnpass = ${LDAP}\n", "dnpass"),
    Sample("snmp-conf", "snmpd.conf", 'createUser bob SHA "«pw»" AES "«pw»"\n', "rouser bob authPriv\n"),
    Sample("openvpn-login", "vpn/credentials", "bob\n«pw»\n", "flask==2.0\njinja2==3.1\n"),
    Sample("sasl-password", "opensmtpd/secrets", "relay bob:«pw»\n", "relay bob:${PW}\n"),
)  # fmt: skip
