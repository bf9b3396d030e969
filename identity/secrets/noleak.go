// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// The rules that breaches of [NoLeak] name.
const (
	// ProductionCredential is a credential in staging that is for something of production.
	ProductionCredential = "secrets/production-credential"
	// ProductionValue is a value of production in staging.
	ProductionValue = "secrets/production-value"
	// ProductionAddress is a host, an instance or a Service of production in what staging's
	// programs read, without a credential.
	ProductionAddress = "secrets/production-address"
	// ProductionStore is a store of secrets, or a controller that copies them, by which
	// staging can have those of production.
	ProductionStore = "secrets/production-store"
)

// ErrNothing says that no object of staging is there, and a proof would be about nothing.
var ErrNothing = errors.New("no object of a namespace in From")

// NoLeak asks whether staging holds a credential or a value of production, or has a way
// to one through a store. It goes through every text of every object of staging: data of
// Secrets and ConfigMaps, arguments and variables of all containers, annotations, and
// the strings of custom resources, on every layer that they are packed in. Custom
// resources may be unstructured, and so may be all others, which are judged as their Go types.
//
// A breach names the place in staging and, if it is known, the place in production. Its
// Change, applied to the objects, closes that path. Missing names what decides and is not
// there: whose account a key is for, the Secret that a workload reads, what a store
// gives. Nothing of a value appears in the result or in an error, nor a hash of it.
//
// It takes for granted that objs are all objects of staging and all Secrets of
// production that matter; what a workload of either side refers to and is not there is
// missing. Values count as production's if they are data of its Secrets, credentials, or
// named like secrets elsewhere, have eight bytes or more, and are not common words; of
// those that look like settings it is undetermined. In the middle of a longer text, values
// of twelve bytes and more are found.
//
// The error is a [*BoundaryError] if the boundary is wrong, [ErrNothing] if objs hold
// nothing of staging, and otherwise says that the system has no random numbers.
func NoLeak(objs []bulkhead.Object, b Boundary) (bulkhead.Proof, error) {
	if err := b.check(); err != nil {
		return bulkhead.Proof{}, err
	}
	c, err := newCheck(objs, b)
	if err != nil {
		return bulkhead.Proof{}, err
	}
	if !slices.ContainsFunc(c.staging, func(obj bulkhead.Object) bool { return obj.GetNamespace() != "" }) {
		return bulkhead.Proof{}, ErrNothing
	}
	for _, obj := range c.production {
		c.vault.take(obj)
	}
	for _, obj := range c.staging {
		for _, l := range c.leaks(obj, home(obj)) {
			c.breach(l.rule, l.fix, l.path...)
		}
	}
	c.references()
	c.stores()
	c.copies()
	for _, s := range c.vault.unread {
		c.miss("%s is too large or too deeply packed to be taken apart, so that its values are not known", spot(s.ref, s.field))
	}
	return c.proof(), nil
}

// A check is one run of NoLeak.
type check struct {
	*judge

	objs                []bulkhead.Object
	staging, production []bulkhead.Object
	byRef               map[bulkhead.Ref]bulkhead.Object
	uses                map[string]use // of ClusterSecretStores by production
	spaces              spaces
	vault               *vault
	budget              *layers.Budget
	breaches            []bulkhead.Breach
	missing             []string
}

func newCheck(objs []bulkhead.Object, b Boundary) (*check, error) {
	c := &check{judge: newJudge(b), budget: &layers.Budget{Bytes: maxUnpacked}, byRef: make(map[bulkhead.Ref]bulkhead.Object)}
	// A pass has the objects in an order that theirs does not decide, two of one name too.
	bulkhead.Check(objs, bulkhead.Rule{Run: func(p *bulkhead.Pass) { c.objs = p.Objects }})
	c.objs = typed(c.objs, func(obj bulkhead.Object) {
		if c.namespaces[home(obj)] {
			c.miss("what %s is: it does not fit its kind", bulkhead.RefTo(obj))
		}
	})
	c.services, c.spaces = servicesOf(c.objs), spacesOf(c.objs)
	for _, obj := range slices.Backward(c.objs) { // of two with one name the first counts
		c.byRef[bulkhead.RefTo(obj)] = obj
	}
	for _, obj := range c.objs {
		switch side := home(obj); {
		case c.from[side]:
			c.staging = append(c.staging, obj)
		case c.away[side]:
			c.production = append(c.production, obj)
		}
	}
	for _, namespace := range b.From {
		if !inhabited(c.staging, namespace) {
			c.miss("the objects of namespace %s, which could hold anything", namespace)
		}
	}
	for _, namespace := range b.Away {
		if !inhabited(c.production, namespace) {
			c.miss("the objects of namespace %s, whose values could be in staging", namespace)
		}
	}
	var err error
	c.vault, err = newVault(c.budget)
	return c, err
}

func inhabited(objs []bulkhead.Object, namespace string) bool {
	return slices.ContainsFunc(objs, func(obj bulkhead.Object) bool { return obj.GetNamespace() == namespace })
}

// home returns the namespace that an object is in, or is.
func home(obj bulkhead.Object) string {
	if ns, ok := obj.(*corev1.Namespace); ok {
		return ns.Name
	}
	return obj.GetNamespace()
}

func (c *check) miss(format string, args ...any) {
	c.missing = append(c.missing, fmt.Sprintf(format, args...))
}

// spot names an object and, if there is one, a field of it.
func spot(ref bulkhead.Ref, field string) string {
	return strings.TrimSpace(ref.String() + " " + field)
}

// breach adds a path, whose first hop is what the change takes away.
func (c *check) breach(rule, fix string, path ...bulkhead.Hop) {
	c.breaches = append(c.breaches, bulkhead.Breach{
		Rule: rule, Path: path, Change: bulkhead.Change{Object: path[0].Object, Field: path[0].Field, Text: fix},
	})
}

// proof sorts what was found, each thing once.
func (c *check) proof() bulkhead.Proof {
	slices.SortFunc(c.breaches, compareBreaches)
	c.breaches = slices.CompactFunc(c.breaches, func(a, b bulkhead.Breach) bool { return compareBreaches(a, b) == 0 })
	slices.Sort(c.missing)
	return bulkhead.NewProof(c.breaches, slices.Compact(c.missing))
}

func compareBreaches(a, b bulkhead.Breach) int {
	return cmp.Or(
		slices.CompareFunc(a.Path, b.Path, func(x, y bulkhead.Hop) int {
			return cmp.Or(x.Object.Compare(y.Object), cmp.Compare(x.Field, y.Field), cmp.Compare(x.Text, y.Text))
		}),
		cmp.Compare(a.Rule, b.Rule),
		a.Change.Object.Compare(b.Change.Object),
		cmp.Compare(a.Change.Field, b.Change.Field),
	)
}
