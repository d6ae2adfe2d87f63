"""The clouds outside the big three."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_mixed

CRITICAL, HIGH, MEDIUM = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
_DO = "https://docs.digitalocean.com/reference/api/"
_CF = "https://developers.cloudflare.com/fundamentals/api/get-started/"


def _hosted(id: str, title: str, documentation: str, providers: str, shape: str, name: str, words: str) -> Format:  # noqa: A002
    """An account-wide key without a prefix."""
    return assigned(id, title, documentation, CRITICAL, providers, shape, name=name, words=words, verify=is_mixed)


FORMATS: tuple[Format, ...] = (
    token(
        "alibaba-access-key-id",
        "Alibaba Cloud AccessKey ID",
        "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair",
        HIGH,
        "LTAI{base62:20}",
        pattern="(?P<secret>LTAI(?:[0-9A-Za-z]{20}|[0-9A-Za-z]{12}))",
        verify=is_mixed,
    ),
    _hosted(
        "alibaba-access-key-secret",
        "Alibaba Cloud AccessKey secret",
        "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair",
        "alibaba|aliyun|alicloud|oss|accesskey|access_key",
        "{base62:30}",
        "ALIYUN_ACCESS_KEY_SECRET",
        "secret",
    ),
    token(
        "alibaba-dashscope-key",
        "Alibaba Cloud Model Studio (DashScope) API key",
        "https://www.alibabacloud.com/help/en/model-studio/get-api-key",
        CRITICAL,
        'DASHSCOPE_API_KEY = "<<sk-{hex:32}>>"',
        pattern=r"(?i:dashscope|qwen|bailian)[^\n=;]{0,24}(?i:key|token)[^\n0-9A-Za-z]{1,8}(?P<secret>sk-[0-9a-f]{32})",
        keywords=("dashscope", "qwen", "bailian"),
        left="",
    ),
    token(
        "tencent-secret-id",
        "Tencent Cloud SecretId",
        "https://www.tencentcloud.com/document/product/598/32675",
        HIGH,
        "AKID{base62:32}",
    ),
    _hosted(
        "tencent-secret-key",
        "Tencent Cloud SecretKey",
        "https://www.tencentcloud.com/document/product/598/32675",
        "tencent|qcloud|cos_",
        "{base62:32}",
        "TENCENTCLOUD_SECRET_KEY",
        "secret_?key|key",
    ),
    _hosted(
        "huawei-secret-key",
        "Huawei Cloud secret access key",
        "https://support.huaweicloud.com/intl/en-us/usermanual-ca/ca_01_0003.html",
        "huawei|hwcloud|hw_|obs_",
        "{base62:40}",
        "HUAWEICLOUD_SDK_SK",
        "secret|sk|key",
    ),
    token(
        "volcengine-access-key-id",
        "Volcengine access key ID",
        "https://www.volcengine.com/docs/6291/65568",
        HIGH,
        "AKLT{base64url:40-48}",
    ),
    token(
        "baidu-access-key",
        "Baidu AI Cloud access key",
        "https://cloud.baidu.com/doc/Reference/s/9jwvz2egb",
        HIGH,
        "ALTAK{base62:21}",
    ),
    token(
        "baidu-qianfan-api-key",
        "Baidu Qianfan API key",
        "https://cloud.baidu.com/doc/qianfan-api/index.html",
        CRITICAL,
        "bce-v3/ALTAK-{base62:21}/{hex:40}",
    ),
    _hosted(
        "ibm-cloud-api-key",
        "IBM Cloud API key",
        "https://cloud.ibm.com/docs/account?topic=account-userapikey",
        "ibm|bluemix|watson|iam_api|iam-api|cos_api",
        "{base64url:44}",
        "IBMCLOUD_API_KEY",
        "key|token|secret",
    ),
    _hosted(
        "ovh-application-secret",
        "OVHcloud application secret or consumer key",
        "https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api",
        "ovh",
        "{lower36:32}",
        "OVH_APPLICATION_SECRET",
        "secret|consumer_?key",
    ),
    token(
        "scaleway-access-key",
        "Scaleway access key",
        "https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/",
        MEDIUM,
        "SCW{upper36:17}",
        verify=is_mixed,
    ),
    assigned(
        "scaleway-secret-key",
        "Scaleway secret key",
        "https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/",
        CRITICAL,
        "scaleway|scw",
        "{uuid}",
        name="SCW_SECRET_KEY",
        words="secret|token",
    ),
    _hosted(
        "hetzner-token",
        "Hetzner Cloud API token",
        "https://docs.hetzner.cloud/",
        "hetzner|hcloud",
        "{base62:64}",
        "HCLOUD_TOKEN",
        "token|key",
    ),
    _hosted(
        "linode-token",
        "Linode (Akamai) personal access token",
        "https://techdocs.akamai.com/linode-api/reference/get-started",
        "linode",
        "{hex:64}",
        "LINODE_TOKEN",
        "token|pat|key",
    ),
    _hosted(
        "vultr-api-key",
        "Vultr API key",
        "https://www.vultr.com/api/",
        "vultr",
        "{upper36:36}",
        "VULTR_API_KEY",
        "key|token",
    ),
    _hosted(
        "exoscale-secret",
        "Exoscale API secret",
        "https://community.exoscale.com/documentation/iam/quick-start/",
        "exoscale",
        "{base64url:43}",
        "EXOSCALE_API_SECRET",
        "secret",
    ),
    _hosted(
        "equinix-metal-token",
        "Equinix Metal API token",
        "https://deploy.equinix.com/developers/docs/metal/accounts/api-keys/",
        "equinix|metal_auth|packet_auth|packet_api",
        "{base62:32}",
        "METAL_AUTH_TOKEN",
        "token|key",
    ),
    _hosted(
        "civo-token",
        "Civo API token",
        "https://www.civo.com/docs/account/api-keys",
        "civo",
        "{base62:50}",
        "CIVO_TOKEN",
        "token|key",
    ),
    token(
        "upcloud-token",
        "UpCloud API token",
        "https://upcloud.com/docs/guides/managing-api-tokens/",
        CRITICAL,
        "ucat_{base62:26}",
        verify=is_mixed,
    ),
    token(
        "yandex-cloud-api-key",
        "Yandex Cloud API key",
        "https://yandex.cloud/en/docs/iam/concepts/authorization/api-key",
        CRITICAL,
        "AQVN{base64url:35-38}",
    ),
    token(
        "yandex-cloud-iam-token",
        "Yandex Cloud IAM token",
        "https://yandex.cloud/en/docs/iam/concepts/authorization/iam-token",
        MEDIUM,
        "t1.{base64url:60+}.{base64url:86}",
        pattern=r"(?P<secret>t1\.[0-9A-Za-z_-]{60,}={0,2}\.[0-9A-Za-z_-]{86}={0,2})",
    ),
    token(
        "yandex-oauth-token",
        "Yandex OAuth token",
        "https://yandex.com/dev/id/doc/en/",
        CRITICAL,
        "y{=0|1|2|3}_{base64url:55}",
        keywords=("y0_", "y1_", "y2_", "y3_"),
        verify=is_mixed,
    ),
    token(
        "yandex-cloud-static-key",
        "Yandex Cloud static access key",
        "https://yandex.cloud/en/docs/iam/concepts/authorization/access-key",
        HIGH,
        "YC{base64url:38}",
        keywords=("yc",),
        verify=is_mixed,
        left="[0-9A-Za-z_/+-]",
        right="[0-9A-Za-z_/+=-]",
        min_entropy=4.2,
    ),
)
