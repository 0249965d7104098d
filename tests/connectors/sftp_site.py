"""A real SFTP server on loopback, serving a folder to one user."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh

USER, PASSWORD = "drop", "pa/ss@w:rd"


@dataclass(frozen=True)
class SftpSite:
    port: int
    known_hosts: Path
    client_key: Path


class _Gate(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@contextlib.contextmanager
def sftp_site(folder: Path, secrets: Path) -> Iterator[SftpSite]:
    """Serve `folder` as / until the block ends; keys are written to `secrets`."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    client_key = asyncssh.generate_private_key("ssh-ed25519")
    client_key.write_private_key(str(secrets / "client"))
    (secrets / "authorized").write_bytes(client_key.export_public_key())

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=_Gate,
            server_host_keys=[host_key],
            authorized_client_keys=str(secrets / "authorized"),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder)),
        )

    async def close() -> None:
        acceptor.close()
        await acceptor.wait_closed()
        sessions = asyncio.all_tasks() - {asyncio.current_task()}
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(60)
    port = acceptor.get_port()
    known = secrets / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {host_key.export_public_key().decode()}")
    try:
        yield SftpSite(port, known, secrets / "client")
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
