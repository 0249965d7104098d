"""A root key in a key management service that speaks the AWS KMS protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unconnected

from schemas.errors import KeyUnavailable, StoreUnavailable

_SECONDS = 10
_ATTEMPTS = 3
_BUSY = frozenset(
    {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "RequestTimeout"}
)


@dataclass(frozen=True, slots=True)
class KmsRootKey:
    """A key that never leaves its service; who may use it is the service's to decide.

    Args:
        key_id: the key's id, alias or address there.
        endpoint: the service's address, where it is not the cloud's own.
        region: the service's region, where the environment does not say.
    """

    key_id: str
    endpoint: str | None = None
    region: str | None = None

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """The key, wrapped so that it opens under the same context only.

        Raises:
            KeyUnavailable: there is no such root key, or it may not be used.
            StoreUnavailable: the service is out of reach; try again later.
        """
        asked = {"KeyId": self.key_id, "Plaintext": key, "EncryptionContext": _said(context)}
        return bytes(self._answer("encrypt", asked)["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The key that was wrapped under that context; raises as `wrap`, and where it was not."""
        told = {"CiphertextBlob": wrapped, "EncryptionContext": _said(context)}
        return bytes(self._answer("decrypt", {"KeyId": self.key_id, **told})["Plaintext"])

    def _answer(self, verb: str, asked: Mapping[str, object]) -> Mapping[str, Any]:
        # what a service answers may repeat what it was sent: its words are not passed on
        try:
            ask: Callable[..., Mapping[str, Any]] = getattr(self._client(), verb)
            return ask(**asked)
        except ClientError as error:
            raise self._refused(str(error.response["Error"]["Code"])) from None
        except (Unconnected, HTTPClientError):
            raise StoreUnavailable(f"root key {self.key_id}: the service is out of reach") from None
        except (BotoCoreError, ValueError) as error:
            what = f"the service cannot be asked ({type(error).__name__})"
            raise KeyUnavailable(f"root key {self.key_id}: {what}") from None

    def _refused(self, code: str) -> KeyUnavailable | StoreUnavailable:
        if code in _BUSY:
            return StoreUnavailable(f"root key {self.key_id}: the service is busy ({code})")
        return KeyUnavailable(f"root key {self.key_id}: the service refuses ({code})")

    def _client(self) -> Any:  # noqa: ANN401 - the library makes its clients at run time
        settings = Config(
            connect_timeout=_SECONDS,
            read_timeout=_SECONDS,
            retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        )
        return boto3.client(
            "kms", endpoint_url=self.endpoint, region_name=self.region, config=settings
        )


def _said(context: bytes) -> dict[str, str]:
    return {"datasjo": context.decode()}
