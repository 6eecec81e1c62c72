"""Two folders change places, in one system call where there is one."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

# The system says one of these where the file system, or the kernel, cannot exchange two names.
_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def exchange(new: Path, folder: Path) -> None:
    """Put `new` where `folder` is. Afterwards what was there is at `new`, or at `parking(folder)`, or never was."""
    if not folder.exists():
        new.rename(folder)
    elif not _swap(os.fsencode(new), os.fsencode(folder)):
        _rename_twice(new, folder)


def parking(folder: Path) -> Path:
    """Where the old folder stands for a moment when it takes two renames."""
    return folder.with_name(f".{folder.name}.modelgen-old")


def _swap(one: bytes, other: bytes) -> bool:
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(one, other, _RENAME_SWAP)
    else:
        return False
    if failed and ctypes.get_errno() not in _UNSUPPORTED:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), os.fsdecode(other))
    return not failed


def _rename_twice(new: Path, folder: Path) -> None:
    parked = parking(folder)
    folder.rename(parked)
    try:
        new.rename(folder)
    except BaseException:
        parked.rename(folder)
        raise
