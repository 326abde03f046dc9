"""No text holds up the rest: reading is broken off, in the main thread and in any other."""

import re
import threading
import time

import pytest

from geocode.deadline import deadline
from geocode.errors import DeadlineError, ReadingError
from geocode.pipeline import ArticleReader


def spin(seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_python_code_is_broken_off():
    started = time.monotonic()
    with pytest.raises(DeadlineError, match=r"within 0\.1 s"), deadline(0.1):
        spin()
    assert time.monotonic() - started < 2


def test_a_search_that_never_ends_is_broken_off():
    with pytest.raises(DeadlineError), deadline(0.2):
        re.match(r"(\w+\s*)+$", "كلمة " * 9 + "ا" * 50 + "!")


def test_another_thread_is_broken_off_and_goes_on():
    outcome = []

    def work():
        for seconds in (0.1, 0.1):
            try:
                with deadline(seconds):
                    spin()
            except DeadlineError as error:
                outcome.append(str(error))
        with deadline(5):
            outcome.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert outcome == ["it was not read within 0.1 s; is it an article?"] * 2 + ["done"]


@pytest.mark.parametrize("seconds", [0, 5])
def test_what_is_quick_is_left_alone(seconds):
    with deadline(seconds):
        spin(0.01)
    time.sleep(0.01)


def test_an_article_that_takes_too_long_is_refused(gazetteer):
    from geocode import make_article

    class Slow(ArticleReader):
        def _read(self, article):
            spin()

    with pytest.raises(ReadingError, match=r"was not read within"):
        Slow(gazetteer, deadline_s=0.1).read(make_article("قصف سرت"))
