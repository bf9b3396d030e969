// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// account judges by account, and where neither side lists that, by project. Of several
// accounts, one of production decides, and each has to be known. One key of Google has an
// e-mail and an ID; two access keys of AWS are two accounts.
func (j *judge) account(c credential.Credential) (whose, string) {
	var accounts [][]string
	project := unknown
	for _, n := range c.About {
		switch {
		case n.Subject == credential.Project:
			project = max(project, listed(n.Text, j.b.Protected.Projects, j.b.Own.Projects))
		case n.Subject != credential.Account:
		case c.Kind == credential.GoogleKey && len(accounts) > 0:
			accounts[0] = append(accounts[0], n.Text)
		default:
			accounts = append(accounts, []string{n.Text})
		}
	}
	w, why := own, ""
	if len(accounts) == 0 {
		accounts = [][]string{nil}
	}
	for _, names := range accounts {
		one, reason := j.named(names, project)
		if one == protected {
			return one, reason
		}
		if one == unknown {
			w, why = one, reason
		}
	}
	return w, why
}

// named judges one account by its names, and by its project or the one of its credential.
func (j *judge) named(names []string, project whose) (whose, string) {
	w := unknown
	for _, name := range names {
		w = max(w, listed(name, j.b.Protected.Accounts, j.b.Own.Accounts))
		project = max(project, listed(projectOfAccount(name), j.b.Protected.Projects, j.b.Own.Projects))
	}
	switch {
	case w == protected:
		return w, "its account is in Protected.Accounts"
	case w == own || project == own:
		return own, ""
	case project == protected:
		return project, "its project is in Protected.Projects"
	default:
		return unknown, "whose account it is for: neither Protected nor Own has it in Accounts, nor its project in Projects"
	}
}

// projectOfAccount returns the project of an e-mail such as
// ID@PROJECT.iam.gserviceaccount.com, and the account of AWS that an access key is of.
func projectOfAccount(account string) string {
	_, host, _ := strings.Cut(strings.ToLower(account), "@")
	project, ok := strings.CutSuffix(host, ".iam.gserviceaccount.com")
	if !ok {
		return accountOfKey(account)
	}
	id, domain, found := strings.Cut(project, ".")
	if found { // of a project with a domain: project.example.com
		return domain + ":" + id
	}
	return id
}

// accountOfKey returns the number of the account in the identifier of an access key of
// AWS: 40 bits of what is base32 behind the prefix, less the first (Tal Be'ery, "A short note on
// AWS KEY ID"). Those that begin with AKIAI and AKIAJ are of before 2019, and have none. AWS
// says it too, to whoever asks (STS, GetAccessKeyInfo).
func accountOfKey(id string) string {
	if len(id) != 20 || id[:4] != "AKIA" && id[:4] != "ASIA" || id[4] == 'I' || id[4] == 'J' {
		return ""
	}
	data, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		return ""
	}
	const mask = 1<<47 - 1<<7
	return fmt.Sprintf("%012d", binary.BigEndian.Uint64(data)>>16&mask>>7)
}
