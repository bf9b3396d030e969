// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"strings"
	"testing"
)

// TestAccountsOfAccessKeys judges access keys that nobody lists by the account in their
// identifier. The two and their accounts are of public write-ups.
func TestAccountsOfAccessKeys(t *testing.T) {
	const (
		temporary = "ASIAY34FZKBOKMUTVV7A" // 609629065308
		lasting   = "AKIASP2TPHJSQH3FJRUX" // 171436882533
		old       = "AKIAJ5QIMVFZ2E7WXYZQ" // says nothing
	)
	for name, tt := range map[string]struct {
		ids            []string
		protected, own string
		want           string
	}{
		"production's account":                      {[]string{lasting}, "171436882533", "", breachedX},
		"staging's account":                         {[]string{lasting}, "", "171436882533", "Sealed"},
		"nobody's account":                          {[]string{lasting}, "171436882534", "171436882532", "Undetermined"},
		"a temporary key, production's":             {[]string{temporary}, "609629065308", "", breachedX},
		"a temporary key, staging's":                {[]string{temporary}, "", "609629065308", "Sealed"},
		"one of each":                               {[]string{lasting, temporary}, "609629065308", "171436882533", breachedX},
		"staging's, and one of nobody":              {[]string{lasting, temporary}, "", "171436882533", "Undetermined"},
		"staging's, and one of the old form":        {[]string{lasting, old}, "", "171436882533", "Undetermined"},
		"one of the old form, by what it would say": {[]string{old}, "681843665267", "", "Undetermined"},
		"one of the oldest, by what it would say":   {[]string{"AKIAI5QIMVFZ2E7WXYZQ"}, "613124188531", "", "Undetermined"},
		"one of the old form":                       {[]string{old}, "171436882533", "", "Undetermined"},
	} {
		t.Run(name, func(t *testing.T) {
			b := between()
			if tt.protected != "" {
				b.Protected.Projects = append(b.Protected.Projects, tt.protected)
			}
			if tt.own != "" {
				b.Own.Projects = append(b.Own.Projects, tt.own)
			}
			expect(t, read(t, production, secretOf("A", strings.Join(tt.ids, " ")+"\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")), b, tt.want)
		})
	}
}
