"""Mail."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_mixed

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_TWILIO = "https://www.twilio.com/docs/iam/"
_MAILGUN = "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt"

FORMATS: tuple[Format, ...] = (
    token(
        "sendgrid-api-key",
        "SendGrid API key",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        CRITICAL,
        "SG.{base64url:22}.{base64url:43}",
    ),
    token(
        "mailgun-api-key", "Mailgun API key", _MAILGUN, CRITICAL, "key-{hex:32}", verify=is_mixed, left="[0-9A-Za-z_-]"
    ),
    assigned(
        "mailgun-api-key-new",
        "Mailgun API key",
        _MAILGUN,
        CRITICAL,
        "mailgun|mg_|mg-",
        "{hex:32}-{hex:8}-{hex:8}",
        name="MAILGUN_API_KEY",
    ),
    token(
        "mailgun-key-by-shape",
        "Mailgun API key",
        _MAILGUN,
        CRITICAL,
        "{hex:32}-{hex:8}-{hex:8}",
        keywords=("-",),
        left="[0-9A-Za-z_-]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "mailchimp-api-key",
        "Mailchimp API key",
        "https://mailchimp.com/developer/marketing/guides/quick-start/",
        HIGH,
        "{hex:32}-us{digit:1-2}",
        keywords=("-us",),
    ),
    token(
        "mandrill-api-key",
        "Mailchimp Transactional (Mandrill) API key",
        "https://mailchimp.com/developer/transactional/guides/quick-start/",
        HIGH,
        "md-{base64url:22}",
        verify=is_mixed,
        left="[0-9A-Za-z_-]",
    ),
    assigned(
        "mandrill-api-key-legacy",
        "Mandrill API key (without prefix)",
        "https://mailchimp.com/developer/transactional/guides/quick-start/",
        HIGH,
        "mandrill",
        "{base64url:22}",
        name="MANDRILL_API_KEY",
        verify=is_mixed,
    ),
    assigned(
        "postmark-token",
        "Postmark server or account token",
        "https://postmarkapp.com/developer/api/overview",
        HIGH,
        "postmark",
        "{uuid}",
        name="POSTMARK_SERVER_TOKEN",
        words="token|key|secret",
    ),
    token(
        "resend-api-key",
        "Resend API key",
        "https://resend.com/docs/dashboard/api-keys/introduction",
        HIGH,
        "re_{base62:8}_{base62:24}",
        verify=is_mixed,
    ),
    token(
        "brevo-api-key",
        "Brevo (Sendinblue) API key",
        "https://developers.brevo.com/docs/getting-started",
        CRITICAL,
        "xkeysib-{hex:64}-{base62:16}",
    ),
    token(
        "brevo-smtp-key",
        "Brevo (Sendinblue) SMTP key",
        "https://developers.brevo.com/docs/smtp-integration",
        CRITICAL,
        "xsmtpsib-{hex:64}-{base62:16}",
    ),
    token(
        "mailersend-token",
        "MailerSend API token",
        "https://developers.mailersend.com/general.html#authentication",
        CRITICAL,
        "mlsn.{hex:64}",
    ),
    assigned(
        "sparkpost-api-key",
        "SparkPost API key",
        "https://developers.sparkpost.com/api/#header-authentication",
        HIGH,
        "sparkpost",
        "{hex:40}",
        name="SPARKPOST_API_KEY",
    ),
    assigned(
        "mailjet-key",
        "Mailjet API key or secret",
        "https://dev.mailjet.com/email/guides/getting-started/",
        HIGH,
        "mailjet|mj_api",
        "{hex:32}",
        name="MAILJET_SECRET_KEY",
    ),
    assigned(
        "mailtrap-token",
        "Mailtrap API token",
        "https://docs.mailtrap.io/",
        MEDIUM,
        "mailtrap",
        "{hex:32}",
        name="MAILTRAP_API_TOKEN",
    ),
    token(
        "klaviyo-private-key",
        "Klaviyo private API key",
        "https://developers.klaviyo.com/en/docs/authenticate_",
        HIGH,
        "pk_{hex:34}",
    ),
    assigned(
        "zeptomail-token",
        "ZeptoMail send token",
        "https://www.zoho.com/zeptomail/help/api/email-sending.html",
        HIGH,
        "zepto(?:mail)?|zoho-enczapikey",
        "{base64:60+}",
        name="ZEPTOMAIL_TOKEN",
        words="token|key|enczapikey",
    ),
    assigned(
        "activecampaign-key",
        "ActiveCampaign API key",
        "https://developers.activecampaign.com/reference/authentication",
        HIGH,
        "active_?campaign",
        "{hex:72}",
        name="ACTIVECAMPAIGN_API_KEY",
    ),
    assigned(
        "smtp2go-key",
        "SMTP2GO API key",
        "https://developers.smtp2go.com/docs/getting-started",
        HIGH,
        "smtp2go",
        "api-{base62:32}",
        name="SMTP2GO_API_KEY",
    ),
    assigned(
        "elastic-email-key",
        "Elastic Email API key",
        "https://elasticemail.com/developers/api-documentation/rest-api",
        HIGH,
        "elastic_?email",
        "{upperhex:96}",
        name="ELASTICEMAIL_API_KEY",
    ),
)
