from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.errors import InputError
from seedbed.storage.secrets import KeyRing

if TYPE_CHECKING:
    from pathlib import Path

RACER = """
import sys
from pathlib import Path
from seedbed.storage.secrets import KeyRing
print("ready", flush=True)
sys.stdin.readline()
print(KeyRing(Path(sys.argv[1])).encrypt("sk-secret"))
"""


def test_what_is_encrypted_comes_back_also_in_another_ring(tmp_path: Path) -> None:
    token = KeyRing(tmp_path).encrypt("sk-ключ-🔑")
    assert "sk-" not in token
    assert KeyRing(tmp_path).decrypt(token) == "sk-ключ-🔑"


def test_the_key_file_is_the_owners_alone_and_the_only_file(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "workspace"
    ring = KeyRing(folder)
    assert not folder.exists()
    ring.encrypt("x")
    assert [file.name for file in folder.iterdir()] == ["secret.key"]
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_file_open_to_others_is_refused_with_the_remedy(mode: int, tmp_path: Path) -> None:
    token = KeyRing(tmp_path).encrypt("x")
    (tmp_path / "secret.key").chmod(mode)
    for use, text in ((KeyRing(tmp_path).decrypt, token), (KeyRing(tmp_path).encrypt, "y")):
        with pytest.raises(InputError) as caught:
            use(text)
        assert caught.value.hint == f"Run: chmod 600 {tmp_path / 'secret.key'}"


def test_another_key_is_an_error_of_one_sentence_without_the_secret(tmp_path: Path) -> None:
    token = KeyRing(tmp_path / "a").encrypt("sk-secret")
    KeyRing(tmp_path / "b").encrypt("x")
    with pytest.raises(InputError, match=r"^A saved API key cannot be decrypted with .*secret\.key\.$"):
        KeyRing(tmp_path / "b").decrypt(token)
    with pytest.raises(InputError, match="cannot be decrypted"):
        KeyRing(tmp_path / "a").decrypt("nonsense ☂")


def test_a_lost_key_file_is_named_and_not_replaced_by_decrypting(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"secret\.key cannot be read: No such file"):
        KeyRing(tmp_path).decrypt("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"short", b"\xff" * 44])
def test_a_damaged_key_file_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(data)
    (tmp_path / "secret.key").chmod(0o600)
    with pytest.raises(InputError, match="is not a key file"):
        KeyRing(tmp_path).encrypt("x")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot be made"):
            KeyRing(folder).encrypt("x")


def test_a_new_first_key_keeps_old_tokens_readable(tmp_path: Path) -> None:
    token = KeyRing(tmp_path).encrypt("old")
    file = tmp_path / "secret.key"
    file.write_bytes(Fernet.generate_key() + b"\n" + file.read_bytes())
    ring = KeyRing(tmp_path)
    assert ring.decrypt(token) == "old"
    assert ring.decrypt(ring.encrypt("new")) == "new"


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACER, str(tmp_path)]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [racer.stdout.readline() for racer in racers if racer.stdout] == ["ready\n"] * 6
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    tokens = [racer.communicate()[0].strip() for racer in racers]
    assert [KeyRing(tmp_path).decrypt(token) for token in tokens] == ["sk-secret"] * 6
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


@given(st.text())
def test_a_mask_shows_four_characters_of_long_keys_only(key: str) -> None:
    assert KeyRing.mask(key) == ("…" + key[-4:] if len(key) >= 12 else "…")
