package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certificate makes a file with a certificate of this machine, signed by itself, and its key.
func certificate(t *testing.T) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	of := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "scale.example"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	signed, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	name := filepath.Join(folder(t), "own.pem")
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	require.NoError(t, os.WriteFile(name, text, 0o600))
	return name
}

// examined is the report of an address. A machine may stand still: answers have their time.
func examined(t *testing.T, exit int, args ...string) string {
	return told(t, exit, "", append([]string{"doctor", "-w", "20s"}, args...)...)
}

func TestDoctorGuessesByAGreeting(t *testing.T) {
	_, at := serve(t, "-f", "02 data 03", "127.0.0.1:0", "S S 100.00 g", "S D 99.93 g", "S S 100.01 g")
	host, port, _ := strings.Cut(at, ":")
	report := examined(t, 0, host, port)
	assert.Regexp(t, `port +open: connected to `+at, report)
	assert.Regexp(t, `route +direct`, report)
	assert.Regexp(t, `greeting +"\\x02S S 100`, report)
	assert.Regexp(t, `framing +02 data 03`, report)
	assert.Contains(t, report, `WDSocketSetText(socket, WDS_TEXT_FRAME, "02 data 03`)
	assert.Contains(t, report, `wdSocketSetText(nSocket, WDS_TEXT_FRAME, "02 data 03`)
}

// One message alone tells nothing here, and the next one comes a second later.
func TestDoctorWaitsForMoreThanTellsNothing(t *testing.T) {
	_, at := serve(t, "--simulate", "barcode", "127.0.0.1:0")
	assert.Regexp(t, `(?m)^framing +data 0D$`, examined(t, 0, at))
}

func TestDoctorAsksQuestions(t *testing.T) {
	_, at := serve(t, "--reply", `^SI\r\n$ => S S     100.00 g`, "127.0.0.1:0")
	report := examined(t, 0, at, "--ask", "sics")
	assert.Regexp(t, `asked +scale, MT-SICS: the weight at once -> "S S     100.00 g\\r\\n"`, report)
	assert.Contains(t, report, `WDSocketSetText(socket, WDS_TEXT_FRAME_PRESET, "sics")`)
	report = examined(t, 0, at, "--send", `SI\r\n`, "--language", "fr")
	assert.Regexp(t, `demandé +SI\\r\\n -> "S S`, report)
	assert.Regexp(t, `découpage +data `, report)
	assert.Contains(t, told(t, 0, "", "doctor", "-w", "10ms", at), "it waits to be asked")
	assert.Contains(t, told(t, exitUsage, "", "doctor", at, "--ask", "nonsense"), "modbus")
}

// The answers of the protocols' own documents are taken for what they are.
func TestAnswersAreKnown(t *testing.T) {
	answers := map[string]string{
		"s7":     "\x03\x00\x00\x16\x11\xD0\x00\x01\x00\x01\x00\xC0\x01\x0A\xC1\x02\x01\x00\xC2\x02\x01\x02",
		"modbus": "WD\x00\x00\x00\x03\x01\x83\x02",
		"hl7":    "\x0BMSH|^~\\&|A|B\rMSA|AA|1\r\x1C\r",
		"length": "\x00\x01\x06", "enq": "\x06", "sics": "S I\r\n", "zpl": "\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n",
		"escpos": "\x16", "redis": "+PONG\r\n", "mqtt": "\x20\x02\x00\x05", "ldap": "\x30\x0C\x02\x01\x01\x65\x07\x0A\x01\x00\x04\x00\x04\x00",
		"http": "HTTP/1.0 200 OK\r\n\r\n",
	}
	for _, q := range questions() {
		require.Contains(t, answers, q.name)
		for _, other := range questions() {
			assert.Equal(t, q.name == other.name, q.fits([]byte(answers[other.name])), "the answer of %s to %s", other.name, q.name)
		}
		assert.False(t, q.fits(nil))
	}
}

func TestDoctorShowsCertificates(t *testing.T) {
	own := certificate(t)
	_, at := serve(t, "--echo", "--cert", own, "tls://127.0.0.1:0")
	_, port, _ := strings.Cut(at, ":")
	report := examined(t, 0, "tls://localhost:"+port, "--send", `hello\r\n`)
	assert.Regexp(t, `name +localhost = .*127\.0\.0\.1`, report)
	assert.Regexp(t, `TLS +TLS 1\.3, TLS_`, report)
	assert.Regexp(t, `certificate +CN=scale\.example, issued by CN=scale\.example`, report)
	assert.Regexp(t, `its names +localhost`, report)
	assert.Regexp(t, `valid +from 20.*Z to 20.*Z`, report)
	assert.Regexp(t, `trusted +no: .*self-signed`, report)
	assert.Regexp(t, `trusted +yes`, examined(t, 0, "tls://localhost:"+port, "--ca", own, "--send", `hello\r\n`))
}

func TestDoctorTellsThatAServerWantsACertificate(t *testing.T) {
	own := certificate(t)
	_, at := serve(t, "--cert", own, "--set", "SSL_OPTIONS=1024", "--ca", own, "tls://127.0.0.1:0")
	_, port, _ := strings.Cut(at, ":")
	report := examined(t, exitFailed, "tls://localhost:"+port)
	assert.Contains(t, report, "wants a client certificate")
	assert.Contains(t, report, "--cert takes")
	assert.Contains(t, told(t, 0, "", "doctor", "-w", "1ms", "--cert", own, "tls://localhost:"+port), "waits to be asked")
}

func TestDoctorFindsServersBehindLoadBalancers(t *testing.T) {
	behind := []string{"--set", "PROXY_HEADER=2", "--set", "PROXY_TRUSTED=127.0.0.1"}
	_, at := serve(t, append(behind, "--reply", `^PING\r\n$ => +PONG`, "127.0.0.1:0")...)
	report := examined(t, 0, at, "--ask", "redis")
	assert.Regexp(t, `asked +Redis: PING -> [^"]*\nPROXY header +tried.*\nasked +Redis: PING -> "\+PONG\\r\\n"\nPROXY header +wanted`, report)
	assert.Regexp(t, `framing +redis\n`, report)
	assert.Contains(t, report, "WDSocketSetOption(socket, WDS_OPT_PROXY_HEADER_SEND, 2);")
	assert.Contains(t, report, "wdsock connect --set PROXY_HEADER_SEND=2 -f "+quoted("redis")+" "+at)
	// With the option it does so at once.
	report = examined(t, 0, at, "--ask", "redis", "--set", "proxy_header_send=2")
	assert.NotContains(t, report, "PROXY header")
	assert.Regexp(t, `framing +redis\n`, report)
	// A server that ends connections for other reasons does so with the header, too.
	_, other := serve(t, "--script", scriptFile(t, "close"), "127.0.0.1:0")
	report = examined(t, exitFailed, other)
	assert.Regexp(t, `PROXY header +makes no difference`, report)
	assert.Contains(t, report, "it ends the connection at once")
}

func TestDoctorOpensWebSockets(t *testing.T) {
	_, at := serve(t, "--echo", "--set", "WEBSOCKET_PROTOCOLS=chat", "--set", "WEBSOCKET_PATHS=/echo", "ws://127.0.0.1:0")
	report := examined(t, 0, "ws://"+at+"/echo", "--set", "WEBSOCKET_PROTOCOLS=chat", "--send", "hello")
	assert.Regexp(t, `WebSocket +yes, sub-protocol chat\n`, report)
	assert.Regexp(t, `asked +hello -> "hello"`, report)
	assert.Regexp(t, `framing +size`, report)
	assert.Regexp(t, `greeting +nothing`, told(t, 0, "", "doctor", "-w", "10ms", "ws://"+at+"/echo"))
	assert.Regexp(t, `WebSocket +.*404`, examined(t, exitFailed, "ws://"+at+"/other"))
}

// Many devices have one client at a time: the next one waits until it has gone.
func TestDoctorHasOneConnectionAtATime(t *testing.T) {
	name := certificate(t) // with its key
	own, err := tls.LoadX509KeyPair(name, name)
	require.NoError(t, err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{own}})
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.Copy(client, client) // its end is that of the client
			_ = client.Close()
		}
	}()
	report := examined(t, 0, listener.Addr().String(), "--tls", "--send", "x", "-t", longest.String())
	assert.Regexp(t, `trusted +no: `, report)
	assert.Regexp(t, `asked +x -> "x"`, report)
}

func TestDoctorSaysWhatIsWrong(t *testing.T) {
	server, at := serve(t, "127.0.0.1:0")
	assert.Regexp(t, `(?m)^TLS +.*TLS`, examined(t, exitFailed, "tls://"+at, "-t", "300ms"))
	server.end(t)
	report := examined(t, exitFailed, at)
	assert.Regexp(t, `port +closed`, report)
	assert.Regexp(t, `what to do +.*refused`, report)
	assert.Regexp(t, `port +fermé`, examined(t, exitFailed, at, "--language", "fr"))
	assert.Contains(t, examined(t, exitUsage, "localhost"), "has no port")
}

func TestDoctorWaitsForADevice(t *testing.T) {
	doctor := start(t, strings.NewReader(""), "doctor", "--listen", "-w", "20s", "-x", "--send", "06", "127.0.0.1:0")
	at := doctor.out.waitFor(t, `listening +at (\S+):`)[1]
	told(t, 0, "", "connect", "--end", "none", "--reply", `^$|\x06=>7:message,2:ab,3:abc,`, "-w", "20s", at, `hello\r\n`)
	require.Equal(t, 0, doctor.wait(t), doctor.out.String())
	assert.Regexp(t, `greeting +"hello\\r\\n" after`, doctor.out.String())
	assert.Regexp(t, `framing +len:dec~":"=data data ","`, doctor.out.String())
	assert.Contains(t, doctor.out.String(), `"len:dec~\":\"=data data \",\""`)
}

// The guide lists each question with the framing that its answer shows.
func TestTheGuideHasEveryQuestion(t *testing.T) {
	for _, name := range []string{"wdsock.md", "wdsock.fr.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		require.NoError(t, err)
		for _, q := range questions() {
			end := "`" + q.frame + "` |"
			if strings.Contains(q.frame, " ") {
				end = "description .* |"
			}
			assert.Regexp(t, "(?m)^\\| `"+q.name+"` \\| .* \\| .*"+strings.ReplaceAll(end, "|", `\|`)+"$", string(text), name)
		}
	}
}
