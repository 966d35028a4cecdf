"""Raw answers of a cloud service as a file."""

import io
import json
from dataclasses import replace

import pytest

from ocrportal.errors.export import NoAnswers
from ocrportal.exporters.raw_answers import write_raw_answers
from tests.exporters.pages import document_of, recognised_pages

from .pages import answered, document, page_of


def _written(*results, **about) -> bytes:
    out = io.BytesIO()
    write_raw_answers(document(*results, **about), out)
    return out.getvalue()


def test_each_raw_answer_is_complete_and_has_its_page():
    card = answered("id-card")
    other = replace(card, raw={"result": {"姓名 “x”": "a\\b\u2028\ud800"}})
    assert json.loads(_written(card, other, title="证件", service="id-card")) == {
        "title": "证件",
        "pages": [
            {"number": 1, "document": "证件", "part": 0, "service": "id-card", "answer": card.raw},
            {"number": 2, "document": "证件", "part": 0, "service": "id-card", "answer": other.raw},
        ],
    }


def test_a_page_without_a_raw_answer_is_left_out():
    written = json.loads(_written(page_of([]), answered("id-card"), page_of([])))
    assert [page["number"] for page in written["pages"]] == [2]


def test_a_document_without_raw_answers_is_rejected():
    with pytest.raises(NoAnswers):
        _written(page_of([]), page_of([]))


def test_one_raw_answer_is_in_memory_at_a_time():
    read = []
    whole = document(page_of([]), page_of([]))

    class Out(io.BytesIO):
        def write(self, data):
            read.append(len(data) > 0)
            return super().write(data)

    def answers(number):
        read.append(number)
        return {"result": number}

    pages = [
        replace(page, read_answer=lambda n=page.number: answers(n))
        for page in recognised_pages(whole)
    ]
    write_raw_answers(document_of(*pages, title=whole.title), Out())
    assert read == [1, True, 2, True, True]
