"""LoRaWAN uplinks as The Things Stack v3 writes them: nested, in nanoseconds, zeros left out."""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from random import Random

_JOIN_EUI = "70B3D57ED0000001"
_GATEWAYS = ("gateway-radhuset", "gateway-vanntarnet", "gateway-skolen")


@dataclass(frozen=True, slots=True)
class Device:
    """A sensor in the network: its names, and where it stands."""

    number: int
    name: str
    application: str
    eui: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor sent: when the network heard it, its count of frames, its decoded payload."""

    instant: dt.datetime
    nanoseconds: int
    frame: int
    payload: dict[str, float | str] | None


def uplink(device: Device, reading: Reading, chance: Random) -> str:
    """The reading as one JSON line."""
    heard = _stamp(reading.instant, reading.nanoseconds)
    return json.dumps(
        {
            "end_device_ids": {
                "device_id": device.name,
                "application_ids": {"application_id": device.application},
                "dev_eui": device.eui,
                "join_eui": _JOIN_EUI,
                "dev_addr": f"260B{device.number:04X}",
            },
            "correlation_ids": [f"gs:uplink:01{chance.getrandbits(96):024X}"],
            "received_at": _stamp(
                reading.instant + dt.timedelta(milliseconds=214), reading.nanoseconds
            ),
            "uplink_message": _message(device, reading, chance) | {"received_at": heard},
        },
        separators=(",", ":"),
    )


def _message(device: Device, reading: Reading, chance: Random) -> dict[str, object]:
    message: dict[str, object] = {
        "session_key_id": base64.b64encode(device.eui[-12:].encode()).decode(),
        "f_port": 2,
        "f_cnt": reading.frame,
        "frm_payload": base64.b64encode(chance.randbytes(8)).decode(),
        "decoded_payload": reading.payload,
        "rx_metadata": _receptions(reading, chance),
        "settings": {
            "data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}},
            "coding_rate": "4/5",
            "frequency": chance.choice(("868100000", "868300000", "868500000")),
        },
        "consumed_airtime": "0.056576s",
        "locations": {
            "user": {
                "latitude": device.latitude,
                "longitude": device.longitude,
                "source": "SOURCE_REGISTRY",
            }
        },
        "network_ids": {"net_id": "000013", "tenant_id": "demo", "cluster_id": "eu1"},
    }
    # the stack's JSON leaves out zeros and what was never decoded
    return {key: value for key, value in message.items() if value}


def _receptions(reading: Reading, chance: Random) -> list[dict[str, object]]:
    return [
        {
            "gateway_ids": {"gateway_id": name},
            "timestamp": 1 + int(reading.instant.timestamp() * 1_000_000) % (1 << 32),
            "rssi": -chance.randrange(60, 120),
            "snr": 0.5 + chance.randrange(20) / 2,
        }
        for name in _GATEWAYS[: 1 + reading.frame % len(_GATEWAYS)]
    ]


def _stamp(instant: dt.datetime, nanoseconds: int) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S.%f}{nanoseconds:03d}Z"
