"""What people answered to the questions of imports, kept beside the dataset and followed by later imports.

::

    <root>/<name>/decisions.json      {"<key>|<key>": "same", "sector:banh da nem": "1079", …}

Two questions are asked. *Are these two records one establishment?* has the keys of both records as its
key and is answered ``same`` or ``different``. *Which class is this product?* has the folded words as its
key, so that one answer serves every row with the same words, and is answered by a class, a division, or
``leave`` (what the words said surely stays).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo.errors import ParameterError, StoreError
from geo.store import catalog, files, lock
from geo.subjects import sectors

FILE = "decisions.json"
SAME, DIFFERENT, LEAVE = "same", "different", "leave"
#: Before the words that a question about a sector is asked of.
SECTOR = "sector:"
#: Seconds to wait while somebody else's answers are being written.
_WAIT = 10.0
#: Divisions of mining and manufacturing, with or without classes in the list.
_DIVISIONS = frozenset(f"{number:02d}" for number in range(5, 34))


def kept(name: str, root: Path | str | None = None) -> dict[str, str]:
    """Return the kept answers of a dataset: key of the question → answer.

    Parameters
    ----------
    name : str
        Dataset; it need not exist yet.
    root : path, optional
        Folder of datasets; the user's own by default.

    Raises
    ------
    ParameterError
        If the name is not allowed.
    StoreError
        If the file of answers is damaged or cannot be read.
    """
    return {
        question: answer for question, answer in _read(_path(name, root)).items() if _fits(question, answer)
    }


def keep(name: str, answers: Mapping[str, str], root: Path | str | None = None) -> dict[str, str]:
    """Keep answers beside a dataset and return all that are kept.

    They are on disk when this returns. Answers given at once by several processes are all kept; of two to
    the same question the later one counts.

    Parameters
    ----------
    name : str
        Dataset; it need not exist yet.
    answers : mapping
        Key of the question → answer; an empty text takes a kept answer back.
    root : path, optional
        Folder of datasets; the user's own by default.

    Raises
    ------
    ParameterError
        If an answer does not fit its question, or the name is not allowed; nothing is kept then.
    StoreError
        If the file of answers is damaged or cannot be written.
    """
    for question, answer in answers.items():
        if answer and not _fits(question, answer):
            raise _unfit(question, answer)
    path = _path(name, root)
    with lock.held(path.parent.parent, name, part="answers", wait=_WAIT):
        held = {**_read(path), **answers}
        held = {question: answer for question, answer in held.items() if answer}
        try:
            path.parent.mkdir(exist_ok=True)
            files.replace_text(path, json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        except OSError as error:
            raise StoreError(
                vi=f"Không ghi được câu trả lời vào “{path}” ({error.strerror}); hãy kiểm tra quyền ghi và dung lượng "
                "đĩa. Các câu trả lời trước vẫn còn.",
                en=f'The answers could not be written to "{path}" ({error.strerror}); check the permission and the '
                "space on disk. Earlier answers are still there.",
            ) from error
    return {question: answer for question, answer in held.items() if _fits(question, answer)}


def is_sector(code: str) -> bool:
    """Tell whether a code is a class in the list or a division of mining or manufacturing."""
    return code in _DIVISIONS or code in _classes()


@cache
def _classes() -> frozenset[str]:
    """Return the codes of classes."""
    rows = sectors.sectors()
    return frozenset(map(str, rows.index[rows["level"] == "class"]))


def _fits(question: str, answer: str) -> bool:
    """Tell whether an answer is one that its question may have."""
    if question.startswith(SECTOR):
        return answer == LEAVE or is_sector(answer)
    return answer in (SAME, DIFFERENT)


def _path(name: str, root: Path | str | None) -> Path:
    """Return where the answers of a dataset are."""
    catalog.check_name(name)
    return (catalog.user_root() if root is None else Path(root)) / name / FILE


def _read(path: Path) -> dict[str, str]:
    """Return everything the file of answers holds, also what this release does not know."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(body, dict) or not all(isinstance(answer, str) for answer in body.values()):
        raise _damaged(path)
    return body


def _unfit(question: str, answer: str) -> ParameterError:
    """Say what an answer must be."""
    if question.startswith(SECTOR):
        return ParameterError(
            vi=f"Câu trả lời về ngành phải là mã ngành cấp 4, cấp 2 của VSIC 2018 hoặc “leave”, nhưng nhận được “{answer}”.",
            en=f'An answer about a sector must be a class or division of VSIC 2018, or "leave", but "{answer}" came.',
        )
    return ParameterError(
        vi=f"Câu trả lời về hai bản ghi phải là “same” hoặc “different”, nhưng nhận được “{answer}”.",
        en=f'An answer about two records must be "same" or "different", but "{answer}" came.',
    )


def _damaged(path: Path) -> StoreError:
    """Say that the file of answers cannot be read and how to repair it."""
    return StoreError(
        vi=f"Tệp câu trả lời “{path}” bị hỏng; hãy khôi phục từ bản sao lưu, hoặc xóa tệp đó và trả lời lại các câu hỏi.",
        en=f'The file of answers "{path}" is damaged; restore it from a backup, or delete it and answer the questions '
        "again.",
    )
