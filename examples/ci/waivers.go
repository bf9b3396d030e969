// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
)

// A waiver is one entry of the file that --waivers names:
//
//   - rule: netpol/open-to-world
//     object: NetworkPolicy/shop/web
//     reason: the shop is public; agreed with security on 2026-03-02
type waiver struct {
	Rule   string `json:"rule"`
	Object string `json:"object"` // as findings print it
	Reason string `json:"reason"`
}

func readWaivers(path string) ([]waiver, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []waiver
	if err := yaml.UnmarshalStrict(data, &out); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i, w := range out {
		if w.Rule == "" || w.Object == "" {
			return nil, fmt.Errorf("%s: waiver %d: rule and object are needed", path, i+1)
		}
	}
	return out, nil
}

// matched gives each waiver the objects that it names; a name may stand for two
// objects of different groups. A waiver of an object that is not there is kept, so
// that it is reported as unused.
func matched(waivers []waiver, objs []bulkhead.Object, inExports placed) []bulkhead.Waiver {
	refs := make(map[string][]bulkhead.Ref)
	add := func(ref bulkhead.Ref) {
		if text := ref.String(); !slices.Contains(refs[text], ref) {
			refs[text] = append(refs[text], ref)
		}
	}
	for _, obj := range objs {
		add(bulkhead.RefTo(obj))
	}
	for finding := range inExports {
		add(finding.Object)
	}
	var out []bulkhead.Waiver
	for _, w := range waivers {
		for _, ref := range append(refs[w.Object], absent(w, refs)...) {
			out = append(out, bulkhead.Waiver{Rule: w.Rule, Object: ref, Reason: w.Reason})
		}
	}
	return out
}

// absent names the object of a waiver as far as its text tells, if no object has
// that name.
func absent(w waiver, refs map[string][]bulkhead.Ref) []bulkhead.Ref {
	if len(refs[w.Object]) > 0 {
		return nil
	}
	kind, name, _ := strings.Cut(w.Object, "/")
	namespace, rest, ok := strings.Cut(name, "/")
	if !ok {
		return []bulkhead.Ref{{Kind: kind, Name: name}}
	}
	return []bulkhead.Ref{{Kind: kind, Namespace: namespace, Name: rest}}
}
