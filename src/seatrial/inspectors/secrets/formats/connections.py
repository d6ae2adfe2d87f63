"""Connection strings, URLs and command lines that carry a password."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_password

CRITICAL, HIGH, MEDIUM = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
_RFC = "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"

_USER = r"[^\s:@/\"'<>`\\]{0,100}"
_PASSWORD = r"[^\s:@/\"'<>`\\]{3,150}"  # noqa: S105 - a pattern
_HOST = r"@[0-9A-Za-z\[$%{_]"
_SAMPLE = "{printable:14}"


def _url(id: str, title: str, documentation: str, schemes: str, *, severity: Severity = CRITICAL) -> Format:  # noqa: A002
    """`scheme://user:password@host`; the password is the secret."""
    first = schemes.partition("|")[0]
    return token(
        id,
        title,
        documentation,
        severity,
        f"{first}://app:<<{_SAMPLE}>>@db.corp.io/",
        pattern=rf"(?i:{schemes})(?:\+[0-9A-Za-z_+]{{1,20}})?://{_USER}:(?P<secret>{_PASSWORD}){_HOST}",
        keywords=("://",),
        counter_example=f"{first}://app:${{PASSWORD}}@db.corp.io/",
        min_entropy=1.0,
        verify=is_password,
        left="[0-9A-Za-z_]",
        right="",
    )


URLS: tuple[Format, ...] = (
    _url(
        "mongodb-url-password",
        "password in a MongoDB URL",
        "https://www.mongodb.com/docs/manual/reference/connection-string/",
        "mongodb|mongodb\\+srv",
    ),
    _url(
        "postgres-url-password",
        "password in a PostgreSQL URL",
        "https://www.postgresql.org/docs/current/libpq-connect.html",
        "postgres|postgresql|postgis|pgsql|psql|cockroachdb|redshift|timescaledb",
    ),
    _url(
        "mysql-url-password",
        "password in a MySQL or MariaDB URL",
        "https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html",
        "mysql|mysql2|mysqlx|mariadb|tidb|vitess",
    ),
    _url(
        "redis-url-password",
        "password in a Redis URL",
        "https://redis.io/docs/latest/develop/clients/",
        "redis|rediss|valkey|keydb|redis-sentinel",
    ),
    _url(
        "amqp-url-password",
        "password in an AMQP URL",
        "https://www.rabbitmq.com/docs/uri-spec",
        "amqp|amqps|rabbitmq|pyamqp",
    ),
    _url(
        "sql-server-url-password",
        "password in a SQL Server, Oracle or Snowflake URL",
        "https://docs.sqlalchemy.org/en/20/core/engines.html",
        "mssql|sqlserver|oracle|snowflake|db2|sybase|firebird|teradatasql|vertica|databricks",
    ),
    _url(
        "search-url-password",
        "password in a URL of a database",
        "https://docs.sqlalchemy.org/en/20/core/engines.html",
        "clickhouse|clickhousedb|elasticsearch|opensearch|couchdb|couchbase|couchbases|influxdb|neo4j|neo4j\\+s|bolt|arangodb|cassandra|presto|trino|hive|druid|impala|questdb|memcached|solr|libsql",
    ),
    _url(
        "broker-url-password",
        "password in a URL of a message broker",
        "https://docs.nats.io/using-nats/developer/connecting/userpass",
        "nats|mqtt|mqtts|stomp|kafka|pulsar|ws|wss|tcp|tls|ssl",
    ),
    _url(
        "mail-url-password",
        "password in a URL of a mail server",
        "https://symfony.com/doc/current/mailer.html#transport-setup",
        "smtp|smtps|imap|imaps|pop3|pop3s|submission|submissions|gmail\\+smtp|ses\\+smtp|mailgun\\+smtp",
    ),
    _url("directory-url-password", "password in an LDAP URL", "https://www.rfc-editor.org/rfc/rfc4516", "ldap|ldaps"),
    _url(
        "file-transfer-url-password",
        "password in an FTP, SFTP, SSH or SMB URL",
        _RFC,
        "ftp|ftps|sftp|ssh|scp|smb|cifs|afp|webdav|webdavs|dav|davs|rsync|svn|svn\\+ssh|hg|telnet|vnc|rdp|rtsp|rtmp",
    ),
    _url(
        "http-url-password",
        "password in an HTTP URL",
        _RFC,
        "https|http|git\\+https|git\\+http|git|hg\\+https|pip\\+https|npm\\+https",
        severity=HIGH,
    ),
    _url(
        "proxy-url-password",
        "password in a proxy URL",
        "https://curl.se/docs/manpage.html#-x",
        "socks5|socks5h|socks4|socks4a|socks|proxy|shadowsocks",
        severity=HIGH,
    ),
)

_VALUE = r"[^\s;\"'<>&`\\]{4,128}"

STRINGS: tuple[Format, ...] = (
    token(
        "connection-string-password",
        "password in a connection string (ADO.NET, ODBC, OLE DB)",
        "https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-string-syntax",
        CRITICAL,
        "Server=db.corp.io;Database=shop;User Id=app;Password=<<{printable:14}>>;",
        pattern=(
            r"(?i:server|data source|host|hostname|address|addr|initial catalog|database|dbq|dsn|driver|user id|uid"
            r"|user|username)"
            r"\s{0,2}=\s{0,2}[^\n\"'<>=]{1,120};\s{0,3}(?:[A-Za-z ]{2,30}\s{0,2}=[^\n\"'<>=;]{0,80};\s{0,3}){0,8}"
            rf"(?i:password|pwd)\s{{0,2}}=\s{{0,2}}(?P<secret>{_VALUE})"
        ),
        keywords=("password", "pwd"),
        counter_example="Server=db.corp.io;User Id=app;Password=${PASSWORD};",
        min_entropy=1.0,
        verify=is_password,
        right="",
    ),
    token(
        "connection-string-password-first",
        "password in a connection string (ADO.NET, ODBC, OLE DB)",
        "https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-string-syntax",
        CRITICAL,
        "Password=<<{printable:14}>>;Server=db.corp.io",
        pattern=(
            r"(?i:password|pwd)=(?P<secret>[^\s;\"'<>&`\\=,]{4,80});\s{0,3}"
            r"(?i:server|data source|host|persist security info|initial catalog|database|user id|uid|user|port|pooling"
            r"|trusted_connection|encrypt|multipleactiveresultsets|max pool size|connection timeout)\s{0,2}="
        ),
        keywords=("password=", "pwd="),
        counter_example="Password=${PASSWORD};Server=db.corp.io",
        min_entropy=1.0,
        verify=is_password,
        left="[0-9A-Za-z_.]",
        right="",
    ),
    token(
        "jdbc-url-password",
        "password in a JDBC URL",
        "https://docs.oracle.com/javase/tutorial/jdbc/basics/connecting.html",
        CRITICAL,
        "jdbc:postgresql://db.corp.io/shop?user=app&password=<<{printable:14}>>",
        pattern=rf"jdbc:[0-9a-z:]{{2,40}}//[^\s\"'<>]{{1,200}}[?&;](?i:password|pwd)=(?P<secret>{_VALUE})",
        keywords=("jdbc:",),
        counter_example="jdbc:postgresql://db.corp.io/shop?user=app&password=${PASSWORD}",
        min_entropy=1.0,
        verify=is_password,
        right="",
    ),
    token(
        "jdbc-oracle-password",
        "password in an Oracle JDBC URL",
        "https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/data-sources-and-URLs.html",
        CRITICAL,
        "jdbc:oracle:thin:app/<<{printable:14}>>@db.corp.io:1521",
        pattern=r"jdbc:oracle:(?:thin|oci8?):[^\s/:@\"'<>]{1,60}/(?P<secret>[^\s@\"'/<>]{3,80})@",
        keywords=("jdbc:oracle:",),
        counter_example="jdbc:oracle:thin:app/${PASSWORD}@db.corp.io:1521",
        min_entropy=1.0,
        verify=is_password,
        right="",
    ),
    token(
        "mysql-dsn-password",
        "password in a Go MySQL DSN",
        "https://github.com/go-sql-driver/mysql#dsn-data-source-name",
        CRITICAL,
        "app:<<{printable:14}>>@tcp(db.corp.io:3306)/shop",
        pattern=r"[0-9A-Za-z_.-]{1,60}:(?P<secret>[^\s:@\"'/`<>]{3,80})@(?:tcp|unix)\(",
        keywords=("@tcp(", "@unix("),
        counter_example="app:${PASSWORD}@tcp(db.corp.io:3306)/shop",
        min_entropy=1.0,
        verify=is_password,
        right="",
    ),
    token(
        "libpq-dsn-password",
        "password in a PostgreSQL keyword string",
        "https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING",
        CRITICAL,
        "host=db.corp.io user=app password=<<{printable:14}>> dbname=shop",
        pattern=r"(?:host|hostaddr|dbname|user|port|sslmode)=[^\s\"'=]{1,80}[ \t]{1,4}"
        r"(?:[a-z_]{2,20}=[^\s\"'=]{0,60}[ \t]{1,4}){0,6}password='?(?P<secret>[^\s\"'<>`;,)]{4,80})",
        keywords=("password=",),
        counter_example="host=db.corp.io user=app password=${PASSWORD} dbname=shop",
        min_entropy=1.0,
        verify=is_password,
        left="[0-9A-Za-z_.-]",
        right="",
    ),
)


def _command(id: str, title: str, documentation: str, shape: str, pattern: str, keyword: str) -> Format:  # noqa: A002
    """A password as a program's argument."""
    before, after = shape.split("<<{printable:14}>>")
    return token(
        id,
        title,
        documentation,
        HIGH,
        shape,
        pattern=pattern,
        keywords=(keyword,),
        counter_example=f"{before}$PASSWORD{after}",
        min_entropy=1.5,
        verify=is_password,
        right="",
    )


COMMANDS: tuple[Format, ...] = (
    _command(
        "curl-user-password",
        "password on curl's command line",
        "https://curl.se/docs/manpage.html#-u",
        "curl -u app:<<{printable:14}>> https://corp.io",
        r"curl\s[^\n|;]{0,160}?(?:-u|--user|--proxy-user)[ =]{0,2}[\"']?[0-9A-Za-z_.@+-]{1,60}:"
        r"(?P<secret>[^\s\"'<>`]{4,100})",
        "curl",
    ),
    _command(
        "sshpass-password",
        "password on sshpass's command line",
        "https://linux.die.net/man/1/sshpass",
        "sshpass -p '<<{printable:14}>>' ssh app@corp.io",
        r"sshpass\s{1,2}-p\s{0,2}[\"']?(?P<secret>[^\s\"'<>`]{4,80})",
        "sshpass",
    ),
    _command(
        "mysql-command-password",
        "password on mysql's command line",
        "https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html",
        "mysql -u app -p<<{printable:14}>> shop",
        r"(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\s[^\n|;]{0,120}?\s(?:-p[\"']?|--password=[\"']?)(?P<secret>[^\s\"'<>`;|-][^\s\"'<>`;|]{3,60})",
        "mysql",
    ),
    _command(
        "docker-login-password",
        "password on docker login's command line",
        "https://docs.docker.com/reference/cli/docker/login/",
        "docker login -u app -p <<{printable:14}>> registry.corp.io",
        r"(?:docker|podman|helm|buildah|skopeo|oras|crane)\s(?:registry |-[^\n]{1,40} )?login\s[^\n"
        r"|;]{0,120}?(?:-p|--password)[ =]{1,2}[\"']?(?P<secret>[^\s\"'<>`-][^\s\"'<>`]{4,100})",
        "login",
    ),
    _command(
        "openssl-passphrase",
        "passphrase on openssl's command line",
        "https://docs.openssl.org/master/man1/openssl-passphrase-options/",
        "openssl rsa -passin pass:<<{printable:14}>> -in key.pem",
        r"-(?:passin|passout|pass|password|k)\s{1,2}[\"']?pass:(?P<secret>[^\s\"'<>`]{4,80})",
        "pass:",
    ),
    _command(
        "lftp-password",
        "password on lftp's command line",
        "https://lftp.yar.ru/lftp-man.html",
        "lftp -u app,<<{printable:14}>> ftp.corp.io",
        r"lftp\s[^\n|;]{0,120}?(?:-u|--user)[ =]{0,2}[\"']?[0-9A-Za-z_.@-]{1,60},(?P<secret>[^\s\"'<>`,]{4,80})",
        "lftp",
    ),
)

FORMATS = URLS + STRINGS + COMMANDS
