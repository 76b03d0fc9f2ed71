package tlslayer

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

// fromStore takes a certificate out of the "MY" store of the user, then of the
// machine. The key stays in Windows, which signs with it.
func fromStore(text, spec string) (material, error) {
	want := parseStoreQuery(text)
	for _, place := range []uint32{windows.CERT_SYSTEM_STORE_CURRENT_USER, windows.CERT_SYSTEM_STORE_LOCAL_MACHINE} {
		found, err := searchStore(place, want)
		if err != nil || found == nil {
			continue
		}
		defer windows.CertFreeCertificateContext(found)
		return withStoreKey(found, spec)
	}
	return material{}, bad(fault.TLSCertificateFile, spec, nil, noteNotInStore)
}

var noteNotInStore = fault.NewNote("no such certificate is in the personal store of the user or of the machine",
	"aucun certificat de ce nom n'est dans le magasin personnel de l'utilisateur ou de la machine")

var noteStoreKey = fault.NewNote("its private key is not within reach of this user ({0})",
	"sa clé privée n'est pas accessible à cet utilisateur ({0})")

// searchStore gives the certificate that fits best, nil if none does. The
// caller frees it.
func searchStore(place uint32, want storeQuery) (*windows.CertContext, error) {
	name, err := windows.UTF16PtrFromString("MY")
	if err != nil {
		return nil, err
	}
	store, err := windows.CertOpenStore(windows.CERT_STORE_PROV_SYSTEM, 0, 0,
		place|windows.CERT_STORE_READONLY_FLAG|windows.CERT_STORE_OPEN_EXISTING_FLAG, uintptr(unsafe.Pointer(name)))
	if err != nil {
		return nil, err
	}
	defer windows.CertCloseStore(store, 0)
	var best *windows.CertContext
	var bestCert *x509.Certificate
	var at *windows.CertContext
	for {
		// The call frees the context it is given.
		if at, err = windows.CertEnumCertificatesInStore(store, at); err != nil || at == nil {
			return best, nil
		}
		cert, err := certOf(at)
		if err != nil || !want.better(cert, bestCert) {
			continue
		}
		if best != nil {
			windows.CertFreeCertificateContext(best)
		}
		best, bestCert = windows.CertDuplicateCertificateContext(at), cert
	}
}

func certOf(context *windows.CertContext) (*x509.Certificate, error) {
	return x509.ParseCertificate(bytes.Clone(unsafe.Slice(context.EncodedCert, context.Length)))
}

// withStoreKey puts a certificate together with its chain and its key.
func withStoreKey(context *windows.CertContext, spec string) (material, error) {
	leaf, err := certOf(context)
	if err != nil {
		return material{}, bad(fault.TLSCertificateFile, spec, err, noteReason, plainText(err))
	}
	key, err := newStoreKey(context, leaf)
	if err != nil {
		return material{}, bad(fault.TLSCertificateFile, spec, err, noteStoreKey, err.Error())
	}
	return material{certs: append([]*x509.Certificate{leaf}, issuersOf(context)...), key: key}, nil
}

// issuersOf gives what Windows knows of the chain, without the leaf and the
// root, and without asking the network.
func issuersOf(context *windows.CertContext) []*x509.Certificate {
	const cacheOnly = 0x4 // CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL
	para := windows.CertChainPara{Size: uint32(unsafe.Sizeof(windows.CertChainPara{}))}
	var chain *windows.CertChainContext
	if err := windows.CertGetCertificateChain(0, context, nil, 0, &para, cacheOnly, 0, &chain); err != nil {
		return nil
	}
	defer windows.CertFreeCertificateChain(chain)
	if chain.ChainCount == 0 {
		return nil
	}
	simple := unsafe.Slice(chain.Chains, chain.ChainCount)[0]
	var issuers []*x509.Certificate
	for i, element := range unsafe.Slice(simple.Elements, simple.NumElements) {
		cert, err := certOf(element.CertContext)
		if err != nil || i == 0 || bytes.Equal(cert.RawSubject, cert.RawIssuer) {
			continue
		}
		issuers = append(issuers, cert)
	}
	return issuers
}

var (
	ncrypt           = windows.NewLazySystemDLL("ncrypt.dll")
	ncryptSignHash   = ncrypt.NewProc("NCryptSignHash")
	ncryptFreeObject = ncrypt.NewProc("NCryptFreeObject")
)

// storeKey is a private key in Windows. It is safe for concurrent use.
type storeKey struct {
	handle windows.Handle
	public crypto.PublicKey
}

func newStoreKey(context *windows.CertContext, leaf *x509.Certificate) (*storeKey, error) {
	for _, proc := range []*windows.LazyProc{ncryptSignHash, ncryptFreeObject} {
		if err := proc.Find(); err != nil {
			return nil, err
		}
	}
	var handle windows.Handle
	var spec uint32
	var ours bool
	err := windows.CryptAcquireCertificatePrivateKey(context,
		windows.CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG|windows.CRYPT_ACQUIRE_SILENT_FLAG, nil, &handle, &spec, &ours)
	if err != nil {
		return nil, err
	}
	key := &storeKey{handle: handle, public: leaf.PublicKey}
	if ours {
		task.AddCleanup("the release of a key", nil, key, func(h windows.Handle) { ncryptFreeObject.Call(uintptr(h)) }, handle)
	}
	return key, nil
}

// Public gives the public key.
func (k *storeKey) Public() crypto.PublicKey { return k.public }

// hashNames are the names of bcrypt.h.
var hashNames = map[crypto.Hash]string{
	crypto.SHA1: "SHA1", crypto.SHA256: "SHA256", crypto.SHA384: "SHA384", crypto.SHA512: "SHA512",
}

// The paddings of ncrypt.h.
const (
	padNone  = 0
	padPKCS1 = 2
	padPSS   = 8
)

type pkcs1Padding struct{ hash *uint16 }

type pssPadding struct {
	hash *uint16
	salt uint32
}

// Sign signs a digest as crypto.Signer says.
func (k *storeKey) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	switch public := k.public.(type) {
	case *ecdsa.PublicKey:
		return k.signECDSA(digest, public)
	case *rsa.PublicKey:
		return k.signRSA(digest, public, opts)
	}
	return nil, fmt.Errorf("a key of type %T cannot sign here", k.public)
}

func (k *storeKey) signRSA(digest []byte, public *rsa.PublicKey, opts crypto.SignerOpts) ([]byte, error) {
	var name *uint16
	if opts.HashFunc() != 0 {
		text, ok := hashNames[opts.HashFunc()]
		if !ok {
			return nil, errors.New("unknown hash")
		}
		var err error
		if name, err = windows.UTF16PtrFromString(text); err != nil {
			return nil, err
		}
	}
	pss, ok := opts.(*rsa.PSSOptions)
	if !ok { // MD5 with SHA-1, of TLS 1.0, has no name
		return k.sign(digest, public.Size(), unsafe.Pointer(&pkcs1Padding{name}), padPKCS1)
	}
	salt := pss.SaltLength
	switch salt {
	case rsa.PSSSaltLengthEqualsHash:
		salt = pss.Hash.Size()
	case rsa.PSSSaltLengthAuto:
		salt = (public.N.BitLen()-1+7)/8 - 2 - pss.Hash.Size()
	}
	return k.sign(digest, public.Size(), unsafe.Pointer(&pssPadding{name, uint32(salt)}), padPSS)
}

// signECDSA makes the form of TLS of the two numbers that Windows gives.
func (k *storeKey) signECDSA(digest []byte, public *ecdsa.PublicKey) ([]byte, error) {
	size := (public.Curve.Params().BitSize + 7) / 8
	raw, err := k.sign(digest, 2*size, nil, padNone)
	if err != nil {
		return nil, err
	}
	half := len(raw) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
}

func (k *storeKey) sign(digest []byte, room int, padding unsafe.Pointer, flags uint32) ([]byte, error) {
	if len(digest) == 0 || room == 0 {
		return nil, errors.New("nothing to sign")
	}
	signature := make([]byte, room)
	var written uint32
	const silent = 0x40 // NCRYPT_SILENT_FLAG
	status, _, _ := ncryptSignHash.Call(uintptr(k.handle), uintptr(padding),
		uintptr(unsafe.Pointer(&digest[0])), uintptr(len(digest)),
		uintptr(unsafe.Pointer(&signature[0])), uintptr(room),
		uintptr(unsafe.Pointer(&written)), uintptr(flags|silent))
	runtime.KeepAlive(k)
	if status != 0 {
		return nil, fmt.Errorf("signing by Windows failed: 0x%08x", uint32(status))
	}
	return signature[:written], nil
}
