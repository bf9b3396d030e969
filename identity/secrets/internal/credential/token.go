// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const accountPrefix = "system:serviceaccount:"

// claims are those of a token of a Kubernetes service account: of the kind that
// TokenRequest makes, and of the kind that lies in Secrets (kubernetes 1.37,
// pkg/serviceaccount, claims.go and legacy.go).
type claims struct {
	Issuer     string `json:"iss"`
	Subject    string `json:"sub"`
	Expires    any    `json:"exp"`
	Kubernetes struct {
		Namespace string `json:"namespace"`
	} `json:"kubernetes.io"`
	Namespace string `json:"kubernetes.io/serviceaccount/namespace"`
}

// ofJWT reads a token of a Kubernetes service account without verifying it. Other
// tokens are none of ours.
func ofJWT(text string) (Credential, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || len(parts[2]) < 16 {
		return Credential{}, false
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var body claims
	if !decodePart(parts[0], &header) || header.Algorithm == "" || !decodePart(parts[1], &body) {
		return Credential{}, false
	}
	namespace := body.Kubernetes.Namespace
	if account, ok := strings.CutPrefix(body.Subject, accountPrefix); ok {
		namespace, _, _ = strings.Cut(account, ":")
	} else if namespace == "" {
		namespace = body.Namespace
	}
	if namespace == "" {
		return Credential{}, false
	}
	c := Credential{Kind: AccountToken, Secret: []string{text}, Expires: body.Expires != nil}
	c.about(Namespace, namespace)
	// Whose cluster it is says the issuer. That of a cluster without another is its own
	// Service, which every cluster has.
	c.about(Host, HostOfURL(body.Issuer))
	return c, true
}

func decodePart(part string, into any) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(data, into) == nil
}
