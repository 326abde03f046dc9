"""A server on loopback that answers as no server should."""

import gzip
import socket
import threading
import time
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ITEM = (
    "<item><title>{title}</title><link>{link}</link><pubDate>Sat, 14 Dec 2019 08:45:00 GMT</pubDate>"
    "<description>{text}</description></item>"
)
PAGE = (
    "<html><head><title>t</title></head><body><article><h1>{title}</h1><p>{text} {text}</p>"
    "<p>{text}</p></article></body></html>"
)
TEXT = "قصفت طائرات مجهولة مدينة سرت فجر السبت، بحسب شهود عيان في المدينة تحدثوا إلى مراسلنا."


def rss(*items: str) -> bytes:
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{''.join(items)}"
        "</channel></rss>"
    ).encode()


class Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.asked.append((path, dict(self.headers)))
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(
                self, "answer_" + path.strip("/").replace("-", "_").replace(".", "_"), self.page
            )()

    def log_message(self, *_):
        pass

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def send(self, body=b"", status=200, kind="text/html", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, to):
        self.send(status=302, Location=to)

    def page(self):
        name = self.path.strip("/")
        self.send(PAGE.format(title=name, text=TEXT.replace("سرت", f"سرت {name}")).encode())

    def answer_feed(self):
        if self.headers.get("If-None-Match") == '"1"':
            self.send(status=304, ETag='"1"')
            return
        links = ("one", "two")
        items = [ITEM.format(title=n, link=f"{self.base}/{n}", text="short") for n in links]
        self.send(rss(*items), kind="text/xml", ETag='"1"')

    def answer_whole(self):
        items = [
            ITEM.format(
                title="&lt;img src=x onerror=alert(1)&gt;", link="https://e.org/a", text=TEXT
            ),
            ITEM.format(title="no link", link="", text=TEXT.replace("سرت", "ترهونة")),
        ]
        self.send(rss(*items), kind="application/rss+xml")

    def answer_bomb_feed(self):
        entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><rss version="2.0"><channel><title>&l11;</title></channel></rss>'
        self.send(body.encode(), kind="text/xml")

    def answer_xxe(self):
        body = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><rss version="2.0"/>'
        self.send(body.encode("utf-16"), kind="text/xml")

    def answer_missing(self):
        self.send(b"gone", status=404)

    def answer_broken(self):
        self.send(b"oops", status=503, Retry_After="7200")

    def answer_empty(self):
        self.send(rss(), kind="text/xml")

    def answer_loop(self):
        self.redirect("/loop")

    def answer_to_file(self):
        self.redirect("file:///etc/passwd")

    def answer_to_metadata(self):
        self.redirect("http://169.254.169.254/latest/meta-data/")

    def answer_to_gopher(self):
        self.redirect("gopher://127.0.0.1:70/")

    def answer_to_user(self):
        self.redirect(f"http://me:secret@127.0.0.1:{self.server.server_port}/one")

    def answer_to_nonsense(self):
        self.redirect("http://[x")

    def answer_surrogate(self):
        body = b"<rss version='2.0'><channel><item><description>&#xD800;</description></item></channel></rss>"
        self.send(body, kind="text/xml")

    def answer_to_one(self):
        self.redirect("one")

    def answer_gzip_bomb(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(50)) + packer.flush()
        self.send(body, Content_Encoding="gzip")

    def answer_gzip(self):
        self.send(
            gzip.compress(PAGE.format(title="t", text=TEXT).encode()), Content_Encoding="gzip"
        )

    def answer_cut_gzip(self):
        self.send(gzip.compress(b"x" * 10_000)[:-20], Content_Encoding="gzip")

    def answer_brotli(self):
        self.send(b"xx", Content_Encoding="br")

    def answer_endless(self):
        self._raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 100_000, 0, 400)

    def answer_drip(self):
        self._raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x", 0.1, 1000)

    def answer_drip_headers(self):
        self._raw(b"HTTP/1.1 200 OK\r\n", b"X", 0.1, 1000)

    def answer_many_headers(self):
        self._raw(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"y" * 1000 + b"\r\n", 0, 2000)

    def answer_garbage(self):
        self._raw(bytes(range(256)), b"", 0, 1)

    def _raw(self, head, part, pause_s, count):
        self.close_connection = True
        self.wfile.write(head)
        for _ in range(count):
            if self.server.stopping.is_set():
                return
            self.wfile.write(part)
            time.sleep(pause_s)


class HostileServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Hostile)
        self.asked = []
        self.stopping = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    def url(self, path):
        return f"http://{self.host}/{path}"

    def handle_error(self, request, client_address):
        pass

    def end(self):
        self.stopping.set()
        self.shutdown()
        self.server_close()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
