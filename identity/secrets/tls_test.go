// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestTLS tells whose a private key is by the names in the certificate beside it.
func TestTLS(t *testing.T) {
	const field = "Breached\nsecrets/production-credential Secret/staging/tls data[tls.key]"
	for name, tt := range map[string]struct {
		names []string
		keys  map[string]bool // with which halves
		want  string
	}{
		"a name of production":                {[]string{"shop.prod.example.com"}, nil, field},
		"a name of staging":                   {[]string{"shop.staging.example.com"}, nil, "Sealed"},
		"a Service of staging":                {[]string{"hook.staging.svc"}, nil, "Undetermined"}, // which is not there
		"names of both":                       {[]string{"shop.staging.example.com", "shop.prod.example.com"}, nil, field},
		"a name of nobody":                    {[]string{"shop.example.org"}, nil, "Undetermined"},
		"a name of production, without a key": {[]string{"shop.prod.example.com"}, map[string]bool{"tls.crt": true}, "Sealed"},
		"a key without a name":                {nil, map[string]bool{"tls.key": true}, "Undetermined"},
	} {
		t.Run(name, func(t *testing.T) {
			secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "tls"}, Type: corev1.SecretTypeTLS, Data: pair(t, tt.names)}
			for key := range secret.Data {
				if tt.keys != nil && !tt.keys[key] {
					delete(secret.Data, key)
				}
			}
			expect(t, append(read(t, production), secret), between(), tt.want)
		})
	}
}

// pair returns a certificate for some names, and its key.
func pair(t testing.TB, names []string) map[string][]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: names}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		"tls.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
	}
}
