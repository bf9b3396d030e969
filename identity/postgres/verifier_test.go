// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// The server key signs the exchange of RFC 7677, section 3, as that says.
func TestScramIsThatOfTheRFC(t *testing.T) {
	salt, err := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	if err != nil {
		t.Fatal(err)
	}
	verifier := bulkhead.Must(postgres.ScramWith("pencil", salt))
	before, key, _ := strings.Cut(strings.TrimPrefix(verifier, "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"), ":")
	serverKey, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(before) != 44 {
		t.Fatalf("%q, %v", verifier, err)
	}
	const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	h := hmac.New(sha256.New, serverKey)
	h.Write([]byte("n=user,r=rOprNGfwEbeRWgbNEkqO,r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=" + nonce))
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" {
		t.Errorf("signature %s", got)
	}
}

func TestScramRefuses(t *testing.T) {
	for name, password := range map[string]string{"an empty password": "", "another alphabet": "пароль", "a control character": "pass\x7fword", "no UTF-8": "p\xff"} {
		t.Run(name, func(t *testing.T) {
			if _, err := postgres.Scram(password); err == nil || password != "" && strings.Contains(err.Error(), password) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestParseVerifierRefuses(t *testing.T) {
	good := bulkhead.Must(postgres.ScramWith("pencil", []byte("0123456789abcdef")))
	if _, err := postgres.ParseVerifier(good); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a password": "pencil", "md5": "md5" + strings.Repeat("0", 32), "a quote": good + "'", "a line more": good + "\n",
		"no iterations": strings.Replace(good, "4096", "0", 1), "a key that is cut": good[:len(good)-8],
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := postgres.ParseVerifier(text); err == nil || strings.Contains(err.Error(), text) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Nothing that prints prints a verifier: neither it, nor a plan, nor a recipe.
func TestVerifiersAreNotPrinted(t *testing.T) {
	v, err := postgres.ParseVerifier(bulkhead.Must(postgres.ScramWith("pencil", []byte("0123456789abcdef"))))
	if err != nil {
		t.Fatal(err)
	}
	plan := postgres.Plan{
		Owner: "stg_owner", Users: []postgres.User{{Name: "stg_app", Connections: 5, Verifier: v}}, Database: "app_stg", Connections: 10, Schema: "app",
		Away: postgres.Production{Roles: []string{"prod_app"}},
	}
	recipe, err := naive().SeparateDatabase(plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []any{v, plan, recipe, &plan} {
		asJSON, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, printed := range []string{fmt.Sprint(value), fmt.Sprintf("%+v", value), fmt.Sprintf("%#v", value), fmt.Sprintf("%q", value), string(asJSON)} {
			if strings.Contains(printed, "MDEyMzQ1Njc4OWFiY2RlZg") || strings.Contains(printed, "SCRAM") {
				t.Errorf("printed %s", printed)
			}
		}
	}
}
