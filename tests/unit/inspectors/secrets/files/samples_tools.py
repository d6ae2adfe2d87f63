# ruff: noqa: E501 - a sample per line reads better than a sample per page
"""Infrastructure tools, database and transfer clients, mail, HTTP clients, shells and CI."""

from __future__ import annotations

from planting import Sample

SAMPLES = (
    Sample(
        "terraform-state", "terraform.tfstate",
        '{"resources": [{"type": "aws_db_instance", "instances": [{"attributes": {"password": "«pw»", "port": 5432}}]}]}',
        '{"resources": [{"type": "aws_db_instance", "instances": [{"attributes": {"password": null, "username": "app"}}]}]}',
    ),
    Sample("cookie-jar", "all_cookies.txt", "# Netscape HTTP Cookie File\n\n.shop.test\tTRUE\t/\tTRUE\t1990000000\tsession-token\t«alnum:60»\n#HttpOnly_.mail.test\tTRUE\t/\tTRUE\t0\tsid\t«hex:40»\n.shop.test\tTRUE\t/\tFALSE\t1990000000\t_ga\tGA1.2.1290347.1700000000\n", "# Netscape HTTP Cookie File\n\n.shop.test\tTRUE\t/\tFALSE\t1990000000\t_ga\tGA1.2.1290347.1700000000\n.shop.test\tTRUE\t/\tFALSE\t0\tlang\ten-GB\n", ""),
    Sample("exported-cookies", "playwright/.auth/user.json", '{"cookies": [{"name": "sid", "value": "«alnum:40»", "domain": "shop.test", "path": "/", "expires": -1, "httpOnly": true, "secure": true}, {"name": "theme", "value": "dark", "domain": "shop.test", "path": "/", "httpOnly": false}], "origins": []}', '{"cookies": [{"name": "_ga", "value": "GA1.2.1290347.1700000000", "domain": "shop.test", "path": "/", "httpOnly": true}], "fields": [{"name": "session", "value": "k8Qm2vX7pLz4RtY9wBn3aaZZ19", "path": "/a"}]}', "sid"),
    Sample("terraform-variables", "prod.tfvars", 'region = "eu-west-1"\ndb_password = "«pw»"\n', 'region = "eu-west-1"\ndb_password = "${var.pw}"\n', "db_password"),
    Sample("terraformrc", ".terraformrc", 'credentials "app.terraform.io" {\n  token = "«alnum:60»"\n}\n', 'plugin_cache_dir = "$HOME/.cache"\n', "token"),
    Sample("ansible-inventory", "inventory/hosts", "web1 ansible_user=root ansible_ssh_pass=«pw» ansible_port=22\n", 'web1 ansible_user=root ansible_ssh_pass="{{ vault_pass }}"\n', "ansible_ssh_pass"),
    Sample("ansible-vault-password", ".vault_pass", "«pw»\n", "#!/bin/sh\nbw get password vault\n", "vault_password"),
    Sample("chef-knife", ".chef/knife.rb", 'knife[:aws_secret_access_key] = "«alnum:40»"\n', 'knife[:aws_secret_access_key] = ENV["AWS"]\nnode_name "bob"\n', "aws_secret_access_key"),
    Sample("puppet-hiera", "hieradata/common.yaml", "mysql::root_password: «pw»\n", "mysql::root_password: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCCAWYCAQAx]\n", "mysql::root_password"),
    Sample("vagrant-packer", "packer.json", '{"builders": [{"ssh_username": "root", "ssh_password": "«pw»"}]}', '{"builders": [{"ssh_password": "{{user `ssh_password`}}"}]}', "ssh_password"),
    Sample("dbeaver", "dbeaver-data-sources.xml", '<data-sources><connection host="db" user="app" password="«b64:12»"/></data-sources>', '<data-sources><connection host="db" user="app" password=""/></data-sources>'),
    Sample("database-client-json", "robomongo.json", '{"connections": [{"serverHost": "db", "credentials": [{"userName": "app", "userPassword": "«pw»"}]}]}', '{"connections": [{"serverHost": "db", "credentials": [{"userPassword": ""}]}]}'),
    Sample("jetbrains-data-sources", ".idea/dataSources.xml", "<data-source><jdbc-url>mongodb://app:«pw»@db.corp.io/a</jdbc-url></data-source>", "<data-source><jdbc-url>jdbc:mysql://db.corp.io/a</jdbc-url></data-source>"),
    Sample("heidisql", "heidisql.txt", "Servers\\prod\\Host<|||>1<|||>db\nServers\\prod\\Password<|||>1<|||>«hex:21»\n", "Servers\\prod\\Host<|||>1<|||>db\n", "Password"),
    Sample("pgadmin", "servers.json", '{"Servers": {"1": {"Username": "app", "Password": "«pw»"}}}', '{"Servers": {"1": {"Username": "app", "PassFile": "/pgpass"}}}', "Password"),
    Sample("navicat", "connection.ncx", '<Connections><Connection UserName="app" Password="«HEX:32»" /></Connections>', '<Connections><Connection UserName="app" Password="" /></Connections>'),
    Sample("squirrel-sql", "SQLAliases23.xml", "<Beans><Bean><userName>app</userName><password>«pw»</password></Bean></Beans>", "<Beans><Bean><password></password></Bean></Beans>"),
    Sample("sql-developer", "connections.xml", '<References><StringRefAddr addrType="password"><Contents>«HEX:32»</Contents></StringRefAddr></References>', '<References><StringRefAddr addrType="user"><Contents>app</Contents></StringRefAddr></References>'),
    Sample("mysql-config", ".my.cnf", "[client]\nuser=app\npassword=\"«pw»\" # mine\n", "[client]\nuser=app\nsocket=/run/mysqld.sock\n"),
    Sample("odbc", ".odbc.ini", "[prod]\nServer = db\nUID = app\nPWD = «pw»\n", "[prod]\nServer = db\nTrusted_Connection = yes\n", "PWD"),
    Sample("firefox-logins", "logins.json", '{"logins": [{"hostname": "https://a", "encryptedPassword": "«b64:60»"}]}', '{"logins": []}', "encryptedPassword"),
    Sample(
        "filezilla", "sitemanager.xml",
        '<FileZilla3><Servers><Server><Host>h</Host><User>bob</User><Pass encoding="base64">«b64pw»</Pass></Server></Servers></FileZilla3>',
        '<FileZilla3><Servers><Server><Host>h</Host><User>bob</User><Pass encoding="crypt">MzQ1</Pass></Server></Servers></FileZilla3>',
        "Pass",
    ),
    Sample("filezilla-server", "FileZilla Server.xml", '<FileZillaServer><User Name="bob"><Option Name="Pass">«HEX:128»</Option></User></FileZillaServer>', '<FileZillaServer><User Name="bob"><Option Name="Pass"></Option></User></FileZillaServer>', "Pass"),
    Sample("winscp", "WinSCP.ini", "[Sessions\\prod]\nHostName=h\nUserName=bob\nPassword=«HEX:60»\n", "[Sessions\\prod]\nHostName=h\nUserName=bob\n", "Password"),
    Sample("sftp-editor", "sftp-config.json", '{\n  // sftp, ftp or ftps\n  "type": "sftp",\n  "user": "bob",\n  "password": "«pw»",\n  //"passphrase": "x",\n}', '{"type": "sftp", "user": "bob", "password": ""}'),
    Sample("jetbrains-deployment", ".idea/webServers.xml", '<webServer name="prod"><fileTransfer host="h" password="«hex:40»" username="bob"/></webServer>', '<webServer name="prod"><fileTransfer host="h" username="bob"/></webServer>'),
    Sample("ftp-client-ini", "wcx_ftp.ini", "[prod]\nhost=h\nusername=bob\npassword=«HEX:32»\n", "[prod]\nhost=h\nusername=bob\n"),
    Sample("cyberduck", "prod.xftp", "[Connection]\nHost=h\nPassword=«alnum:24»\n", "[Connection]\nHost=h\nPassword=\n", "Password"),
    Sample("mutt", ".muttrc", 'set imap_user = "bob"\nset imap_pass = "«pw»"\n', 'set imap_pass = "`pass show mail`"\n', "imap_pass"),
    Sample("mail-transport", ".msmtprc", "account a\nuser bob\npassword «pw»\n", "account a\nuser bob\npasswordeval pass mail\n"),
    Sample("fetchmail", ".fetchmailrc", 'poll mail.corp.io proto imap user "bob" password "«pw»" ssl\n', 'poll mail.corp.io proto imap user "bob" ssl\n'),
    Sample("mail-synchronisation", ".offlineimaprc", "[Repository r]\nremoteuser = bob\nremotepass = «pw»\n", "[Repository r]\nremoteuser = bob\nremotepasseval = get()\n", "remotepass"),
    Sample("irc-client", ".irssi/config", 'servers = ( { address = "irc"; password = "«pw»"; } );\n', 'servers = ( { address = "irc"; use_tls = "yes"; } );\n'),
    Sample("pidgin-accounts", ".purple/accounts.xml", "<account><name>bob</name><password>«pw»</password></account>", "<account><name>bob</name></account>"),
    Sample("http-collection", "api.postman_collection.json", '{"auth": {"bearer": [{"key": "token", "value": "«alnum:40»", "type": "string"}]}}', '{"auth": {"bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]}}', "token"),
    Sample("http-request", "api.http", "GET https://a\nAuthorization: Bearer «alnum:40»\n", "GET https://a\nAuthorization: Bearer {{token}}\n", "Authorization"),
    Sample(
        "dotenv", ".env.production",
        "# comment\nexport DB_PASSWORD='«pw»'\nAPI_TOKEN=\"«alnum:40»\" # mine\nDATABASE_URL=postgres://app:«pw»@db/app\nPORT=80\n",
        "PORT=80\nDB_PASSWORD=\nAPI_TOKEN=${TOKEN}\nDATABASE_URL=postgres://db/app\nDB_PASSWORD_FILE=/run/secrets/db\n",
        "",
    ),
    Sample("shell-profile", ".bash_profile", "export PATH=$PATH:~/bin\nexport GITHUB_TOKEN=«hex:40»\nalias my='mysql -u root -p«pw» app'\n", "export PATH=$PATH:~/bin\nexport GITHUB_TOKEN=$(pass gh)\n", ""),
    Sample(
        "shell-history", ".bash_history",
        "ls -la\nmysql -u root -p«pw» shop\nsshpass -p '«pw»' ssh bob@h\ncurl -u bob:«pw» https://a\nPGPASSWORD=«pw» psql -h db\n"
        "docker login -u bob -p «pw» hub\nwget --password=«pw» https://a\nredis-cli -h r -a «pw» ping\n",
        "ls -la\nmysql -u root -p shop\ncp -p a b\nmkdir -p /srv/app\nssh -p 2222 h\ncurl -u $USER:$PASS https://a\ndocker run -p 8080:80 nginx\n",
        "",
    ),
    Sample("command-line", "deploy.sh", "#!/bin/sh\nmysqldump -uroot --password=«pw» app > a.sql\n", '#!/bin/sh\nmysqldump -uroot --password="$PW" app > a.sql\nmkdir -p out\n'),
    Sample("wireguard-key-file", "wg/privatekey", "«b64:32»\n", "PublicKey\n", ""),
    Sample("package-scripts", "package.json", '{"scripts": {"load": "DB_PASSWORD=«pw» node load.js --token «alnum:40»"}}\n', '{"scripts": {"load": "DB_PASSWORD=$DB_PASSWORD node load.js --token-file token"}}\n', ""),
    Sample("dockerfile", "Dockerfile", "FROM a\nENV DB_PASSWORD=«pw»\nARG API_TOKEN «alnum:40»\n", "FROM a\nARG DB_PASSWORD\nENV DB_PASSWORD_FILE=/run/secrets/db\n", ""),
    Sample(
        "ci-pipeline", ".gitlab-ci.yml",
        "variables:\n  DB_PASSWORD: «pw»\n  MODE: fast\nbuild:\n  script:\n    - docker login -u bot -p «pw» hub.corp.io\n",
        "variables:\n  MODE: fast\nenv:\n  global:\n    - secure: \"abcDEF123ghiJKL456mnoPQR789\"\nbuild:\n  script:\n    - docker login -u bot -p $CI_TOKEN hub.corp.io\n",
        "",
    ),
    Sample("compose-environment", "docker-compose.yml", "services:\n  db:\n    image: mysql\n    environment:\n      - MYSQL_ROOT_PASSWORD=«pw»\n", "services:\n  db:\n    image: mysql\n    environment:\n      - MYSQL_ROOT_PASSWORD=${PW}\n", "MYSQL_ROOT_PASSWORD"),
)  # fmt: skip
