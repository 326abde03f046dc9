"""Uploads are limited one by one, and all together: by the server, whatever the browser says."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(serve, sample_store):
    return serve(sample_store)


def files(*sizes_mb):
    return [
        {"name": f"f{n}.txt", "mimeType": "text/plain", "buffer": b"x" * int(size * 1_000_000)}
        for n, size in enumerate(sizes_mb)
    ]


def test_uploads_that_are_too_large_together_are_refused(page, address):
    """Each of the files may be uploaded; the third is more than a session may keep."""
    answers = []
    page.on("response", lambda r: answers.append(r.status) if "upload_file" in r.url else None)
    page.goto(f"{address}/add?lang=en")
    expect(page.get_by_text("Read", exact=False).first).to_be_visible(timeout=30_000)
    chooser = page.locator("input[type=file]")
    for size in (19, 19, 19):
        chooser.set_input_files(files(size))
        page.wait_for_timeout(2500)
    assert answers.count(204) == 2
    assert 413 in answers
    assert page.faults == []


def test_a_server_asked_by_another_name_says_nothing(page, address):
    answer = page.request.get(address, headers={"Host": "evil.example"})
    assert answer.status == 421
    assert "Mihwar" not in answer.text()
