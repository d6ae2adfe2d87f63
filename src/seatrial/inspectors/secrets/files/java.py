"""Java: Spring, Tomcat, Hibernate, Jenkins and their XML and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans, xml_elements
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_JENKINS_ENCRYPTED = re.compile(r"\{A[A-Za-z0-9+/=]{20,}\}")
_JENKINS_SECRETS = (
    "password",
    "passphrase",
    "privatekey",
    "secret",
    "apitoken",
    "token",
    "secretkey",
    "secretbytes",
    "passwordhash",
    "apikey",
)
_JDBC = re.compile(
    r"[?&;:](?:password|pwd)=([^&;\s\"'<>]{1,200})|jdbc:oracle:thin:[^/\s]{1,100}/([^@\s\"]{1,200})@", re.IGNORECASE
)


def _tomcat_users(_path: str, text: str) -> Iterator[CredentialEntry]:
    for node in xml_elements.nodes(text):
        if node.element.name == "user" and "password" in node.element.attributes:
            user = node.element.attribute("username", "name")
            yield CredentialEntry("password", node.element.attributes["password"], of_user("password", user))


def _jenkins(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Values as `{AQAA...}` are encrypted with the controller's own key, which is not in the file."""
    for node in xml_elements.nodes(text):
        span = node.element.text
        if (
            span
            and span.value
            and node.element.name in _JENKINS_SECRETS
            and not _JENKINS_ENCRYPTED.fullmatch(span.value)
        ):
            value = span.part(8, len(span.value)) if span.value.startswith("#jbcrypt:") else span
            yield CredentialEntry(node.element.name, value, proven=value is not span)


def _jdbc(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _JDBC.finditer(text):
        group = match.lastindex or 1
        yield CredentialEntry("password", TextSpan(match[group], *match.span(group)), "password in a JDBC URL")


def _master_key(_path: str, text: str) -> Iterator[CredentialEntry]:
    span = scans.whole(text)
    if re.fullmatch(r"[0-9a-fA-F]{128,1024}", span.value):
        yield CredentialEntry("master.key", span, "Jenkins master key", proven=True)


PARSERS = (
    CredentialFile(
        id="java-properties",
        guesses=True,
        title="value in a properties file",
        documentation="https://docs.spring.io/spring-boot/reference/features/external-config.html",
        names=("*.properties",),
        scan=scans.all_of(scans.key_values(), _jdbc),
    ),
    CredentialFile(
        id="spring-yaml",
        guesses=True,
        title="value in a Spring configuration",
        documentation="https://docs.spring.io/spring-boot/reference/features/external-config.html",
        names=("application.yml", "application.yaml", "application*", "bootstrap.yml", "bootstrap.yaml", "bootstrap*"),
        scan=scans.all_of(scans.yaml_values(), _jdbc),
        sniff=lambda text: ":" in text and "{" not in text[:1],
    ),
    CredentialFile(
        id="tomcat-users",
        certain=True,
        title="password of a Tomcat user",
        documentation="https://tomcat.apache.org/tomcat-10.1-doc/realm-howto.html",
        names=("tomcat-users.xml", "tomcat-users*", "users.xml"),
        scan=_tomcat_users,
    ),
    CredentialFile(
        id="java-xml",
        title="password in a Java configuration",
        documentation="https://tomcat.apache.org/tomcat-10.1-doc/jndi-datasource-examples-howto.html",
        names=(
            "web.xml",
            "context.xml",
            "server.xml",
            "hibernate.cfg.xml",
            "hibernate*",
            "persistence.xml",
            "applicationcontext.xml",
            "applicationcontext*",
            "standalone.xml",
            "domain.xml",
            "jetty-env.xml",
            "jetty.xml",
            "log4j.xml",
            "log4j2.xml",
            "quartz.xml",
            "mybatis-config.xml",
            "spring*",
            "beans.xml",
            "build.xml",
            "*.hbm.xml",
            "weblogic.xml",
            "ra.xml",
            "login-config.xml",
            "resources.xml",
            "tomee.xml",
            "activemq.xml",
            "struts.xml",
            "generatorconfig.xml",
            "cfg.xml",
        ),
        scan=scans.all_of(scans.xml_values(), _jdbc),
        sniff=lambda text: "<" in text[:2000],
    ),
    CredentialFile(
        id="jenkins-xml",
        title="credential in a Jenkins configuration",
        documentation="https://www.jenkins.io/doc/developer/security/secrets/",
        names=("credentials.xml", "jenkins/config.xml", "users/*.xml", "jenkins*", "hudson*", "config.xml"),
        scan=_jenkins,
        sniff=lambda text: "cloudbees" in text or "hudson" in text or "jenkins" in text,
    ),
    CredentialFile(
        id="jenkins-secret",
        title="key that decrypts Jenkins credentials",
        documentation="https://www.jenkins.io/doc/developer/security/secrets/",
        names=("secrets/master.key",),
        scan=_master_key,
    ),
    CredentialFile(
        id="jenkinsfile",
        title="value in a Jenkinsfile",
        documentation="https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#handling-credentials",
        names=("jenkinsfile", "jenkinsfile*", "*.jenkinsfile"),
        scan=scans.quoted_values(),
    ),
)
