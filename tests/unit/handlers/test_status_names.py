"""Names of Jira statuses and their decisions."""

import unicodedata

import pytest

from handlers.callback.status_names import StatusNames


@pytest.mark.parametrize(
    ("configured", "sent"),
    [
        ("Erlédigt", unicodedata.normalize("NFD", "Erlédigt")),
        (unicodedata.normalize("NFD", "Geprüft"), "GEPRÜFT"),
        ("Done", "\uff24\uff4f\uff4e\uff45"),
        ("In Produktion", "in\u00a0Produktion\u00a0"),
        ("Veröffentlicht", "Vero\u0308ﬀentlicht"),
        ("완료", unicodedata.normalize("NFD", "완료")),
        ("ΟΔΟΣ", "οδος"),
        ("완료", unicodedata.normalize("NFKD", "완료")),
    ],
)
def test_names_of_statuses_compare_after_normalization(configured: str, sent: str) -> None:
    names = StatusNames.of([configured], ["Rejected"])
    assert names.outcome(sent) == names.outcome_of_word(sent) == "success"
    assert names.outcome(sent + "x") is None


def test_built_in_statuses_are_the_same_in_every_stack() -> None:
    names = StatusNames.of(["failed"], ["done"])
    assert (names.outcome_of_word("done"), names.outcome_of_word("failed")) == ("success", "failure")
    assert (names.outcome("done"), names.outcome("failed")) == ("failure", "success")
