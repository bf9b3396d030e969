// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/postgres"
)

// A list that is not there is not an empty one.
func TestReadSnapshotRefusesListsThatAreNotThere(t *testing.T) {
	whole := text(t, closed())
	for list, place := range map[string]string{
		"parameters": "parameters", "memberships": "memberships", "settings": "settings",
		"eventTriggers": "databases[1].contents.eventTriggers", "foreignServers": "databases[1].contents.foreignServers",
		"largeObjects": "databases[1].contents.largeObjects", "defaultPrivileges": "databases[1].contents.defaultPrivileges",
	} {
		t.Run(list, func(t *testing.T) {
			without := regexp.MustCompile(`"`+list+`": \[\]`).ReplaceAllString(whole, `"`+list+`": null`)
			_, err := postgres.ReadSnapshot("prod.json", strings.NewReader(without))
			var wrong *identity.DocumentError
			if without == whole || !errors.As(err, &wrong) || wrong.Place != place {
				t.Errorf("error %v", err)
			}
		})
	}
}
