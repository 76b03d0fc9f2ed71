package selftest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"strings"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// certificate makes a certificate for this machine that signs itself, with its
// key, and the same without.
func certificate() (own, public string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	const valid = time.Hour
	now := time.Now()
	leaf := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		Subject:               pkix.Name{CommonName: "wdsocket self-test"},
		NotBefore:             now.Add(-valid),
		NotAfter:              now.Add(valid),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, key.Public(), key)
	if err != nil {
		return "", "", err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", err
	}
	public = pemText("CERTIFICATE", der)
	return public + pemText("PRIVATE KEY", keyDER), public, nil
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// encrypted is a scene with TLS; the client trusts what it is given only.
func encrypted(trusted bool) (scene, error) {
	own, public, err := certificate()
	if err != nil {
		return scene{}, err
	}
	if !trusted { // another one of the same name
		if _, public, err = certificate(); err != nil {
			return scene{}, err
		}
	}
	return scene{
		secure: true,
		server: func(k *core.Socket) error { return k.SetText(option.TextSSLCertificate, own) },
		client: func(k *core.Socket) error {
			if err := k.SetText(option.TextSSLAuthorities, public); err != nil {
				return err
			}
			return k.SetOption(option.SSLOptions, tlslayer.OnlyAuthorities)
		},
	}, nil
}

// tls holds a conversation with a certificate made on the fly.
func (s *stage) tls() (string, error) {
	sc, err := encrypted(true)
	if err != nil {
		return "", err
	}
	client, channel, err := s.pair(sc)
	if err != nil {
		return "", err
	}
	for _, size := range []int{1, 64, 50000} {
		if err := s.converse(client, channel, pattern(size)); err != nil {
			return "", err
		}
	}
	version, err := client.LayerInfo(tlslayer.InfoVersion, 0)
	if err != nil {
		return "", err
	}
	suite, err := client.LayerInfo(tlslayer.InfoCipher, 0)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{version, suite}, ", "), s.closeAndCheck(client, channel)
}

// tlsUnknown sees that a certificate nobody vouches for is refused.
func (s *stage) tlsUnknown() (string, error) {
	sc, err := encrypted(false)
	if err != nil {
		return "", err
	}
	_, port, err := s.listen(sc)
	if err != nil {
		return "", err
	}
	_, err = s.connect(sc, port)
	if wrong := expect(err, fault.TLSSelfSigned); wrong != nil {
		return "", wrong
	}
	return fault.CodeOf(err).Name(), nil
}
