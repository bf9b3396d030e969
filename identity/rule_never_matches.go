// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/internal/served"
)

// NeverMatches is an API group, resource or path in a role that no request has, so
// that the role does not give what its author believes.
const NeverMatches = "identity/never-matches"

func neverMatches(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, _ := ofRole(obj)
		_, namespaced := obj.(*rbacv1.Role)
		for i := range rules {
			d := deadParts{p, obj, &rules[i], field.NewPath("rules").Index(i), ofKubernetes(rules[i].APIGroups)}
			d.groups()
			d.paths()
			for j, resource := range rules[i].Resources {
				d.resource(resource, d.at.Child("resources").Index(j), namespaced)
			}
		}
	}
}

// deadParts finds in one rule of a role what no request matches.
type deadParts struct {
	pass   *bulkhead.Pass
	object bulkhead.Object
	rule   *rbacv1.PolicyRule
	at     *field.Path
	known  []string // the API groups, if all of them are Kubernetes' own
}

// ofKubernetes returns API groups, each once, if all of them are Kubernetes' own. A
// group that is not may have any resource, and "*" means these too.
func ofKubernetes(names []string) []string {
	var out []string
	for _, name := range names {
		if !isKubernetes(name) {
			return nil
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (d deadParts) groups() {
	for k, group := range d.rule.APIGroups {
		at := d.at.Child("apiGroups").Index(k)
		name, _, versioned := strings.Cut(group, "/")
		meant := name + ".k8s.io"
		switch {
		case group == "core" || group == "v1":
			d.pass.Reportf(d.object, at, `write ""`, `no API group is called %s; that of pods, Secrets and services is ""`, group)
		case versioned:
			d.pass.Reportf(d.object, at, "write the group without its version", "no API group has the name %s, so the rule gives nothing there", strconv.Quote(group))
		case slices.Contains(served.Groups(), meant):
			d.pass.Reportf(d.object, at, "write "+meant, "no API group is called %s, so the rule gives nothing there", group)
		case group == "rbac" || group == "rbac.k8s.io":
			d.pass.Reportf(d.object, at, "write "+rbacv1.GroupName, "no API group is called %s, so the rule gives nothing there", group)
		}
	}
}

func (d deadParts) paths() {
	for k, url := range d.rule.NonResourceURLs {
		if url != rbacv1.NonResourceAll && !strings.HasPrefix(url, "/") {
			d.pass.Reportf(d.object, d.at.Child("nonResourceURLs").Index(k), "begin it with a slash", "the path of every request begins with a slash, so none matches")
		}
	}
}

func (d deadParts) resource(resource string, at *field.Path, inRole bool) {
	base, subresource, slash := strings.Cut(resource, "/")
	if slash && subresource == "*" {
		d.pass.Reportf(d.object, at, "list the subresources that are needed",
			"%s matches no request: a star stands for a resource or for what is before the slash, not for subresources", strconv.Quote(resource))
		return
	}
	if base == rbacv1.ResourceAll || len(d.known) == 0 {
		return
	}
	var there, ofNamespace bool
	for _, group := range d.known {
		s, n := served.Has(group, base)
		there, ofNamespace = there || s, ofNamespace || n
	}
	switch {
	case !there:
		d.unserved(base, at)
	case inRole && !ofNamespace && !d.aboutItsNamespace(base):
		d.pass.Reportf(d.object, at, "write a ClusterRole and a ClusterRoleBinding",
			"%s are in no namespace, so a Role cannot give rights on them", base)
	}
}

func (d deadParts) unserved(base string, at *field.Path) {
	if home, ok := homeOf(base); ok {
		d.pass.Reportf(d.object, at, "write apiGroups: ["+strconv.Quote(home)+"]",
			"%s are in the API group %s, so the rule gives nothing on them", base, strconv.Quote(home))
		return
	}
	for _, group := range d.known {
		if meant := meantBy(group, base); meant != "" {
			d.pass.Reportf(d.object, at, "write "+meant, "no resource is called %s, so the rule gives nothing here", strconv.Quote(base))
			return
		}
	}
}

// aboutItsNamespace reports whether a rule of a Role is about the Namespace that the
// Role is in: a request that names it is made in it, one for all of them is not
// (k8s.io/apiserver v0.37, pkg/endpoints/request/requestinfo.go).
func (d deadParts) aboutItsNamespace(resource string) bool {
	return resource == "namespaces" && slices.ContainsFunc(d.rule.Verbs, func(verb string) bool {
		return slices.Contains([]string{rbacv1.VerbAll, "get", "update", "patch", "delete"}, verb)
	})
}
