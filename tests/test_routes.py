"""What the server answers beside the pages, over a real small dataset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from geo import paths
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from ui import api_cells, map_shapes, routes

VIEW = "bbox=102,8,110,24&zoom=5.5"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """600 establishments at commune points: every third of sector 1077, five without a point."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    patch.setenv("PRODUCT_HOME", str(home))
    communes = pd.read_parquet(paths.DATA / "communes.parquet")
    communes = communes[(communes["vintage"] == "2025") & communes["lat"].notna()]
    chosen = communes.iloc[np.linspace(0, len(communes) - 1, 600).astype(int)].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "establishment_id": [f"e{number:03d}" for number in range(600)],
            "name": ["<img src=x onerror=alert(1)>"] + [f"Cơ sở {number}" for number in range(1, 600)],
            "sector_code": ["1077" if number % 3 == 0 else "1610" for number in range(600)],
            "employees": [5 + number % 60 for number in range(600)],
            "vintage": "2025",
            "province_code": chosen["province_code"],
            "province_code_2025": chosen["province_code"],
            "commune_code_2025": chosen["commune_code"],
            "lat": chosen["lat"],
            "lon": chosen["lon"],
            "location_quality": "commune",
            "year": 2024,
            "source": "bộ thử",
            "licence": "CC0-1.0",
        }
    )
    rows.loc[:4, ["lat", "lon"]] = np.nan
    rows.loc[:4, "location_quality"] = "province"
    yield catalog.write_dataset(
        home / "datasets",
        "small",
        rows,
        kind="user",
        provenance={"source": "test"},
        label_vi="Nhỏ",
        label_en="Small",
    )
    patch.undo()


def _client(authorised=routes.anyone, prefix=""):
    async def echo(socket):
        await socket.accept()
        await socket.send_text("here")
        await socket.close()

    app = Starlette(
        routes=[
            *routes.routes(authorised=authorised, prefix=prefix),
            Route(
                "/page", lambda request: PlainTextResponse("page", headers={"Referrer-Policy": "no-referrer"})
            ),
            WebSocketRoute("/socket", echo),
        ],
        middleware=routes.middleware(prefix=prefix),
    )
    return TestClient(app)


@pytest.fixture(scope="module")
def client(dataset):
    return _client()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/assets/leaflet/leaflet.js?v=1", "javascript"),
        ("/assets/leaflet/leaflet.css?v=1", "css"),
        ("/assets/fonts/BeVietnamPro-Regular.ttf?v=1", "font/ttf"),
        ("/assets/app/map.js?v=1", "javascript"),
        ("/assets/app/live_cells.js?v=1", "javascript"),
        ("/assets/app/map.css?v=1", "css"),
    ],
)
def test_files_of_the_map_are_served_from_here(client, path, kind):
    answer = client.get(path)
    assert answer.status_code == 200
    assert kind in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]


def test_leaflet_and_our_scripts_come_as_one_file_in_their_order(client):
    joined = client.get("/assets/app/atlas.js").text
    parts = ["leaflet/leaflet.js", *(f"app/{name}.js" for name in ("map", "layers", "flows", "live_cells"))]
    assert joined == "\n".join(client.get(f"/assets/{part}").text for part in parts)


def test_files_are_packed_and_asked_again_only_when_they_may_have_changed(client):
    path = "/assets/fonts/BeVietnamPro-Bold.ttf"
    answer = client.get(path)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert int(answer.headers["content-length"]) < 0.5 * len(answer.content)
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.head(path).headers["etag"] == answer.headers["etag"]
    assert client.post(path).status_code == 404


def test_scripts_of_streamlit_come_packed_with_the_same_contents(client):
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    script = max(folder.glob("*.js"), key=lambda path: path.stat().st_size)
    answer = client.get(f"/static/js/{script.name}")
    assert answer.content == script.read_bytes()
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]


def test_files_outside_the_folders_stay_outside(client):
    for path in (
        "/assets/app/../routes.py",
        "/assets/app/%2e%2e/routes.py",
        "/assets/fonts/../__init__.py",
        "/assets/app/",
    ):
        assert client.get(path).status_code == 404


def test_styles_and_scripts_name_no_other_server(client):
    for name in ("map.js", "layers.js", "flows.js", "live_cells.js", "map.css"):
        text = client.get(f"/assets/app/{name}").text.replace("http://www.w3.org/2000/svg", "")
        assert "//cdn" not in text
        assert "http:" not in text
        assert "https:" not in text


def test_outlines_are_served_once_a_version(client):
    path = f"/assets/shapes/provinces_2025.json?v={map_shapes.version()}"
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.json()["features"]) == 34
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert "no-cache" in client.get("/assets/shapes/provinces_2025.json?v=old").headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == answer.json()
    assert client.get("/assets/shapes/provinces_1999.json").status_code == 404


# ---------------------------------------------------------------- establishments by viewport


def test_far_out_come_hexagons_with_all_establishments(client):
    body = client.get(f"/api/cells?dataset=small&{VIEW}").json()
    assert body["kind"] == "hexagons"
    assert body["total"] == sum(cell["n"] for cell in body["features"]) > 500
    assert body["no_coordinates"] == 5


def test_near_come_establishments_with_the_names_of_their_sectors(client):
    body = client.get("/api/cells?dataset=small&bbox=105,20,107,22&zoom=11&lang=en").json()
    assert body["kind"] == "points"
    assert body["total"] == len(body["features"]) > 0
    assert not body["cut"]
    assert {one["sector_code"] for one in body["features"]} == set(body["sectors"])
    assert "coffee" in body["sectors"]["1077"].lower()


def test_filters_narrow_the_answer_and_their_parts_add_up(client):
    def total(extra=""):
        return client.get(f"/api/cells?dataset=small&{VIEW}{extra}").json()["total"]

    assert total("&sectors=10") + total("&sectors=16") == total()
    assert total("&sectors=10,16") == total()
    assert total("&sectors=1077") == total("&sectors=10")
    regions = admin.regions("2025_NQ306_34").index
    assert sum(total(f"&regions={code}") for code in regions) == total()
    assert total("&years=2023") == 0


def test_the_query_of_the_page_is_understood(client, dataset):
    filters = Filters(sectors=("10",), provinces=("66",), years=(2024,), sizes=("micro", "small"))
    answer = client.get(f"/api/cells?{api_cells.cells_query(dataset, filters, 'en')}&{VIEW}")
    assert answer.status_code == 200
    assert answer.json()["total"] > 0


def test_an_answer_is_named_by_data_and_question(client, dataset):
    one = client.get(f"/api/cells?dataset=small&{VIEW}")
    assert dataset.version in one.headers["etag"]
    assert one.headers["content-encoding"] == "gzip"
    assert "no-cache" in one.headers["cache-control"]
    held = client.get(f"/api/cells?dataset=small&{VIEW}", headers={"If-None-Match": one.headers["etag"]})
    assert held.status_code == 304
    assert held.content == b""
    weak = client.get(
        f"/api/cells?dataset=small&{VIEW}", headers={"If-None-Match": f'"x", W/{one.headers["etag"]}'}
    )
    assert weak.status_code == 304
    other = client.get(f"/api/cells?dataset=small&sectors=10&{VIEW}")
    assert other.headers["etag"] != one.headers["etag"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", "dataset"),
        (f"{VIEW}", "dataset"),
        (f"dataset=nothing&{VIEW}", "nothing"),
        (f"dataset=../small&{VIEW}", "../small"),
        (f"dataset=/etc&{VIEW}", "/etc"),
        (f"dataset=small&version=../x&{VIEW}", "../x"),
        (f"dataset=small&version=000000000000&{VIEW}", ""),
        (f"dataset=small&vintage=1999&{VIEW}", "1999"),
        (f"dataset=small&region_set=mars&{VIEW}", "mars"),
        (f"dataset=small&regions=mars&{VIEW}", "mars"),
        (f"dataset=small&provinces=00&{VIEW}", "00"),
        (f"dataset=small&sectors=1077'--&{VIEW}", "1077"),
        (f"dataset=small&materials=gold&{VIEW}", "gold"),
        (f"dataset=small&years=20x4&{VIEW}", "20x4"),
        (f"dataset=small&years=1066&{VIEW}", "1066"),
        (f"dataset=small&sizes=huge&{VIEW}", "huge"),
        (f"dataset=small&sizes={'micro,' * 301}&{VIEW}", "sizes"),
        ("dataset=small&zoom=5", "bbox"),
        ("dataset=small&bbox=1,2,3&zoom=5", "bbox"),
        ("dataset=small&bbox=110,8,102,24&zoom=5", "110"),
        ("dataset=small&bbox=nan,8,110,24&zoom=5", "nan"),
        ("dataset=small&bbox=102,8,110,24&zoom=99", "zoom"),
        ("dataset=small&bbox=102,8,110,24&zoom=nan", "zoom"),
        ("dataset=small&bbox=102,8,110,24", "zoom"),
        (f"dataset=small&lang=fr&{VIEW}", "lang"),
        (f"dataset=small&dataset=small&{VIEW}", "dataset"),
        (f"dataset=small&limit=99999999&{VIEW}", "limit"),
        (f"dataset=small&sectors={'1' * 7000}&{VIEW}", "query"),
    ],
)
def test_every_wrong_parameter_gets_a_sentence_that_names_it(client, query, named):
    answer = client.get(f"/api/cells?{query}")
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert answer.json()["error"].endswith(".")
    assert answer.headers["cache-control"] == "no-store"


def test_errors_come_in_the_language_asked_for(client):
    vi = client.get("/api/cells?dataset=small&bbox=1,2,3&zoom=5").json()["error"]
    en = client.get("/api/cells?dataset=small&bbox=1,2,3&zoom=5&lang=en").json()["error"]
    assert "Tham số" in vi
    assert "parameter" in en


def test_only_reading_is_allowed(client):
    assert client.post(f"/api/cells?dataset=small&{VIEW}").status_code == 405


def test_the_sign_in_of_the_pages_guards_the_establishments(dataset):
    shut = _client(authorised=lambda request: request.headers.get("x-user") == "an")
    assert shut.get(f"/api/cells?dataset=small&{VIEW}").status_code == 401
    assert "đăng nhập" in shut.get(f"/api/cells?dataset=small&{VIEW}").json()["error"]
    assert shut.get(f"/api/cells?dataset=small&{VIEW}", headers={"x-user": "an"}).status_code == 200
    assert shut.get("/assets/app/map.js").status_code == 200


def test_a_base_path_moves_every_route(dataset):
    below = _client(prefix="/map/")
    assert below.get(f"/map/api/cells?dataset=small&{VIEW}").status_code == 200
    assert below.get("/map/assets/app/map.js").status_code == 200
    assert below.get("/api/cells").status_code == 404


# ---------------------------------------------------------------- health and headers


def test_health_names_the_data(client, dataset):
    body = client.get("/healthz").json()
    assert body["status"] == "ok"
    assert body["boundaries"] == map_shapes.version()
    assert {"name": "small", "kind": "user", "version": dataset.version, "establishments": 600} in body[
        "datasets"
    ]


def test_every_answer_carries_the_security_headers(client):
    for path in ("/healthz", "/assets/app/map.js", "/api/cells", "/page", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "camera=()" in headers["permissions-policy"]
    assert client.get("/page").headers["referrer-policy"] == "no-referrer"


def test_a_configured_tile_server_is_allowed_for_pictures_alone(monkeypatch):
    monkeypatch.setenv("MAP_TILE_URL", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    from ui.headers import content_security_policy

    policy = dict(part.split(" ", 1) for part in content_security_policy().split("; "))
    assert "https://*.tiles.example" in policy["img-src"]
    assert "tiles" not in policy["connect-src"] + policy["script-src"]


def test_web_sockets_pass(client):
    with client.websocket_connect("/socket") as socket:
        assert socket.receive_text() == "here"


def test_streamlit_takes_the_routes(tmp_path):
    (tmp_path / "page.py").write_text("")
    assert streamlit.App(tmp_path / "page.py", routes=routes.routes(), middleware=routes.middleware())
