package tlslayer

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"
)

// Keys that PKCS #8 encrypts as PBES2 of RFC 8018 says: what OpenSSL writes.

var errWrongPassword = errors.New("wrong password")

// errUnsupportedCipher tells which way of encryption is not known here.
type errUnsupportedCipher string

func (e errUnsupportedCipher) Error() string { return string(e) }

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

type pbes2Params struct {
	Derivation pkix.AlgorithmIdentifier
	Cipher     pkix.AlgorithmIdentifier
}

type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
)

// blockCiphers are the ciphers, all in CBC mode.
var blockCiphers = map[string]struct {
	keyLength int
	make      func([]byte) (cipher.Block, error)
}{
	"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
	"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
}

var hashes = map[string]func() hash.Hash{
	"":                    sha1.New, // the default of RFC 8018
	"1.2.840.113549.2.7":  sha1.New,
	"1.2.840.113549.2.8":  sha256.New224,
	"1.2.840.113549.2.9":  sha256.New,
	"1.2.840.113549.2.10": sha512.New384,
	"1.2.840.113549.2.11": sha512.New,
}

// maxIterations keeps a made-up file from keeping the program busy for hours.
const maxIterations = 50_000_000

// decryptKey reads a private key that is encrypted with a password.
func decryptKey(der []byte, password string) (crypto.PrivateKey, error) {
	var sealed encryptedKey
	if rest, err := asn1.Unmarshal(der, &sealed); err != nil || len(rest) != 0 {
		return nil, errors.New("damaged key")
	}
	if !sealed.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, errUnsupportedCipher(sealed.Algorithm.Algorithm.String())
	}
	var params pbes2Params
	if _, err := asn1.Unmarshal(sealed.Algorithm.Parameters.FullBytes, &params); err != nil {
		return nil, errors.New("damaged key")
	}
	plain, err := params.open(sealed.Data, password)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(plain)
	if err != nil { // the padding was right by chance
		return nil, errWrongPassword
	}
	return key, nil
}

func (p *pbes2Params) open(data []byte, password string) ([]byte, error) {
	known, ok := blockCiphers[p.Cipher.Algorithm.String()]
	if !ok {
		return nil, errUnsupportedCipher(p.Cipher.Algorithm.String())
	}
	key, err := p.derive(password, known.keyLength)
	if err != nil {
		return nil, err
	}
	block, err := known.make(key)
	if err != nil {
		return nil, err
	}
	var iv []byte
	if _, err := asn1.Unmarshal(p.Cipher.Parameters.FullBytes, &iv); err != nil || len(iv) != block.BlockSize() {
		return nil, errors.New("damaged key")
	}
	if len(data) == 0 || len(data)%block.BlockSize() != 0 {
		return nil, errors.New("damaged key")
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	return unpad(plain, block.BlockSize())
}

func (p *pbes2Params) derive(password string, length int) ([]byte, error) {
	if !p.Derivation.Algorithm.Equal(oidPBKDF2) {
		return nil, errUnsupportedCipher(p.Derivation.Algorithm.String())
	}
	var params pbkdf2Params
	if _, err := asn1.Unmarshal(p.Derivation.Parameters.FullBytes, &params); err != nil {
		return nil, errors.New("damaged key")
	}
	prf, ok := hashes[params.PRF.Algorithm.String()]
	if !ok {
		return nil, errUnsupportedCipher(params.PRF.Algorithm.String())
	}
	if params.Iterations < 1 || params.Iterations > maxIterations {
		return nil, errors.New("damaged key")
	}
	return pbkdf2.Key(prf, password, params.Salt, params.Iterations, length)
}

// unpad removes the padding; a wrong one means a wrong password.
func unpad(plain []byte, size int) ([]byte, error) {
	n := int(plain[len(plain)-1])
	if n < 1 || n > size {
		return nil, errWrongPassword
	}
	for _, b := range plain[len(plain)-n:] {
		if int(b) != n {
			return nil, errWrongPassword
		}
	}
	return plain[:len(plain)-n], nil
}
