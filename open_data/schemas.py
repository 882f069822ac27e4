"""The shapes of answers, made from the columns of files so that nothing is described twice.

They are written into the description of the API (OpenAPI); a test asks the real answers.
"""

from functools import cache
from typing import Literal

from django.utils import translation
from ninja import Field, Schema
from pydantic import ConfigDict, create_model

from chronology.languages import SOURCE, site_codes
from exchange import columns as c
from exchange.registry import resource_for
from open_data.kinds import BY_NAME
from publishing.translated import column, columns


class _Closed(Schema):
    """Answers hold what is described and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Date(_Closed):
    """A date as precisely as it is known. Never make it more exact than `precision` says."""

    edtf: str = Field(
        description="The date in EDTF (ISO 8601-2): `1992` is the whole year.",
        examples=["1992", "1918-05-28", "1840~", "1957/1961"],
    )
    precision: Literal["day", "month", "year", "decade", "century", "period"] = Field(
        description="What `edtf` is written to."
    )
    earliest: str | None = Field(
        description="The first day that it can mean, for comparing and sorting; not a date of "
        "its own. `null`: not known, or without a beginning.",
        examples=["1992-01-01"],
    )
    latest: str | None = Field(
        description="The last day that it can mean; `null`: not known, or without an end.",
        examples=["1992-12-31"],
    )


Certain = Literal["certain", "possible"]


class _Dated(_Closed):
    certainty: Certain = Field(description="Whether it certainly or possibly was so on the date.")
    begin: Date | None = Field(description="Since when.")
    end: Date | None = Field(description="The first day on which it was so no more.")


# {code: what the language is called in English}, of the languages of the site.
_LANGUAGES = {code: translation.get_language_info(code)["name"] for code in site_codes()}
LANGUAGES = " and ".join(_LANGUAGES.values())


def _texts(stem, told):
    """The fields of a text in each language; ``told`` says what it is, with ``{}`` for one."""
    return {
        column(stem, code): (str, Field(description=told.format(name)))
        for code, name in _LANGUAGES.items()
    }


HeldName = create_model(
    "HeldName",
    __base__=_Dated,
    __doc__="A name that the unit bore on the date.",
    **_texts("name", "In {}."),
)


class HeldSuperior(_Dated):
    """To whom the unit answered on the date; both codes `null`: it stood at the top."""

    unit: str | None = Field(description="Code of the superior unit.")
    external_body: str | None = Field(description="Code of the superior outside.")


Head = create_model(
    "Head",
    __base__=_Dated,
    __doc__="Who led the unit on the date.",
    term=(str, Field(description="Code of the term of office.")),
    post=(str, Field(description="Code of the post.")),
    **_texts("title", "Title of the post in {}."),
    person=(str, Field(description="Code of the person.")),
    **_texts("name", "Name of the person in {}."),
    acting=(bool, Field(description="Whether the person only acted in the post.")),
)


class Problem(Schema):
    """A refusal (RFC 9457). `detail` is a sentence for people."""

    type: str = Field(description="Always `about:blank`.", examples=["about:blank"])
    title: str = Field(description="The kind of problem.", examples=["Not found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="What is wrong and what to do, in the language of `Accept-Language`.",
        examples=["There is no public record with this code."],
    )
    parameter: str | None = Field(None, description="The parameter that is to blame.")


_EXAMPLES = {
    "code": "mia", "parent": "mia", "unit": "mia", "slug": "ministry", "kind": "ministry",
}  # fmt: skip


def _field(column, of_today=False):
    """(type, Field) of a column for the description; ``of_today``: of one kept for today only."""
    label, more = column.label(SOURCE), str(column.help_text or "")
    told = label[:1].upper() + label[1:] + "." + (f" {more}" if more else "")
    kind, example = str, _EXAMPLES.get(column.name)
    if column.many:
        kind, told = list[str], told + " Codes."
    elif column.target is not None:
        kind, told = str | None, told + " Its code; `null`: none, or not public."
    elif isinstance(column, c.HistoricalDateColumn):
        kind = Date | None
    elif isinstance(column, c.DayColumn):
        kind = str | None
    elif isinstance(column, c.PictureColumn):
        kind, told = str | None, told + " Address on this site."
    elif isinstance(column, c.DecimalColumn):
        kind = float | None
    elif isinstance(column, c.WholeNumberColumn):
        kind = int if not column.field.null else int | None
    elif isinstance(column, c.YesNoColumn):
        kind = bool
    elif column.field is not None and column.field.choices:
        words = [value for value, _label in column.field.choices]
        kind = Literal[tuple(words + ([""] if column.field.blank else []))]
    elif "Markdown" in type(column.field).__name__ and "Markdown" not in told:
        told += " Markdown."
    if of_today:
        kind = kind | None
        told += " Kept for today only: `null` with an `on` that does not have today in it."
    return kind, Field(description=told, **({"examples": [example]} if example else {}))


@cache
def record_of(kind_name):
    """The schema of one record of a kind."""
    kind, column_of = BY_NAME[kind_name], resource_for(kind_name).column
    with translation.override(SOURCE):
        of_today = kind.columns_of_today
        fields = {name: _field(column_of(name), name in of_today) for name in kind.public_columns}
        if kind.page:
            fields |= _texts("page", "Path of its page on this site in {}.")
        if kind.has("updated_at"):
            fields["updated_at"] = (str, Field(description="When it was last changed (UTC)."))
        if kind.name == "units":
            fields |= _unit_fields()
        elif kind.period:
            told = "Whether it is in force on the date that `on` gives; absent without `on`."
            fields["in_force"] = (
                Literal["certain", "possible", "no"],
                Field(None, description=told),
            )
        name = kind.one.replace(" ", "").replace("-", "")
        return create_model(name, __base__=_Closed, __doc__=kind.told, **fields)


def _listed(names):
    return " and ".join(f"`{name}`" for name in names)


def _unit_fields():
    return {
        "existence": (
            Literal["certain", "possible", "no"],
            Field(description="Whether the unit exists on the date (`on`, or today)."),
        ),
        "names": (
            list[HeldName],
            Field(description="Its names on the date, the likeliest first; "
                              f"{_listed(columns('name'))} repeat the first. Empty: not known for "
                              "this date, or the unit did not exist; they are then what its page "
                              "is headed with."),
        ),
        "superiors": (
            list[HeldSuperior],
            Field(description="Its superiors on the date, the likeliest first, as its page names "
                              "them: none that did not exist then. With `on`, `parent` repeats the "
                              "first if that is a unit. Empty: not known for this date, or the "
                              "unit did not exist."),
        ),
        "heads": (
            list[Head],
            Field(description="Who led it on the date. Empty: not known, or vacant."),
        ),
    }  # fmt: skip


@cache
def list_of(kind_name):
    """The schema of one page of a list."""
    record = record_of(kind_name)
    return create_model(
        f"{record.__name__}List",
        __base__=_Closed,
        __doc__=f"A page of a list: {record.__name__}.",
        count=(int, Field(description="How many records there are on all pages.", examples=[52])),
        on=(
            Date | None,
            Field(description="The date for which the list answers; `null`: today."),
        ),
        next=(
            str | None,
            Field(description="Address of the next page; `null`: this is the last one."),
        ),
        results=(list[record], Field(description="The records.")),
    )


class KindEntry(_Closed):
    """A kind of records."""

    kind: str = Field(description="Word in addresses and files.", examples=["units"])
    title: str = Field(description="What they are called.", examples=["Units"])
    description: str = Field(description="What they are.")
    address: str = Field(description="Where their list is.")


class Entrance(_Closed):
    """Where everything is."""

    licence: str = Field(description="The licence under which the data may be used again.")
    description: str = Field(description="Address of this description (OpenAPI 3.1).")
    downloads: str = Field(description="Page with files of all data.")
    kinds: list[KindEntry] = Field(description="The kinds of records.")
