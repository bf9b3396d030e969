// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// Keys are the private keys and certificates of an object.
type Keys struct {
	keys         []Credential
	public       []crypto.PublicKey // of keys, nil where a key cannot be read, such as an encrypted one
	certificates [][]byte
}

// maxBlocks bounds how many blocks are taken from one text. The bundle of authorities that
// browsers trust has some 150.
const maxBlocks = 5000

// maxKey is the length of the longest key that is read; one of 8192 bits for RSA takes
// 4.7 kB.
const maxKey = 8 << 10

// Add takes the PEM blocks of a text: private keys of TLS, SSH and PGP, and
// certificates. It returns how many keys there are by now, and whether these are all of
// the text.
func (k *Keys) Add(text string) (n int, complete bool) {
	if !strings.Contains(text, begin) {
		return len(k.keys), true
	}
	rest := unindent(strings.ReplaceAll(text, `\n`, "\n"))
	for range maxBlocks {
		block, after, ok := nextBlock(rest)
		if !ok {
			return len(k.keys), true
		}
		k.add(block)
		rest = after
	}
	return len(k.keys), false
}

func (k *Keys) add(text string) {
	label, _, _ := strings.Cut(strings.TrimPrefix(text, begin), "-----")
	block, _ := pem.Decode([]byte(text)) // nil for PGP, whose armour has a checksum
	switch {
	case label == "CERTIFICATE" && block != nil:
		k.certificates = append(k.certificates, block.Bytes)
	case strings.Contains(label, "PRIVATE KEY"):
		k.keys = append(k.keys, Credential{Kind: PrivateKey, Secret: []string{text}})
		k.public = append(k.public, publicOf(block))
	}
}

const begin, end = "-----BEGIN ", "-----END "

// nextBlock cuts the next block out of a text, with its first and last line.
func nextBlock(text string) (block, after string, ok bool) {
	at := strings.Index(text, begin)
	if at < 0 {
		return "", "", false
	}
	text = text[at:]
	last := strings.Index(text, end)
	if last < 0 {
		return "", "", false
	}
	stop := strings.Index(text[last+len(end):], "-----")
	if stop < 0 {
		return "", "", false
	}
	stop += last + len(end) + len("-----")
	return text[:stop], text[stop:], true
}

// Found returns the private keys in the order in which they were added, each with the
// names that the certificates of the object give it.
func (k *Keys) Found() []Credential {
	if len(k.keys) == 0 {
		return nil
	}
	for _, der := range k.certificates {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			continue
		}
		for i := range k.keys {
			own, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
			if k.public[i] == nil || !ok || !own.Equal(k.public[i]) {
				continue
			}
			names := c.DNSNames
			for _, ip := range c.IPAddresses {
				names = append(names, ip.String())
			}
			if len(names) == 0 {
				names = []string{c.Subject.CommonName}
			}
			for _, name := range names {
				k.keys[i].about(Host, strings.ToLower(strings.TrimSuffix(name, ".")))
			}
		}
	}
	return k.keys
}

// publicOf returns the public half of a key in the forms of crypto/x509.
func publicOf(block *pem.Block) crypto.PublicKey {
	if block == nil || len(block.Bytes) > maxKey {
		return nil
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil
	}
	if signer, ok := key.(crypto.Signer); ok && err == nil {
		return signer.Public()
	}
	return nil
}

// unindent takes off what stands before the lines of a block in YAML.
func unindent(text string) string {
	if !strings.Contains(text, "\n ") && !strings.Contains(text, "\n\t") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}
