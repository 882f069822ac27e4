"""What a new record gets that its row does not say."""

from publishing.free_addresses import free_addresses
from publishing.text import slugify_all


def fill_in(part):
    """What a new record needs and its row does not say: addresses, kinds."""
    for column in part.all_columns:
        if hasattr(column, "fill"):
            column.fill(part)
    if "slug" not in part.position:
        return
    made = part.generated.setdefault("slug", {})
    needy = [index for index in part.creates if not part.cell(index, "slug")]
    if not needy:
        return
    names = [name for name in part.model.title_fields() if name in part.place]
    rows = [part.rows[index] for index in needy]
    stems = [""] * len(needy)
    for name in [*names, "code"]:  # a column at a time, as long as some have nothing
        place = part.place[name]
        if empty := [i for i, stem in enumerate(stems) if not stem]:
            found = slugify_all([rows[i][place] or "" for i in empty])
            for i, stem in zip(empty, found, strict=True):
                stems[i] = stem
    model = part.model
    stems = [stem or model._meta.model_name for stem in stems]
    taken = {text for _index, text in part.touched("slug")}
    made.update(zip(needy, free_addresses(model, stems, taken), strict=True))
