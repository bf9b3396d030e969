// SPDX-License-Identifier: Apache-2.0

package credential_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// TestConnections reads connection strings into the parts that their drivers see.
func TestConnections(t *testing.T) {
	host := func(s string) credential.Name { return credential.Name{Subject: credential.Host, Text: s} }
	instance := credential.Name{Subject: credential.Instance, Text: "p:r:i"}
	db, user := credential.Name{Subject: credential.Database, Text: "shop"}, credential.Name{Subject: credential.User, Text: "app"}
	for text, want := range map[string]struct {
		about    []credential.Name
		password string
	}{
		"postgres://app:pw@h:5432/shop":                                                     {[]credential.Name{host("h"), db, user}, "pw"},
		"postgres://app:p%40w@H.example.com./shop?sslmode=require":                          {[]credential.Name{host("h.example.com"), db, user}, "p@w"},
		"postgres://app:p@w@h/shop":                                                         {[]credential.Name{host("h"), db, user}, "p@w"},
		"postgres://app:pw@h/shop?options=a@b":                                              {[]credential.Name{host("h"), db, user}, "pw"},
		"postgres://app:pw@[fd00::5]:5432/shop":                                             {[]credential.Name{host("fd00::5"), db, user}, "pw"},
		"postgres://app@h/shop":                                                             {[]credential.Name{host("h"), db, user}, ""},
		"postgres://app:$(PASSWORD)@h/shop":                                                 {[]credential.Name{host("h"), db, user}, ""},
		"postgres://app:$ecret@h/shop":                                                      {[]credential.Name{host("h"), db, user}, "$ecret"},
		"postgresql:///shop?host=/cloudsql/p:r:i&user=app&password=pw":                      {[]credential.Name{instance, db, user}, "pw"},
		"mongodb://app:pw@a:1,b:2/shop":                                                     {[]credential.Name{host("a"), host("b"), db, user}, "pw"},
		"redis://:pw@h":                                                                     {[]credential.Name{host("h")}, "pw"},
		"host=h dbname=shop user=app password='p w\\'x'":                                    {[]credential.Name{host("h"), db, user}, "p w'x"},
		"user=app host = h password=pw dbname=shop":                                         {[]credential.Name{host("h"), db, user}, "pw"},
		"app:pw@tcp(h:3306)/shop":                                                           {[]credential.Name{host("h"), db, user}, "pw"},
		"app:p@w:x/y@tcp(h:3306)/shop?a=/b":                                                 {[]credential.Name{host("h"), db, user}, "p@w:x/y"},
		"app:pw@unix(/cloudsql/p:r:i)/shop":                                                 {[]credential.Name{instance, db, user}, "pw"},
		"app:pw@cloudsql-mysql(p:r:i)/shop":                                                 {[]credential.Name{instance, db, user}, "pw"},
		"Server=tcp:h,1433;Database=shop;User Id=app;Password='pw'":                         {[]credential.Name{host("h"), db, user}, "pw"},
		"jdbc:sqlserver://h\\SQL:1433;databaseName=shop;user=app;password=pw":               {[]credential.Name{host("h"), db, user}, "pw"},
		"jdbc:oracle:thin:app/pw@h:1521:shop":                                               {[]credential.Name{host("h"), db, user}, "pw"},
		"jdbc:oracle:thin:app/pw@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=h)(PORT=1521)))": {[]credential.Name{host("h"), {Subject: credential.User, Text: "app"}}, "pw"},
		"jdbc:mysql://address=(host=h)(port=3306)(user=app)(password=pw)/shop":              {[]credential.Name{host("h"), db, user}, "pw"},
		"jdbc:mysql://(host=h,port=3306,user=app,password=pw)/shop":                         {[]credential.Name{host("h"), db, user}, "pw"},
		"mysql2://app:pw@h/shop":                                                            {[]credential.Name{host("h"), db, user}, "pw"},
		"https://app:pw@h/shop":                                                             {[]credential.Name{host("h"), db, user}, "pw"},
		"jdbc:mysql:///shop?cloudSqlInstance=p:r:i&user=app&password=pw":                    {[]credential.Name{instance, db, user}, "pw"},
	} {
		found := credential.InText(text)
		if len(found) != 1 {
			t.Errorf("%s: %d credentials", text, len(found))
			continue
		}
		var password string
		if len(found[0].Secret) > 0 {
			password = found[0].Secret[0]
		}
		if !reflect.DeepEqual(found[0].About, want.about) || password != want.password {
			t.Errorf("%s: %v, password %q", text, found[0].About, password)
		}
	}
}

// TestFilledIn holds that what something else fills in is no password, and that a
// password which is no such place is one.
func TestFilledIn(t *testing.T) {
	for password, want := range map[string]credential.Kind{
		"$(PASSWORD)": credential.Address, "${PASSWORD:-}": credential.Address, "$PASSWORD": credential.Address, "#{password}": credential.Address,
		"%PASSWORD%": credential.Address, "{password}": credential.Address, "{}": credential.Address, "[PASSWORD]": credential.Address,
		"__PASSWORD__": credential.Address, "YOUR_PASSWORD": credential.Address, "your-password": credential.Address, "CHANGEME": credential.Address,
		"vault:secret/data/x": credential.Address, "ref+gcpsecrets://x": credential.Address, "****": credential.Address, "%s": credential.Address, "...": credential.Address,
		"%(password)s": credential.Address, "pre-${PASSWORD}": credential.Address,
		"$ecret": credential.Connection, "yourself": credential.Connection, "{pass": credential.Connection, "pa%%word": credential.Connection,
		"%a.b%": credential.Connection, "__x": credential.Connection, "todos": credential.Connection, "xxxy": credential.Connection, "postgres": credential.Connection,
	} {
		if found := credential.InText("redis://:" + password + "@h"); len(found) != 1 || found[0].Kind != want {
			t.Errorf("%q: %v, want %v", password, found, want)
		}
	}
}

func TestWhatIsNoConnection(t *testing.T) {
	for _, text := range []string{
		"https://example.com/", "https://user@example.com/", "https://user:$(PASSWORD)@example.com/", "postgres://app:$(PASSWORD)@$(HOST)/shop", "postgres", "postgres://", "://", "host=", "a = b", "f(x)/y", "x@tcp()/y", "key=value other=value",
		"The host= field and the user= field", "redis://", "postgres://$(HOST)/shop", "postgres://{{ .host }}/shop", strings.Repeat(".", 40), "(a)/", "jdbc:oracle:thin:",
	} {
		if found := credential.InText(text); len(found) > 0 {
			t.Errorf("%q is taken for %v", text, found[0].Kind)
		}
	}
}

// TestCertificatesNameKeys reads whose a private key is from the certificate beside it.
func TestCertificatesNameKeys(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate := func(name string, of *ecdsa.PrivateKey) string {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cn"}, DNSNames: []string{name}, IPAddresses: []net.IP{net.ParseIP("10.0.0.5")},
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &of.PublicKey, of)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	var keys credential.Keys
	keys.Add(certificate("Shop.Example.com", key) + certificate("other.example.com", other))
	if n, complete := keys.Add("    " + private); n != 1 || !complete {
		t.Fatalf("%d keys, %t", n, complete)
	}
	want := []credential.Name{{Subject: credential.Host, Text: "shop.example.com"}, {Subject: credential.Host, Text: "10.0.0.5"}}
	if got := keys.Found(); len(got) != 1 || !reflect.DeepEqual(got[0].About, want) {
		t.Errorf("got %v", got[0].About)
	}
}

func TestKeysThatCannotBeRead(t *testing.T) {
	for name, text := range map[string]string{
		"PGP":       "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
		"encrypted": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----",
		"broken":    "-----BEGIN RSA PRIVATE KEY-----\nnot base64!\n-----END RSA PRIVATE KEY-----",
	} {
		var keys credential.Keys
		if n, _ := keys.Add(text); n != 1 || len(keys.Found()[0].About) != 0 {
			t.Errorf("%s: %d keys", name, n)
		}
	}
	var keys credential.Keys
	if n, _ := keys.Add("-----BEGIN RSA PRIVATE KEY----- without an end"); n != 0 {
		t.Error("a beginning without an end is a key")
	}
}

func FuzzInText(f *testing.F) {
	for _, seed := range []string{
		"postgres://a:b@h/d", "a:b@tcp(h)/d", "host=h user=u password='p", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.xxxxxxxxxxxxxxxx", "jdbc:oracle:thin:a/b@//h/d",
		"Server=h;Password=p", "SG.a.b", "https://hooks.slack.com/services/T/B/x", "AKIA", "postgres://[::1", "://@", "mysql://a:b@c,d;e=f?g", "%00=", "x=\\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range credential.InText(text) {
			if c.Kind == credential.Connection && (len(c.Secret) != 1 || c.Secret[0] == "") {
				t.Errorf("%q: a connection without a password", text)
			}
		}
		var keys credential.Keys
		keys.Add(text)
		keys.Found()
		credential.InEntries([]credential.Entry{{Key: text, Text: text}, {Key: "AUTH0_DOMAIN", Text: text}})
	})
}

func FuzzInDocument(f *testing.F) {
	f.Add("type", "service_account", "private_key", "x")
	f.Add("auths", "a", "auth", "YTpi")
	f.Add("clusters", "users", "token", "x")
	f.Fuzz(func(_ *testing.T, a, b, c, d string) {
		inner := map[string]any{a: b, c: d}
		credential.InDocument(map[string]any{
			a: inner, b: []any{inner, d}, "auths": inner, "clusters": []any{map[string]any{"cluster": inner}, a}, "users": []any{map[string]any{"user": inner}, b},
			"type": b, "private_key": d,
		})
	})
}
