"""The file of a backup: a compressed tar of parts of at most 4 MiB, optionally encrypted; written and read as a stream.

    header.json, <schema>.<table>/000001 ..., manifest.json

The manifest comes last, because only then are rows and hashes known: an archive without one was cut short. Encrypted,
the tar is cut into frames of 1 MiB, each sealed with AES-256-GCM under its number and whether it is the last, so that
no frame can be changed, moved, dropped or added unseen; the key comes from a secret by scrypt (RFC 7914).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import secrets
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PART_BYTES = 4 << 20
FRAME_BYTES = 1 << 20
TAG_BYTES = 16
MAGIC = b"SIGHTLINE-SEALED-1\n"
SALT_BYTES, PREFIX_BYTES = 16, 7
SCRYPT_COST = 1 << 15
SECRET_BYTES = 16
COMPRESSION = 1
GZIP_MAGIC = b"\x1f\x8b"
HEADER, MANIFEST = "header.json", "manifest.json"
DAMAGED = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, InvalidTag, UnicodeDecodeError)


class BackupError(RuntimeError):
    """A backup or a restore cannot be done; the message says why and holds no value of a row."""


class Writer:
    """Writes an archive. Use as a context: the file appears whole under its name, or not at all."""

    def __init__(self, path: Path, secret: bytes | None = None) -> None:
        self._path, self._partial = path, path.with_name(f".{path.name}.{os.getpid()}.partial")
        if path.exists():
            raise BackupError(f"{path.name} exists already: a backup never replaces another")
        descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._sealed = _Sealer(self._file, secret) if secret else None
        self._gzip = gzip.GzipFile("", "wb", COMPRESSION, self._sealed or self._file, mtime=0)
        self._tar = tarfile.TarFile(mode="w", fileobj=self._gzip)

    def add(self, name: str, content: bytes) -> str:
        """Add a member and return its SHA-256."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))
        self._tar.members.clear()
        return hashlib.sha256(content).hexdigest()

    def add_json(self, name: str, value: Any) -> str:
        """Add a JSON document and return its SHA-256."""
        return self.add(name, json.dumps(value, sort_keys=True, default=str).encode())

    def add_parts(self, name: str, blocks: Iterable[bytes]) -> dict[str, Any]:
        """Add blocks of lines as `name/000001`, ...; return their rows, bytes and SHA-256."""
        digest, rows, size = hashlib.sha256(), 0, 0
        for number, part in enumerate(_joined(blocks), start=1):
            digest.update(part)
            rows, size = rows + part.count(b"\n"), size + len(part)
            self.add(f"{name}/{number:06d}", part)
        return {"rows": rows, "bytes": size, "sha256": digest.hexdigest()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def _finish(self) -> None:
        self._tar.close()
        self._gzip.close()
        if self._sealed:
            self._sealed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._partial.replace(self._path)


def _joined(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small blocks into parts of about 4 MiB."""
    waiting, size = [], 0
    for block in blocks:
        waiting.append(bytes(block))
        size += len(block)
        if size >= PART_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


@contextmanager
def reading(path: Path, secret: bytes | None = None) -> Iterator[Iterator[tuple[str, bytes]]]:
    """Open an archive: its members' names and contents, one at a time.

    Raises:
        BackupError: it is no backup, is sealed and the secret is missing or wrong, is damaged, or was cut short.
    """
    try:
        with path.open("rb") as file, _plain(file, path, secret) as stream:
            yield _members(stream)
    except DAMAGED:
        advice = " or the secret is not the one it was sealed with" if secret else ""
        raise BackupError(f"{path.name} is damaged or was cut short{advice}: nothing is restored") from None
    except OSError as error:
        raise BackupError(f"{path.name} cannot be read: {error.strerror or type(error).__name__}") from None


def _members(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the members, and read on to the end, where the file's own check stands."""
    with tarfile.open(mode="r|", fileobj=stream) as tar:
        for member in tar:
            yield member.name, tar.extractfile(member).read()
            tar.members.clear()
    while stream.read(FRAME_BYTES):
        pass


def _plain(file: BinaryIO, path: Path, secret: bytes | None) -> BinaryIO:
    start = file.read(len(MAGIC))
    if start == MAGIC:
        if secret is None:
            raise BackupError(f"{path.name} is encrypted: give the file with its secret")
        return gzip.GzipFile(fileobj=io.BufferedReader(_Opener(file, secret), FRAME_BYTES))
    if not start.startswith(GZIP_MAGIC):
        raise BackupError(f"{path.name} is no backup of Sightline")
    file.seek(0)
    return gzip.GzipFile(fileobj=file)


def _key(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=SCRYPT_COST, r=8, p=1).derive(secret))


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


class _Sealer(io.RawIOBase):
    """Seals what is written to it, frame by frame."""

    def __init__(self, target: BinaryIO, secret: bytes) -> None:
        salt, self._prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
        self._target, self._key, self._number, self._waiting = target, _key(secret, salt), 0, bytearray()
        target.write(MAGIC + salt + self._prefix)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > FRAME_BYTES:
            self._seal(bytes(self._waiting[:FRAME_BYTES]), is_last=False)
            del self._waiting[:FRAME_BYTES]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, frame: bytes, *, is_last: bool) -> None:
        self._target.write(self._key.encrypt(_nonce(self._prefix, self._number, is_last=is_last), frame, None))
        self._number += 1


class _Opener(io.RawIOBase):
    """Opens a sealed stream; raises InvalidTag where a frame is not as it was written."""

    def __init__(self, source: BinaryIO, secret: bytes) -> None:
        salt, self._prefix = source.read(SALT_BYTES), source.read(PREFIX_BYTES)
        if len(salt) + len(self._prefix) < SALT_BYTES + PREFIX_BYTES:
            raise EOFError
        self._source, self._key, self._number = source, _key(secret, salt), 0
        self._next, self._plain = source.read(FRAME_BYTES + TAG_BYTES), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        if not self._plain and self._next:
            frame, self._next = self._next, self._source.read(FRAME_BYTES + TAG_BYTES)
            nonce = _nonce(self._prefix, self._number, is_last=not self._next)
            self._plain, self._number = self._key.decrypt(nonce, frame, None), self._number + 1
        taken = min(len(buffer), len(self._plain))
        buffer[:taken], self._plain = self._plain[:taken], self._plain[taken:]
        return taken
