"""timestamp.py - a time-stamping authority (RFC 3161) on loopback, which answers by "openssl ts".

usage: timestamp.py KEY CERTIFICATE FOLDER
It prints its URL and ends with its input.
"""
import http.server
import os
import subprocess
import sys
import threading

key, certificate, folder = sys.argv[1:]
config = os.path.join(folder, "tsa.cnf")
with open(config, "w") as f:
    f.write("[tsa]\ndefault_tsa = here\n[here]\nserial = %s\ncrypto_device = builtin\nsigner_cert = %s\ncerts = %s\nsigner_key = %s\n"
            "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\n"
            "ess_cert_id_chain = no\ness_cert_id_alg = sha256\n" % (os.path.join(folder, "tsa.serial"), certificate, certificate, key))
with open(os.path.join(folder, "tsa.serial"), "w") as f:
    f.write("01\n")


class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query, reply = os.path.join(folder, "tsa.tsq"), os.path.join(folder, "tsa.tsr")
        with open(query, "wb") as f:
            f.write(self.rfile.read(int(self.headers["Content-Length"])))
        subprocess.run(["openssl", "ts", "-reply", "-config", config, "-queryfile", query, "-out", reply],
                       check=True, stderr=subprocess.DEVNULL)
        with open(reply, "rb") as f:
            answer = f.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("http://127.0.0.1:%d/" % server.server_port, flush=True)
sys.stdin.read()
