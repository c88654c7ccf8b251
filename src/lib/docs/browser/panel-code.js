/**
 * Code that verifies what the panel sends, to copy into a receiver: `{ path, hasBody, response }` gives it by language.
 * `path` has its varying segments in braces; `response` is the text of an example response, or undefined.
 */
window.RingbackVerificationCode = ({ path, hasBody, response }) => {
  const json = response === undefined ? undefined : JSON.stringify(JSON.parse(response))
  const what = hasBody ? 'JSON.parse(body)' : "'without a body'"

  const typeScript = `import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks' // npm install standardwebhooks

const webhook = new Webhook(process.env.WEBHOOK_SECRET!)

createServer(async (request, response) => {
  // The bytes as they came, before anything has parsed them: in Express, express.raw({ type: '*/*' })
  const body = Buffer.concat(await request.toArray()).toString()
  try {
    webhook.verify(body, request.headers as Record<string, string>, { jsonParse: false })
  } catch {
    response.writeHead(401).end('wrong signature')
    return
  }
  console.log(request.headers['webhook-id'], ${what}) // An id that was here before is the same message again.
  response.writeHead(${json === undefined ? '204).end()' : `200, { 'content-type': 'application/json' }).end('${escapeQuotes(json)}')`}
}).listen(Number(process.env.PORT ?? 9000))`

  const python = `import base64, hashlib, hmac, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))

def is_genuine(headers, body):
    """Whether the bytes of a request are as they were sent, and not older than five minutes."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)

class Receiver(BaseHTTPRequestHandler):
    def receive(self):
        # The bytes as they came, before anything has parsed them: in Flask, request.get_data()
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_genuine(self.headers, body):
            self.respond(401, b"wrong signature", "text/plain")
            return
        print(self.headers["webhook-id"], body.decode())  # An id that was here before is the same message again.
        ${json === undefined ? 'self.respond(204, b"", None)' : `self.respond(200, b'${escapeQuotes(json)}', "application/json")`}

    def respond(self, status, body, media_type):
        self.send_response(status)
        if media_type:
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET = receive

HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 9000))), Receiver).serve_forever()`

  const go = `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// isGenuine tells whether the bytes of a request are as they were sent, and not older than five minutes.
func isGenuine(header http.Header, body, key []byte) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	wanted := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, given := range strings.Fields(header.Get("webhook-signature")) {
		if hmac.Equal([]byte(given), wanted) {
			return true
		}
	}
	return false
}

func main() {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	http.HandleFunc("${path}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10)) // the bytes as they came
		if err != nil || !isGenuine(r.Header, body, key) {
			http.Error(w, "wrong signature", http.StatusUnauthorized)
			return
		}
		log.Println(r.Header.Get("webhook-id"), string(body)) // An id that was here before is the same message again.
		${json === undefined ? 'w.WriteHeader(http.StatusNoContent)' : `w.Header().Set("content-type", "application/json")\n\t\tio.WriteString(w, \`${json.replaceAll('`', '')}\`)`}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}`

  return { TypeScript: typeScript, Python: python, Go: go }

  function escapeQuotes(text) {
    return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  }
}
