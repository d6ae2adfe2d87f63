"""What runs, watches and feeds models."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import assigned, token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_mixed

CRITICAL, HIGH, MEDIUM = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM
_OPENAI = "https://platform.openai.com/docs/api-reference/authentication"
_ANTHROPIC = "https://docs.anthropic.com/en/api/"

FORMATS: tuple[Format, ...] = (
    token(
        "langsmith-api-key",
        "LangSmith API key",
        "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key",
        HIGH,
        "lsv2_{=pt|sk}_{hex:32}_{hex:10}",
    ),
    token(
        "langsmith-api-key-legacy",
        "LangSmith API key (older shape)",
        "https://docs.smith.langchain.com/",
        HIGH,
        "ls__{hex:32}",
    ),
    token("langfuse-secret-key", "Langfuse secret key", "https://langfuse.com/docs/api", HIGH, "sk-lf-{uuid}"),
    token(
        "llamacloud-api-key", "LlamaCloud API key", "https://docs.cloud.llamaindex.ai/api_key", HIGH, "llx-{base62:48}"
    ),
    token(
        "pinecone-api-key",
        "Pinecone API key",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
        CRITICAL,
        "pcsk_{base62:5-6}_{base62:63-65}",
    ),
    assigned(
        "pinecone-api-key-legacy",
        "Pinecone API key (older shape)",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
        CRITICAL,
        "pinecone",
        "{uuid}",
        name="PINECONE_API_KEY",
    ),
    assigned(
        "weaviate-api-key",
        "Weaviate API key",
        "https://docs.weaviate.io/cloud/manage-clusters/authentication",
        HIGH,
        "weaviate|wcd_|wcs_",
        "{base62:36}",
        name="WEAVIATE_API_KEY",
        verify=is_mixed,
    ),
    token(
        "tavily-api-key",
        "Tavily API key",
        "https://docs.tavily.com/documentation/quickstart",
        HIGH,
        "tvly-{base62:32}",
        pattern="(?P<secret>tvly-(?:dev-|prod-)?[0-9A-Za-z]{32})",
    ),
    token("firecrawl-api-key", "Firecrawl API key", "https://docs.firecrawl.dev/introduction", HIGH, "fc-{hex:32}"),
    assigned(
        "serpapi-key",
        "SerpApi key",
        "https://serpapi.com/search-api",
        HIGH,
        "serp_?api|serp_",
        "{hex:64}",
        name="SERPAPI_API_KEY",
    ),
    assigned("serper-key", "Serper key", "https://serper.dev/", HIGH, "serper", "{hex:40}", name="SERPER_API_KEY"),
    token(
        "runpod-api-key",
        "RunPod API key",
        "https://docs.runpod.io/get-started/api-keys",
        CRITICAL,
        "rpa_{upper36:42-46}",
    ),
    token(
        "modal-token",
        "Modal token",
        "https://modal.com/docs/reference/modal.config",
        CRITICAL,
        "{=ak|as}-{base62:22}",
        keywords=("ak-", "as-"),
        verify=is_mixed,
        left="[0-9A-Za-z_-]",
        right="[0-9A-Za-z_-]",
    ),
    assigned(
        "wandb-api-key",
        "Weights & Biases API key",
        "https://docs.wandb.ai/support/find_api_key/",
        HIGH,
        "wandb|api\\.wandb\\.ai|weights_?(?:and_?)?biases",
        "{hex:40}",
        name="WANDB_API_KEY",
        words="key|token|login|passw(?:or)?d",
    ),
    token(
        "wandb-api-key-v1",
        "Weights & Biases API key",
        "https://docs.wandb.ai/support/find_api_key/",
        HIGH,
        "wandb_v1_{base64url:50+}",
    ),
    assigned(
        "comet-api-key",
        "Comet API key",
        "https://www.comet.com/docs/v2/guides/experiment-management/configure-sdk/",
        MEDIUM,
        "comet(?:_?ml)?",
        "{base62:25}",
        name="COMET_API_KEY",
        verify=is_mixed,
    ),
    assigned(
        "roboflow-api-key",
        "Roboflow API key",
        "https://docs.roboflow.com/api-reference/authentication",
        MEDIUM,
        "roboflow|rf_api",
        "{base62:20}",
        name="ROBOFLOW_API_KEY",
        verify=is_mixed,
    ),
    assigned(
        "clarifai-key",
        "Clarifai key",
        "https://docs.clarifai.com/control/authentication/pat/",
        HIGH,
        "clarifai",
        "{hex:32}",
        name="CLARIFAI_PAT",
        words="key|pat|token",
    ),
    token("anyscale-api-key", "Anyscale API key", "https://docs.anyscale.com/", CRITICAL, "esecret_{lower36:26+}"),
    token(
        "friendli-token",
        "Friendli token",
        "https://friendli.ai/docs/guides/personal_access_tokens",
        HIGH,
        "flp_{base62:46}",
    ),
    token(
        "kaggle-api-key",
        "Kaggle API key",
        "https://www.kaggle.com/docs/api",
        HIGH,
        '"username": "ada", "key": "<<{hex:32}>>"',
        pattern=r"\"username\"\s{0,2}:\s{0,2}\"[0-9A-Za-z_-]{2,40}\"\s{0,2},\s{0,4}\"key\"\s{0,2}:\s{0,2}\"(?P<secret>[0-9a-f]{32})\"",
        keywords=('"username"',),
        left="",
        right="",
    ),
    assigned(
        "kaggle-api-key-assigned",
        "Kaggle API key",
        "https://www.kaggle.com/docs/api",
        HIGH,
        "kaggle",
        "{hex:32}",
        name="KAGGLE_KEY",
    ),
    token("kaggle-api-token", "Kaggle API token", "https://www.kaggle.com/docs/api", HIGH, "KGAT_{hex:32}"),
)
