// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

// applied returns the evidence after a change: without what the object has in the
// field, or without the object.
func applied(t testing.TB, e aws.Evidence, change bulkhead.Change) aws.Evidence {
	t.Helper()
	if change.Object.Kind == "PodIdentityAssociation" {
		before := len(e.Associations)
		e.Associations = slices.DeleteFunc(slices.Clone(e.Associations), func(a aws.Association) bool { return a.AssociationID == change.Object.Name })
		if len(e.Associations) != before-1 || change.Field != "" {
			t.Fatalf("%v removes %d associations", change, before-len(e.Associations))
		}
		return e
	}
	e.Roles = slices.Clone(e.Roles)
	for i, role := range e.Roles {
		if !strings.HasSuffix(role.ARN, ":"+change.Object.Namespace+":role/"+change.Object.Name) {
			continue
		}
		trust := &e.Roles[i].AssumeRolePolicyDocument
		trust.Statement = slices.Clone(trust.Statement)
		var statement int
		if _, err := fmt.Sscanf(change.Field, "AssumeRolePolicyDocument.Statement[%d]", &statement); err != nil {
			t.Fatalf("%v: %v", change, err)
		}
		_, condition, whole := strings.Cut(change.Field, ".Condition.")
		if !whole {
			trust.Statement = slices.Delete(trust.Statement, statement, statement+1)
			return e
		}
		operator, rest, _ := strings.Cut(condition, "[")
		key, index, _ := strings.Cut(rest, "][")
		var value int
		if _, err := fmt.Sscanf(index, "%d]", &value); err != nil {
			t.Fatalf("%v: %v", change, err)
		}
		s := &trust.Statement[statement]
		s.Condition = maps.Clone(s.Condition)
		s.Condition[operator] = maps.Clone(s.Condition[operator])
		s.Condition[operator][key] = slices.Delete(slices.Clone(s.Condition[operator][key]), value, value+1)
		return e
	}
	t.Fatalf("%v is about no role", change)
	return e
}

// The change of each breach closes its path, and changes on and on close all.
func TestChangesClosePaths(t *testing.T) {
	for name, tt := range cases() {
		if tt.want != bulkhead.Breached {
			continue
		}
		t.Run(name, func(t *testing.T) {
			e := tt.evidence(t)
			for range 5 {
				proof := bulkhead.Must(aws.NoAssumption(e, boundary()))
				if proof.Verdict != bulkhead.Breached {
					return
				}
				was := proof.Breaches[0]
				e = applied(t, e, was.Change)
				for _, breach := range bulkhead.Must(aws.NoAssumption(e, boundary())).Breaches {
					if cmp.Equal(breach.Path, was.Path) && len(tt.statements) < 2 {
						t.Fatalf("%v leaves the path open: %v", was.Change, breach.Path)
					}
				}
			}
			t.Error("is still breached")
		})
	}
}

// Where one value of several is too many, it alone is to go.
func TestChangeKeepsProduction(t *testing.T) {
	e := setting{statements: []string{web(`"StringEquals": {"ISSUER:aud": ["a", "b"], "ISSUER:sub": ["system:serviceaccount:prod:app", "system:serviceaccount:staging:app"]}`)}}.evidence(t)
	proof := bulkhead.Must(aws.NoAssumption(e, boundary()))
	want := "AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[" + provider + ":sub][1]"
	if len(proof.Breaches) != 1 || proof.Breaches[0].Change.Field != want {
		t.Fatalf("breaches %v, want a change of %s", proof.Breaches, want)
	}
	prodToo := boundary()
	prodToo.From = []string{"prod"}
	if proof := bulkhead.Must(aws.NoAssumption(applied(t, e, proof.Breaches[0].Change), prodToo)); proof.Verdict != bulkhead.Breached {
		t.Errorf("the account of production is kept out too: %v", proof)
	}
}
