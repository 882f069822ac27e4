"""Names stand in the order of the reader's alphabet."""

import random

import pytest

from structure.alphabet import alphabet, letter_of, sort_key

AZERBAIJANI = alphabet("az")


def in_order(names, language):
    shuffled = names[:]
    random.Random(7).shuffle(shuffled)
    return sorted(shuffled, key=lambda name: sort_key(name, language))


def test_the_azerbaijani_alphabet_has_32_letters_in_its_own_order():
    assert len(set(AZERBAIJANI)) == 32
    for before, after in ("CÇ", "EƏ", "GĞ", "HX", "Xİ", "Iİ", "KQ", "QL", "OÖ", "SŞ", "UÜ"):
        assert AZERBAIJANI.index(before) < AZERBAIJANI.index(after)


@pytest.mark.parametrize("case", ["upper", "lower"])
def test_every_letter_sorts_in_its_place_in_either_case(case):
    lower = dict(zip("Iİ", "ıi", strict=True))
    letters = [
        letter if case == "upper" else lower.get(letter, letter.lower()) for letter in AZERBAIJANI
    ]
    assert in_order(letters, "az") == letters


def test_azerbaijani_names():
    names = [
        "Bakı", "Cəlilabad", "Çay", "Daxili", "Ehtiyat", "Ədliyyə", "Fəxri", "Gəncə", "Həbs",
        "Xəzər", "Xızı", "Istıot", "İdman", "İstintaq", "Jurnal", "Katiblik", "Qərargah", "Lerik",
        "Səhiyyə", "Şuşa", "Ucar", "Üzüm", "Zaqatala",
    ]  # fmt: skip
    assert in_order(names, "az") == names


def test_a_shorter_name_comes_before_a_longer_one_that_begins_with_it():
    names = ["Polis", "Polis Akademiyası", "Polis İdarəsi", "Polisin idarəsi"]
    assert in_order(names, "az") == names


def test_english_readers_find_foreign_letters_beside_their_own():
    names = ["Economy", "Ədliyyə", "Education", "Office", "Şuşa", "Zaqatala"]
    assert [letter_of(name, "en") for name in names] == ["E", "E", "E", "O", "S", "Z"]
    assert in_order(["Sector", "Şuşa", "Security"], "en")[-1] == "Şuşa"


@pytest.mark.parametrize(
    ("name", "language", "letter"),
    [
        ("idman", "az", "İ"),
        ("ışıq", "az", "I"),
        ("idman", "en", "I"),
        ("“Dinamo” cəmiyyəti", "az", "D"),
        ("102 xidməti", "az", "#"),
        ("Warszawa", "az", "V"),
        ("…", "az", "#"),
        ("", "az", "#"),
        ("Ａlpha", "en", "A"),
    ],
)
def test_the_letter_under_which_a_name_stands(name, language, letter):
    assert letter_of(name, language) == letter


def test_a_letter_typed_in_two_parts_is_the_same_letter():
    assert letter_of("S\u0327uşa", "az") == letter_of("Şuşa", "az") == "Ş"
    assert sort_key("S\u0327uşa", "az")[0] == sort_key("Şuşa", "az")[0]
