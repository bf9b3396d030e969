// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// A Ref names an object. Two objects are the same object when their Refs are
// equal; the version is left out, since one object is served in several.
//
// Outside Kubernetes Group is the service's host, such as
// "bigquery.googleapis.com", and Namespace the project.
type Ref struct {
	Group, Kind, Namespace, Name string
}

// RefTo returns the name of obj. Group and kind follow from the Go type where
// that is one of k8s.io/api or of network-policy-api, since objects that a typed
// client has read back carry neither; other objects tell them by what they carry.
// An object that carries no apiVersion and kind, or only one of them, gets the
// import path of its Go type as group, so that it passes for no other.
// The Ref of a nil object is empty.
func RefTo(obj Object) Ref {
	if isNil(obj) {
		return Ref{}
	}
	gvk, _ := gvkOf(obj)
	return Ref{Group: gvk.Group, Kind: gvk.Kind, Namespace: obj.GetNamespace(), Name: obj.GetName()}
}

// String gives the form "Kind/namespace/name", or "Kind/name" for an object
// without a namespace. It is for people and for reports: the group is left out,
// so two Refs may share a String. Characters that do not print are escaped, since
// names come from files that nobody has vouched for.
func (r Ref) String() string {
	switch {
	case r == Ref{}:
		return "(no object)"
	case r.Namespace == "":
		return printable(r.Kind + "/" + r.Name)
	default:
		return printable(r.Kind + "/" + r.Namespace + "/" + r.Name)
	}
}

// Compare orders Refs by namespace, kind, name and group, and puts objects
// without a namespace first. It returns -1, 0 or +1.
func (r Ref) Compare(s Ref) int {
	return cmp.Or(
		cmp.Compare(r.Namespace, s.Namespace),
		cmp.Compare(r.Kind, s.Kind),
		cmp.Compare(r.Name, s.Name),
		cmp.Compare(r.Group, s.Group),
	)
}

// gvkOf returns the API group, version and kind of obj, and whether they are known.
func gvkOf(obj Object) (gvk schema.GroupVersionKind, known bool) {
	t := reflect.TypeOf(obj)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if gv, ok := groupVersionOf(t.PkgPath()); ok {
		return gv.WithKind(t.Name()), true
	}
	carried := obj.GetObjectKind().GroupVersionKind()
	if carried.Version != "" && carried.Kind != "" {
		return carried, true
	}
	return schema.GroupVersionKind{Group: t.PkgPath(), Kind: cmp.Or(carried.Kind, t.Name())}, false
}

// groupVersionOf derives the API group and version from the import path of the
// package that declares the Go types. In k8s.io/api the folder is the first
// label of the group, the core group excepted; which groups end in k8s.io is in
// the +groupName marker of each folder's doc.go (k8s.io/api v0.37).
func groupVersionOf(pkgPath string) (schema.GroupVersion, bool) {
	if rest, ok := strings.CutPrefix(pkgPath, "k8s.io/api/"); ok {
		folder, version, ok := strings.Cut(rest, "/")
		return schema.GroupVersion{Group: groupOfFolder(folder), Version: version}, ok
	}
	if version, ok := strings.CutPrefix(pkgPath, "sigs.k8s.io/network-policy-api/apis/"); ok {
		return schema.GroupVersion{Group: "policy.networking.k8s.io", Version: version}, true
	}
	return schema.GroupVersion{}, false
}

func groupOfFolder(folder string) string {
	switch folder {
	case "core":
		return ""
	case "apps", "autoscaling", "batch", "extensions", "policy":
		return folder
	case "rbac":
		return "rbac.authorization.k8s.io"
	case "flowcontrol":
		return "flowcontrol.apiserver.k8s.io"
	case "apiserverinternal":
		return "internal.apiserver.k8s.io"
	default:
		return folder + ".k8s.io"
	}
}

// printable escapes s, as in a Go string, if it holds a character that would
// break a line or steer a terminal, or bytes that are no UTF-8.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}
