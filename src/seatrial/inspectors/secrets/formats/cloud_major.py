"""Amazon Web Services, Microsoft Azure, Google Cloud."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import both, is_base64_json, is_base64_secret, is_mixed

CRITICAL, HIGH, MEDIUM = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_MS = "https://learn.microsoft.com/en-us/"
_GCP = "https://cloud.google.com/"
_AWS_SECRET = "[0-9A-Za-z/+]{40}"  # noqa: S105 - a pattern

AMAZON: tuple[Format, ...] = (
    token(
        "aws-access-key-id",
        "AWS access key ID",
        _IAM + "reference_identifiers.html",
        HIGH,
        "{=AKIA|ABIA|ACCA}{upper36:16}",
    ),
    token(
        "aws-temporary-access-key-id",
        "AWS temporary access key ID",
        _IAM + "reference_identifiers.html",
        MEDIUM,
        "ASIA{upper36:16}",
    ),
    token(
        "aws-secret-access-key",
        "AWS secret access key",
        _IAM + "id_credentials_access-keys.html",
        CRITICAL,
        'AWS_SECRET_ACCESS_KEY = "<<{base64:40}>>"',
        keywords=("aws", "amazon", "secret", "s3"),
        pattern=(
            r"(?i:aws|amazon|s3|secret[_.-]?access|accesskeysecret|secret_?key)[^\n=;]{0,24}?"
            r"(?i:secret|key|sk|token|pass|auth)[0-9A-Za-z_.-]{0,12}[^\n0-9A-Za-z/+]{1,8}"
            r"(?:(?i:value|string|str|default)[^\n0-9A-Za-z/+]{1,6})?"
            rf"(?P<secret>{_AWS_SECRET})"
        ),
        min_entropy=4.1,
        verify=is_base64_secret,
        left="",
        right="[0-9A-Za-z/+=_-]",
    ),
    token(
        "aws-key-pair",
        "AWS secret access key beside its key ID",
        _IAM + "id_credentials_access-keys.html",
        CRITICAL,
        'AKIA{base32:16}", "<<{base64:40}>>"',
        pattern=rf"(?:AKIA|ASIA)[0-9A-Z]{{16}}[^0-9A-Za-z][^\x00]{{0,80}}[^0-9A-Za-z/+](?P<secret>{_AWS_SECRET})",
        keywords=("akia", "asia"),
        min_entropy=4.1,
        verify=is_base64_secret,
        right="[0-9A-Za-z/+=_-]",
    ),
    token(
        "aws-session-token",
        "AWS session token",
        _IAM + "id_credentials_temp_use-resources.html",
        MEDIUM,
        "{=IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz}{base64:150+}",
    ),
    token(
        "aws-bedrock-api-key",
        "Amazon Bedrock long-term API key",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
        CRITICAL,
        "ABSKQmVkcm9ja0FQSUtleS{base64:80+}",
    ),
    token(
        "aws-bedrock-session-key",
        "Amazon Bedrock short-term API key",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
        HIGH,
        "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{base64:60+}",
    ),
    token(
        "aws-mws-auth-token",
        "Amazon Marketplace Web Service token",
        "https://developer-docs.amazon.com/sp-api/docs/authorizing-selling-partner-api-applications",
        HIGH,
        "amzn.mws.{uuid}",
    ),
    token(
        "amazon-oauth-client-secret",
        "Login with Amazon client secret",
        "https://developer.amazon.com/docs/login-with-amazon/register-web.html",
        HIGH,
        "amzn1.oa2-cs.v1.{hex:64}",
    ),
    token(
        "aws-appsync-api-key",
        "AWS AppSync API key",
        "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
        HIGH,
        "da2-{lower36:26}",
        verify=is_mixed,
    ),
    assigned(
        "aws-ses-smtp-password",
        "Amazon SES SMTP password",
        "https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html",
        CRITICAL,
        "ses_|ses-|aws_ses|email-smtp|amazonses|smtp|mail|email",
        "B{base64:43}",
        name="SES_SMTP_PASSWORD",
        words="passw(?:or)?d|pass|pwd|secret",
        verify=is_base64_secret,
        right="[0-9A-Za-z/+=_-]",
    ),
)

MICROSOFT: tuple[Format, ...] = (
    token(
        "azure-storage-account-key",
        "Azure Storage or Cosmos DB account key in a connection string",
        _MS + "azure/storage/common/storage-configure-connection-string",
        CRITICAL,
        "AccountKey=<<{base64:86}==>>",
        keywords=("accountkey",),
    ),
    token(
        "azure-storage-key",
        "Azure Storage account key",
        _MS + "azure/storage/common/storage-account-keys-manage",
        CRITICAL,
        "{base64:76}+ASt{base64:5}{=A|Q|g|w}==",
        left="[0-9A-Za-z+/]",
    ),
    token(
        "azure-cosmos-key",
        "Azure Cosmos DB key",
        _MS + "azure/cosmos-db/secure-access-to-data",
        CRITICAL,
        "{base64:76}ACDb{base64:5}{=A|Q|g|w}==",
        left="[0-9A-Za-z+/]",
    ),
    token(
        "azure-api-management-key",
        "Azure API Management key",
        _MS + "azure/api-management/api-management-subscriptions",
        CRITICAL,
        "{base64:76}APIM{base64:5}{=A|Q|g|w}==",
        left="[0-9A-Za-z+/]",
    ),
    token(
        "azure-shared-access-key",
        "Azure Service Bus, Event Hubs, Relay or IoT Hub shared access key",
        _MS + "azure/service-bus-messaging/service-bus-sas",
        CRITICAL,
        "SharedAccessKey=<<{base64:43}=>>",
    ),
    token(
        "azure-messaging-key",
        "Azure Service Bus, Event Hubs, Relay or IoT Hub key",
        _MS + "azure/event-hubs/authorize-access-shared-access-signature",
        CRITICAL,
        "{base64:33}{=+ASb|+AEh|+ARm|AIoT}{base64:6}=",
        left="[0-9A-Za-z+/]",
        min_entropy=3.6,
    ),
    token(
        "azure-access-key",
        "Azure SignalR, Web PubSub or Communication Services access key",
        _MS + "azure/azure-signalr/concept-connection-string",
        CRITICAL,
        "{=accesskey|AccessKey}=<<{base64:43}=>>",
        keywords=("accesskey=",),
    ),
    token(
        "azure-app-configuration-secret",
        "Azure App Configuration connection string",
        _MS + "azure/azure-app-configuration/howto-integrate-azure-managed-service-identity",
        CRITICAL,
        ".azconfig.io;Id=x;Secret=<<{base64:43}=>>",
        pattern=r"\.azconfig\.io;Id=[^;\s]{1,80};Secret=(?P<secret>[0-9A-Za-z+/]{40,100}={0,2})",
        left="",
    ),
    token(
        "azure-search-key",
        "Azure AI Search key",
        _MS + "azure/search/search-security-api-keys",
        HIGH,
        "{base62:42}AzSe{=A|B|C|D}{base62:5}",
        keywords=("azse",),
    ),
    token(
        "azure-container-registry-key",
        "Azure Container Registry password",
        _MS + "azure/container-registry/container-registry-authentication",
        CRITICAL,
        "{base64:42}+ACR{=A|B|C|D}{base64:5}",
        left="[0-9A-Za-z+/]",
    ),
    token(
        "azure-functions-key",
        "Azure Functions key",
        _MS + "azure/azure-functions/function-keys-how-to",
        HIGH,
        "{base64url:44}AzFu{base64url:5}{=A|Q|g|w}==",
        left="[0-9A-Za-z_-]",
    ),
    token(
        "azure-redis-key",
        "Azure Cache for Redis access key",
        _MS + "azure/azure-cache-for-redis/cache-configure",
        CRITICAL,
        "{base62:33}AzCa{upper:1}{base62:5}=",
    ),
    token(
        "azure-common-annotated-key",
        "Azure key in the common annotated format",
        _MS + "azure/ai-services/authentication",
        CRITICAL,
        "{base62:52}JQQJ9{base62:27}",
    ),
    token(
        "azure-client-secret",
        "Microsoft Entra application client secret",
        _MS + "entra/identity-platform/how-to-add-credentials",
        CRITICAL,
        "{word:3}{digit:1}Q~{dotted:31-34}",
        pattern=r"(?P<secret>[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34})",
        keywords=("q~",),
        left="[0-9A-Za-z_~.-]",
        right="[0-9A-Za-z_~-]",
    ),
    token(
        "azure-sas-signature",
        "Azure shared access signature",
        _MS + "azure/storage/common/storage-sas-overview",
        HIGH,
        "sv=2022-11-02&ss=b&srt=o&sp=r&sig=<<{base62:43}%3D>>",
        pattern=(
            r"(?:sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}|sr=[0-9A-Za-z%._-]{1,200}|se=[0-9A-Za-z%:-]{6,40}|sp=[0-9A-Za-z%]{1,60}"
            r"|sv=[0-9.]{3})&(?:amp;)?(?:[0-9A-Za-z]{1,6}=[^\s\"'<>&]{0,120}&(?:amp;)?){0,10}"
            r"sig=(?P<secret>[0-9A-Za-z%+/_-]{42,80}(?:%3[Dd]|=)?)"
        ),
        keywords=("sig=",),
        right="",
    ),
    token(
        "azure-functions-url-code",
        "Azure Functions URL with its key",
        _MS + "azure/azure-functions/function-keys-how-to",
        HIGH,
        "https://app.azurewebsites.net/api/run?code=<<{base64url:54}==>>",
        pattern=(
            r"azurewebsites\.net/[^\s\"'?<>]{1,120}\?(?:[0-9A-Za-z]{1,20}=[^\s\"'&<>]{0,60}&){0,3}"
            r"code=(?P<secret>[0-9A-Za-z_/%+-]{40,90}={0,2})"
        ),
        keywords=("azurewebsites.net/",),
        left="",
    ),
    assigned(
        "azure-cognitive-services-key",
        "Azure AI services key",
        _MS + "azure/ai-services/authentication",
        CRITICAL,
        "azure|cognitive|ocp-apim|bing_|luis",
        "{hex:32}",
        name="AZURE_OPENAI_API_KEY",
        words="key|secret",
    ),
    assigned(
        "azure-ad-client-secret-legacy",
        "Microsoft Entra application client secret (older shape)",
        _MS + "entra/identity-platform/how-to-add-credentials",
        CRITICAL,
        "azure|arm_|aad|entra|msal|o365|office365|sharepoint",
        "{base64:43}=",
        name="ARM_CLIENT_SECRET",
        words="secret|password|pwd",
        verify=is_base64_secret,
    ),
)

GOOGLE: tuple[Format, ...] = (
    token(
        "google-api-key",
        "Google API key",
        _GCP + "docs/authentication/api-keys",
        MEDIUM,
        "AIza{base64url:35}",
    ),
    token(
        "google-oauth-client-secret",
        "Google OAuth client secret",
        "https://developers.google.com/identity/protocols/oauth2",
        HIGH,
        "GOCSPX-{base64url:28}",
    ),
    token(
        "google-oauth-access-token",
        "Google OAuth access token",
        "https://developers.google.com/identity/protocols/oauth2",
        MEDIUM,
        "ya29.{base64url:40+}",
    ),
    token(
        "google-oauth-refresh-token",
        "Google OAuth refresh token",
        "https://developers.google.com/identity/protocols/oauth2",
        CRITICAL,
        "1//0{base64url:60-110}",
    ),
    assigned(
        "google-oauth-client-secret-legacy",
        "Google OAuth client secret (older shape)",
        "https://developers.google.com/identity/protocols/oauth2",
        HIGH,
        "google|gcp|gmail|youtube|gdrive",
        "{base64url:24}",
        name="GOOGLE_CLIENT_SECRET",
        words="secret",
        verify=both(is_mixed, lambda value: value.lower() != value),
    ),
    token(
        "gcp-service-account-base64",
        "Google Cloud service-account key file in base64",
        _GCP + "iam/docs/keys-create-delete",
        CRITICAL,
        "{=ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIs|eyJ0eXBlIjoic2VydmljZV9hY2NvdW50Iiwi"
        "|eyJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIs}{base64:400+}",
        verify=is_base64_json,
    ),
    token(
        "gcp-hmac-access-id",
        "Google Cloud Storage HMAC access ID",
        _GCP + "storage/docs/authentication/hmackeys",
        HIGH,
        "GOOG1E{upper36:55}",
        verify=is_mixed,
    ),
    assigned(
        "gcp-hmac-secret",
        "Google Cloud Storage HMAC secret",
        _GCP + "storage/docs/authentication/hmackeys",
        CRITICAL,
        "gcs|gcp|google",
        "{base64:40}",
        name="GCS_SECRET_ACCESS_KEY",
        words="secret",
        verify=is_base64_secret,
        right="[0-9A-Za-z/+=_-]",
    ),
    token(
        "firebase-cloud-messaging-key",
        "Firebase Cloud Messaging server key",
        "https://firebase.google.com/docs/cloud-messaging/auth-server",
        HIGH,
        "AAAA{base64url:7}:{base64url:140}",
    ),
    assigned(
        "google-recaptcha-secret",
        "Google reCAPTCHA secret key",
        "https://developers.google.com/recaptcha/docs/verify",
        MEDIUM,
        "recaptcha|captcha",
        "6L{base64url:38}",
        name="RECAPTCHA_SECRET_KEY",
        words="secret|private",
    ),
)

FORMATS = AMAZON + MICROSOFT + GOOGLE
