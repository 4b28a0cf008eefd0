"""A store that speaks S3 on loopback (moto), and a proxy before it that does what stores do wrong.

Puts the files below FOLDER into the bucket `exports`, and prints the addresses of both. In a bucket `exports-FAULT`, which holds
the same objects, the proxy

  throttled    answers each second request with 503 SlowDown
  unavailable  answers the first three requests with 500
  cut          ends each second body early, with the connection
  always-cut   ends each body of an object early
  changed      puts other bytes under each key after the list was read
  denied       answers each request for an object with 403

Ends when stdin does.
"""
import http.client
import http.server
import logging
import os
import sys
import threading

import boto3
from moto.server import ThreadedMotoServer

FAULTS = ["throttled", "unavailable", "cut", "always-cut", "changed", "denied"]

logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto.start()
host, port = moto.get_host_and_port()
s3 = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
                  aws_access_key_id="test", aws_secret_access_key="test")
buckets = ["exports", *(f"exports-{fault}" for fault in FAULTS)]
for bucket in buckets:
    s3.create_bucket(Bucket=bucket)
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        path = os.path.join(folder, name)
        key = "logs/" + os.path.relpath(path, sys.argv[1])
        for bucket in buckets:
            with open(path, "rb") as file:
                s3.put_object(Bucket=bucket, Key=key, Body=file.read())
s3.create_bucket(Bucket="names")
for key in ["both", "both/below", "bothersome"]:
    s3.put_object(Bucket="names", Key=key, Body=b"{}\n")


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = {}
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0].lstrip("/")
        bucket, _, key = path.partition("/")
        fault = bucket.removeprefix("exports-")
        with self.lock:
            number = self.count[fault] = self.count.get(fault, 0) + 1
        if fault == "throttled" and number % 2:
            return self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
        if fault == "unavailable" and number <= 3:
            return self.answer(500, b"<Error><Code>InternalError</Code></Error>")
        if fault == "denied" and key:
            return self.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        if fault == "changed" and key:
            s3.put_object(Bucket=bucket, Key=key, Body=b"{}\n")
        upstream = http.client.HTTPConnection(host, port)
        upstream.request(self.command, self.path, headers=dict(self.headers))
        found = upstream.getresponse()
        body = found.read()
        is_cut = key and self.command == "GET" and (fault == "always-cut" or fault == "cut" and number % 2)
        self.send_response(found.status)
        for name, value in found.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = found.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if self.command == "HEAD":
            return None
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            self.wfile.flush()
            self.close_connection = True
        return None


proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=proxy.serve_forever, daemon=True).start()
print(f"http://{host}:{port} http://127.0.0.1:{proxy.server_address[1]}", flush=True)
sys.stdin.read()
