"""JSON is refused where two readers of it could see two things, and the fault says where."""

import pytest

from copilot.core.strict_json import JsonFault, line_of, parse, show_path


def fault_of(text: str) -> JsonFault:
    with pytest.raises(JsonFault) as caught:
        parse(text)
    return caught.value


def test_plain_json_comes_through_unchanged() -> None:
    given = '{"a": [1, 2.5, true, null, "\\ud83d\\ude00"], "b": {"c": ""}}'

    value = parse(given)

    assert value == {"a": [1, 2.5, True, None, "😀"], "b": {"c": ""}}


def test_a_syntax_error_has_its_line_and_column() -> None:
    fault = fault_of('{\n  "id": "T-1",\n  oops\n}')

    assert (fault.line, fault.column) == (3, 3)


def test_a_key_given_twice_is_named_with_its_path_and_line() -> None:
    fault = fault_of('{"messages": [\n {"text": "a"},\n {"text": "b",\n  "text": "c"}]}')

    assert fault.problem == "messages[1].text is given twice"
    assert fault.line == 3


def test_a_strange_key_given_twice_is_not_shown() -> None:
    fault = fault_of('{"my password is 1234": 1, "my password is 1234": 2}')

    assert "1234" not in fault.problem
    assert fault.problem == "(a key) is given twice"


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(constant: str) -> None:
    fault = fault_of(f'{{"a": {constant}}}')

    assert fault.problem == f"holds {constant}, which is not JSON"


def test_a_number_of_five_thousand_digits_is_refused() -> None:
    assert fault_of("9" * 5_000).problem == "holds a number with too many digits"


@pytest.mark.parametrize("depth", [5_000, 15_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_that_would_exhaust_the_parser_is_refused(opening: str, depth: int) -> None:
    assert fault_of(opening * depth).problem == "nested too deeply"


@pytest.mark.parametrize("text", ['{"a": ["x", "\\ud800"]}', '{"a": ["x", "\\udc00 b"]}'])
def test_half_of_a_surrogate_pair_is_refused_by_field(text: str) -> None:
    assert fault_of(text).problem == "a[1] holds half of a surrogate pair (a character cut in two)"


def test_half_of_a_surrogate_pair_in_a_key_is_refused() -> None:
    assert fault_of('{"a": {"\\ud800": 1}}').problem == "a has a key that holds half of a surrogate pair"


@pytest.mark.parametrize(
    ("path", "line"),
    [((), 1), (("a",), 2), (("b",), 3), (("b", 0), 4), (("b", 1, "c"), 6), (("b", 1, "missing"), 5), (("b", 9), 3), (("z",), 1)],
)
def test_the_line_of_a_path_is_where_its_value_begins_or_as_near_as_there_is(path: tuple[str | int, ...], line: int) -> None:
    text = '{\n"a": 1,\n"b": [\n {"c": "}]"},\n {"d": [],\n  "c": 2}]}'

    assert line_of(text, path) == line


def test_a_path_is_shown_as_people_write_it() -> None:
    assert show_path(("messages", 0, "author")) == "messages[0].author"


def test_json_is_taken_to_the_depth_that_is_allowed_and_refused_beyond() -> None:
    def nested(levels: int) -> str:
        return '{"a": ' * (levels - 1) + "[]" + "}" * (levels - 1)

    assert parse(nested(32), 32)
    for levels in (33, 500, 10_000):
        with pytest.raises(JsonFault, match="nested too deeply"):
            parse(nested(levels), 32)
    assert parse(nested(200))


def test_a_wide_value_in_deep_nesting_costs_no_more_memory_than_it_is_long() -> None:
    """Two hundred levels around ninety-nine thousand numbers: a path kept for each would be gigabytes."""
    import tracemalloc

    text = "[" * 200 + "1," * 99_000 + "1" + "]" * 200

    tracemalloc.start()
    parse(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000_000


def test_a_fault_can_be_told_without_the_name_of_the_key() -> None:
    fault = fault_of('{"CANARY": 1, "CANARY": 2}')

    assert (fault.problem, fault.nameless) == ("CANARY is given twice", "is given twice")
