"""Texts and files that are wrong in one way each."""

import csv
import hashlib
import io
import json
import re
import tracemalloc
import zipfile

from gazetteer.reader import PLACE_COLUMNS
from geocode.exchange import read_others

SIRTE = "قصفت طائرات مجهولة مدينة سرت."
TARHUNA = "سيطرت قوات الحكومة على مدينة ترهونة."
LONG = (
    "قصفت طائرات مجهولة مدينة سرت مساء أمس، وقالت مصادر محلية إن القصف أصاب مخزنا قرب المطار، "
    "ولم يعرف عدد الضحايا بعد."
)
PNG, EXE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"MZ\x90\0\3\0\0\0\4\0\0\0"
NOISE = hashlib.shake_256(b"noise").digest(4000)
PAGE = '<html><head><meta charset="{}"><title>t</title></head><body><article><p>{}</p></article></body></html>'
FEED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>t</title><item>'
    "<title>t</title><description>{}</description></item></channel></rss>"
)
CONTROL = re.compile("[\x01-\x08\ufffd]")
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{}">]>'
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    '<OGRVRTLayer name="y"><SrcDataSource>http://127.0.0.1/x</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


def lines(*texts, **more):
    return "".join(json.dumps({"text": t, **more}, ensure_ascii=False) + "\n" for t in texts)


def texts_of(articles):
    return [article.text for article in articles]


def zipped(*entries, packing=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def peak_mb(work):
    """Give what some work gives, and the most memory it took."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def line(row):
    return json.dumps(row, ensure_ascii=False) + "\n"


def pack_row(name, lat, lon):
    known = {"id": f"x:{name.lower()}", "kind": "town", "name_en": name, "name_ar": f"قرية {name}"}
    numbers = {"lat": lat, "lon": lon, "precision_km": "2", "fame": "1", "country": "LY"}
    return {**known, **numbers, "sources": "test"}


def write_pack(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PLACE_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def acled(tmp_path, lat, lon):
    path = tmp_path / "acled.csv"
    head = "event_id_cnty,event_date,sub_event_type,country,latitude,longitude"
    rows = [f"LBY1,2020-01-06,Armed clash,Libya,{lat},{lon}"]
    rows += ["LBY2,2020-01-06,Armed clash,Libya,32.9,13.2"]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    refused = []
    return read_others("acled", path, refused=refused), refused
