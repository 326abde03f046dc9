"""An identity provider of the tests' own (OpenID Connect), on loopback: it believes whoever asks."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "mihwar-test", "client-secret-of-the-tests"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
        issuer = self.server.issuer
        if parts.path == "/.well-known/openid-configuration":
            self.send(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif parts.path == "/keys":
            self.send({"keys": [self.server.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self.server.asked = asked
            answer = urlencode({"code": "code", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()
        else:
            self.send({}, 404)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        sent = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        asked, now = self.server.asked, int(time.time())
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked.get("code_challenge"):
            self.send({"error": "invalid_grant"}, 400)
            return
        claims = {
            "iss": self.server.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 3600,
            "nonce": asked.get("nonce"), **self.server.claims,
        }  # fmt: skip
        key = self.server.key
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        self.send({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def send(self, body, status=200):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class IdentityProvider(ThreadingHTTPServer):
    """`claims` is what it says of the next who logs in."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self.claims, self.asked = {}, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def access(self, port, see=(), edit=()):
        """Give the text of a file of access for a dashboard on a port."""
        return f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{self.issuer}/.well-known/openid-configuration"
[users]
see = {json.dumps(list(see))}
edit = {json.dumps(list(edit))}
"""
