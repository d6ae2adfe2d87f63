# ruff: noqa: E501 - a sample per line reads better than a sample per page
"""Applications, servers, SQL, key stores and the generic syntaxes."""

from __future__ import annotations

from planting import Sample

SAMPLES = (
    Sample(
        "wordpress-config", "wp-config.php",
        "<?php\ndefine('DB_NAME', 'shop');\ndefine( 'DB_PASSWORD', '«pw»' );\ndefine('AUTH_KEY',  '«alnum:64»');\n",
        "<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_PASSWORD', getenv('PW'));\ndefine('AUTH_KEY', 'put your unique phrase here');\n",
        "",
    ),
    Sample("joomla-config", "configuration.php", "<?php\nclass JConfig {\n\tpublic $password = '«pw»';\n\tpublic $host = 'localhost';\n}\n", "<?php\nclass JConfig {\n\tpublic $password = '';\n}\n"),
    Sample("drupal-settings", "sites/default/settings.php", "<?php\n$databases['default']['default'] = array(\n  'username' => 'app',\n  'password' => '«pw»',\n);\n", "<?php\n *   'password' => 'password',\n$databases = array();\n"),
    Sample("magento-env", "app/etc/env.php", "<?php\nreturn ['db' => ['connection' => ['default' => ['password' => '«pw»']]]];\n", "<?php\nreturn ['db' => ['connection' => ['default' => ['password' => '']]]];\n"),
    Sample("phpmyadmin-config", "config.inc.php", "<?php\n$cfg['Servers'][$i]['password'] = '«pw»';\n", "<?php\n$cfg['Servers'][$i]['auth_type'] = 'cookie';\n"),
    Sample("laravel-config", "config/database.php", "<?php return ['mysql' => ['username' => 'app', 'password' => '«pw»']];\n", "<?php return ['mysql' => ['password' => env('DB_PASSWORD', '')]];\n"),
    Sample("php-config", "inc/config.php", '<?php\n$dbhost = "localhost";\n$dbpass = "«pw»";\n$c = mysqli_connect("localhost", "app", "«pw»");\n', "<?php\n$dbhost = 'localhost';\n$dbpass = getenv('PW');\n", ""),
    Sample("django-settings", "app/settings.py", "SECRET_KEY = '«alnum:50»'\nDATABASES = {'default': {'USER': 'app', 'PASSWORD': '«pw»'}}\n", "SECRET_KEY = os.environ['SECRET_KEY']\nDATABASES = {'default': {'PASSWORD': os.getenv('PW')}}\n", ""),
    Sample("rails-database", "config/database.yml", "production:\n  username: app\n  password: «pw»\n", "production:\n  username: app\n  password: <%= ENV['PW'] %>\n"),
    Sample("rails-master-key", "config/master.key", "«hex:32»", "not a key\n", "master.key"),
    Sample("rails-initializer", "config/initializers/secret_token.rb", "App.config.secret_key_base = '«hex:128»'\n", "App.config.secret_key_base = ENV['KEY']\n", "App.config.secret_key_base"),
    Sample("javascript-settings", "config/salesforce.js", "module.exports = { username: 'bob@corp.io', password: '«pw»' };\n", "module.exports = { password: process.env.SF_PASSWORD };\n"),
    Sample("java-properties", "src/main/resources/application.properties", "spring.datasource.username=app\nspring.datasource.password=«pw»\n", "spring.datasource.password=${DB_PASSWORD}\n", "spring.datasource.password"),
    Sample("spring-yaml", "application-prod.yml", "spring:\n  datasource:\n    username: app\n    password: «pw»\n", "spring:\n  datasource:\n    password: ${DB_PASSWORD}\n"),
    Sample("tomcat-users", "conf/tomcat-users.xml", '<tomcat-users><user username="admin" password="«pw»" roles="manager-gui"/></tomcat-users>', '<tomcat-users><!--<user username="a" password="b"/>--></tomcat-users>'),
    Sample("java-xml", "META-INF/persistence.xml", '<persistence><property name="javax.persistence.jdbc.password" value="«pw»"/></persistence>', '<persistence><property name="javax.persistence.jdbc.user" value="app"/></persistence>', "javax.persistence.jdbc.password"),
    Sample("jenkins-xml", "credentials.xml", "<com.cloudbees.plugins><username>bob</username><password>«pw»</password></com.cloudbees.plugins>", "<com.cloudbees.plugins><password>{AQAAABAAAAAQzc4V3vHpNVHpmPXdVOrvEXAM=}</password></com.cloudbees.plugins>"),
    Sample("jenkins-secret", "secrets/master.key", "«hex:256»", "none", "master.key"),
    Sample("jenkinsfile", "Jenkinsfile", "environment {\n  NEXUS_PASSWORD = '«pw»'\n}\n", "environment {\n  NEXUS_PASSWORD = credentials('nexus')\n}\n", "NEXUS_PASSWORD"),
    Sample("dotnet-json", "appsettings.json", '{"ConnectionStrings": {"Main": "Server=db;User Id=sa;Password=«pw»;"}}', '{"ConnectionStrings": {"Main": "Server=db;Trusted_Connection=True;"}}'),
    Sample("dotnet-config", "Web.config", '<configuration><connectionStrings><add name="Main" connectionString="Server=db;User Id=sa;Password=«pw»" /></connectionStrings></configuration>', '<configuration><connectionStrings><add name="Main" connectionString="Server=db;Integrated Security=True" /></connectionStrings></configuration>'),
    Sample("redis-conf", "redis.conf", "port 6379\nrequirepass «pw»\n", "# requirepass foobared\nport 6379\n", "requirepass"),
    Sample("redis-conf", "valkey.conf", "primaryauth «pw»\ntls-key-file-pass «pw»\n", "# primaryauth secret\nport 6379\n", ""),
    Sample("redis-conf", "sentinel.conf", "sentinel monitor m 10.0.0.1 6379 2\nsentinel auth-pass m «pw»\nsentinel sentinel-pass «pw»\n", "sentinel monitor m 10.0.0.1 6379 2\n", ""),
    Sample("tor", "etc/tor/torrc", "ControlPort 9051\nHashedControlPassword «tor»\n", "ControlPort 9051\nCookieAuthentication 1\n#HashedControlPassword 16:872860\n"),
    Sample("tor-client-key", "keys/shop.auth_private", f"{'abcdefg2' * 7}:descriptor:x25519:«base32:52»\n", "a:descriptor:x25519:A\n", "key"),
    Sample("grub", "etc/grub.d/40_custom", 'set superusers="root"\npassword_pbkdf2 root «grub:128»\npassword bob «pw»\n', "menuentry x {\n  linux /x password bob\n}\n"),
    Sample("haproxy-users", "haproxy.cfg", "userlist u\n  user bob password «sha512crypt»\n  user eve insecure-password «pw»\n", "userlist u\n  group g users bob\n"),
    Sample("pgbouncer-users", "pgbouncer/userlist.txt", '"bob" "«pgmd5»"\n"eve" "«pw»"\n', '"bob" ""\n'),
    Sample("couchdb-admins", "local.ini", "[couchdb]\nuuid = 1\n[admins]\nbob = «pw»\neve = «couchdb»\n[log]\nlevel = info\n", "[admins]\n;admin = mysecretpassword\n[log]\nfile = a\n"),
    Sample("rabbitmq-definitions", "definitions.json", '{"users": [{"name": "bob", "password_hash": "«b64:36»"}]}', '{"users": [{"name": "bob", "password_hash": ""}]}', "password_hash"),
    Sample("htpasswd", "mosquitto.passwd", "bob:«mosquitto»\n", "bob:x\n"),
    Sample("php-ini", "php.ini", "[MySQLi]\nmysqli.default_pw = «pw»\n", "[MySQLi]\nmysqli.default_pw =\n", "mysqli.default_pw"),
    Sample("openvpn", "client.ovpn", "client\n<key>\n«b64:400»\n</key>\n", "client\nkey client.key\n<ca>\nMIIB\n</ca>\n", "key"),
    Sample("openvpn-login", "openvpn/auth.txt", "bob\n«pw»\n", "bob\n"),
    Sample("wireguard", "wg0.conf", "[Interface]\nAddress = 10.0.0.1\nPrivateKey = «b64:32»\n", "[Interface]\nAddress = 10.0.0.1\n[Peer]\nPublicKey = AAAA\n", "PrivateKey"),
    Sample("wpa-supplicant", "wpa_supplicant.conf", 'network={\n  ssid="home"\n  psk="«pw»"\n}\n', 'network={\n  ssid="home"\n  key_mgmt=NONE\n}\n', "psk"),
    Sample("snmp-conf", "snmpd.conf", "rocommunity «pw» 10.0.0.0/8\n", "sysLocation attic\n", "community"),
    Sample("ldap-conf", "ldap.conf", "BASE dc=corp\nbindpw «pw»\n", "BASE dc=corp\nURI ldaps://l\n", "bindpw"),
    Sample("erlang-config", "ejabberd.cfg", '{auth_password, "«pw»"}.\n', "{loglevel, 4}.\n", "auth_password"),
    Sample("erlang-cookie", ".erlang.cookie", "«alnum:20»", "\n", "cookie"),
    Sample("znc", "znc.conf", "<User bob>\n\tPass = sha256#«hex:64»#«alnum:20»#\n</User>\n".replace("sha256#", "", 1).replace("#«alnum:20»#", ""), "<User bob>\n\tNick = bob\n</User>\n", "Pass"),
    Sample("ventrilo", "ventrilo_srv.ini", "[Server]\nName=a\nAdminPassword=«pw»\n", "[Server]\nName=a\nAdminPassword=\n", "AdminPassword"),
    Sample("bind-key", "rndc.key", 'key "rndc" {\n  algorithm hmac-sha256;\n  secret "«b64:32»";\n};\n', 'include "/etc/rndc.key";\n', "secret"),
    Sample("vnc-password", "ultravnc.ini", "[ultravnc]\npasswd=«HEX:18»\n", "[ultravnc]\npasswd=\n", "passwd"),
    Sample("remote-desktop", "srv.remmina", "[remmina]\nusername=bob\npassword=«b64:24»\n", "[remmina]\nusername=bob\npassword=.\n"),
    Sample("router-config", "core-sw1.cfg", "version 15.1\nhostname core\nenable secret 5 «md5crypt»\nusername bob password 7 «HEX:16»\n", "version 15.1\nhostname core\nservice password-encryption\n"),
    Sample(
        "sql-users", "dump.sql",
        "CREATE USER 'app'@'%' IDENTIFIED BY '«pw»';\nALTER ROLE app WITH PASSWORD '«pw»';\n"
        "INSERT INTO `wp_users` (`ID`, `user_login`, `user_pass`) VALUES (1, 'admin', '«phpass»'),\n(2, 'it''s', '«bcrypt»');\n"
        "COPY public.users (id, name, password) FROM stdin;\n1\tbob\t«hex:32»\n\\.\n",
        "CREATE TABLE users (id int, password varchar(64));\nINSERT INTO notes (id, text) VALUES (1, 'password');\nSELECT password FROM users WHERE id = 1;\n",
        "",
    ),
    Sample("config-json", "conf/thing.json", '{"db": {"user": "app", "password": "«pw»"}, "env": [{"name": "API_TOKEN", "value": "«alnum:40»"}]}', '{"password": "", "required": ["password"], "token": {"type": "string"}}', ""),
    Sample("config-yaml", "conf/thing.yaml", "db:\n  password: \"«pw»\" # mine\nenv:\n  - name: API_TOKEN\n    value: «alnum:40»\n", "db:\n  password: ${PW}\n  passwordSecretRef: db\n", ""),
    Sample("config-xml", "conf/thing.xml", '<conf><db password="«pw»"/><smtp><password>«pw»</password></smtp></conf>', "<conf><password></password><!-- <password>x</password> --></conf>"),
    Sample("config-ini", "conf/thing.ini", "[db]\npassword = «pw» ; mine\n", "[db]\npassword = %(pw)s\nuser = app\n"),
)  # fmt: skip

BINARY = (
    ("key-store", "release.jks", "debug.keystore"),
    ("password-database", "team.kdbx", "team.docx"),
    ("crypto-wallet", "wallet.dat", "wallet.png"),
    ("host-key-store", "http.keytab", "http.tab"),
    ("vnc-password-file", ".vnc/passwd", ".vnc/xstartup"),
)
"""Parser, a name that is found, and one that is not."""
