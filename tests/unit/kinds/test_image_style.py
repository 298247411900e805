"""Image styles: their chains of effects, and who shows images in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.image_style import KIND
from drupalsync.php import decode, encode
from drupalsync.site import as_bytes
from support.small_site import as_file, item, live, message, put, queries, refused, run_on, small_site, take_away, told

SCALE: dict[str, Any] = {"name": "image_scale", "weight": 1, "data": {"width": "900", "height": "", "upscale": 0}}
GREY: dict[str, Any] = {"name": "image_desaturate", "weight": 2}
INSTANCE = encode({"display": {"default": {"settings": {"image_style": "hero", "image_link": ""}}}, "label": "Image"})


def style(*effects: dict[str, Any], key: str = "hero", **fields: Any) -> Item:
    return item("image_style", key, **{"label": "Hero", "effects": list(effects), **fields})


def instance(image_style: str) -> Item:
    return item(
        "field_instance",
        "node/page/field_image",
        label="Image",
        display={"default": {"settings": {"image_style": image_style}}},
    )


def test_effects_keep_the_types_that_their_forms_gave_them(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE, GREY))
    rows = site.rows("SELECT weight, name, data FROM {image_effects} ORDER BY ieid")
    assert [(weight, name, decode(as_bytes(data))) for weight, name, data in rows] == [
        (1, "image_scale", {"width": "900", "height": "", "upscale": 0}),
        (2, "image_desaturate", []),
    ]
    assert live(run_on(site), "image_style")["hero"].fields["effects"] == [SCALE, GREY]


def test_the_file_is_the_style_as_people_say_it() -> None:
    assert as_file(style(SCALE, GREY)) == (
        "image_style: hero\nlabel: Hero\neffects:\n"
        "  - name: image_scale\n    weight: 1\n    data:\n      width: '900'\n      height: ''\n      upscale: 0\n"
        "  - name: image_desaturate\n    weight: 2\n"
    )


def test_an_effect_that_stays_keeps_its_row(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE, GREY))
    put(run_on(site), style({**SCALE, "data": {"width": "10"}}))
    assert site.rows("SELECT ieid, name FROM {image_effects}") == [(1, "image_scale")]


def test_reading_takes_as_many_queries_for_a_hundred_styles_as_for_one(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE))
    ctx = run_on(site)
    one = queries(site, lambda: list(KIND.read(ctx)))
    put(run_on(site), *(style(SCALE, GREY, key=f"s{number}") for number in range(100)))
    ctx = run_on(site)
    assert queries(site, lambda: list(KIND.read(ctx))) == one


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            style(key="he/ro"),
            message(
                "'he/ro' cannot be the name of an image style: it stands in the addresses of images",
                "image_style.yml",
                "lower case letters, digits, - and _",
            ),
            id="name",
        ),
        pytest.param(
            style({"weight": 1}),
            message("this effect has no name", "image_style.yml effects/0", "name: image_scale, or another effect's"),
            id="no effect",
        ),
        pytest.param(
            style({**SCALE, "data": "wide"}),
            message("the data of an effect are a mapping", "image_style.yml effects/0/data", "data: {width: 100}"),
            id="data",
        ),
        pytest.param(
            style(GREY, SCALE),
            message(
                "this effect comes after one of weight 2, and has weight 1",
                "image_style.yml effects/1",
                "Drupal goes by the weights: put the effects in their order, or give them others",
            ),
            id="order",
        ),
        pytest.param(
            style({**SCALE, "weight": "1"}),
            message("this must be a whole number", "image_style.yml effects/0/weight"),
            id="weight",
        ),
        pytest.param(
            style({**SCALE, "wieght": 1}),
            message(
                "{image_effects} has no column wieght on this site", "image_style.yml effects/0", "did you mean weight?"
            ),
            id="misspelt",
        ),
        pytest.param(
            style(label="x" * 256),
            message("label has 256 characters; there is room for 255", "image_style.yml label", "shorten it"),
            id="long",
        ),
    ],
)
def test_what_cannot_be_a_style(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path)), wanted) == [problem]


def test_a_file_whose_effects_are_no_list() -> None:
    with pytest.raises(FieldProblem) as caught:
        list(KIND.load("x.yml", {"image_style": "hero", "label": "Hero", "effects": {"name": "image_scale"}}))
    assert str(caught.value) == message("this must be a list, not a mapping", "effects")


def test_a_style_does_not_go_while_an_instance_of_the_site_shows_images_in_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE))
    site.insert(
        "field_config_instance",
        {"field_name": "field_image", "entity_type": "node", "bundle": "page", "data": INSTANCE},
    )
    with pytest.raises(Problems) as caught:
        take_away(run_on(site), "image_style", "hero")
    assert refused(caught.value) == [
        message(
            "image_style:hero cannot go: field_instance:node/page/field_image needs it",
            "field_instance:node/page/field_image",
            "give it another style first, or keep this one",
        )
    ]


def test_a_style_does_not_go_while_the_tree_shows_images_in_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE))
    pictures = item("variable", "user_picture_style", value="hero")
    with pytest.raises(Problems) as caught:
        take_away(run_on(site, instance("hero"), pictures), "image_style", "hero")
    assert [text.splitlines()[0] for text in refused(caught.value)] == [
        "image_style:hero cannot go: field_instance:node/page/field_image needs it",
        "image_style:hero cannot go: variable:user_picture_style needs it",
    ]


def test_a_style_goes_where_the_same_import_gives_its_instance_another(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE))
    losses = take_away(run_on(site, instance("medium")), "image_style", "hero")
    assert losses == ["the files in styles/hero stay on the disk: delete them by hand"]
    assert site.rows("SELECT * FROM {image_styles}") == site.rows("SELECT * FROM {image_effects}") == []


def test_what_the_import_does_not_change_after_all_stops_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE))
    site.insert(
        "field_config_instance",
        {"field_name": "field_image", "entity_type": "node", "bundle": "page", "data": INSTANCE},
    )
    ctx = run_on(site, instance("medium"))  # of which only the style was selected
    with pytest.raises(Problems, match="import this, too, or keep the style"):
        KIND.delete(ctx, live(ctx, "image_style")["hero"])


def test_a_style_of_core_goes_back_to_what_its_code_says(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), style(SCALE, key="thumbnail"))
    assert take_away(run_on(site, instance("thumbnail")), "image_style", "thumbnail") == [
        "the files in styles/thumbnail stay on the disk: delete them by hand"
    ]
