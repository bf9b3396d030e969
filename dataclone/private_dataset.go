// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// privateNames says what the clones of masked tables are called in the private dataset,
// by their places in the destinations: sales__orders for orders of the dataset sales.
// Where two would get one name, each gets a part of the hash of its place as well.
func privateNames(destinations []TableRef) map[TableRef]string {
	count := map[string]int{}
	plain := func(t TableRef) string { return t.Dataset + "__" + t.Table }
	for _, t := range destinations {
		count[strings.ToLower(plain(t))]++
	}
	out := make(map[TableRef]string, len(destinations))
	for _, t := range destinations {
		name := plain(t)
		if count[strings.ToLower(name)] > 1 {
			sum := sha256.Sum256([]byte(t.String()))
			name += "__" + hex.EncodeToString(sum[:8])
		}
		out[t] = name
	}
	return out
}

// privateDataset judges where masked tables would go, and reports whether they can.
func (d *draft) privateDataset() bool {
	private := d.request.Data.Private
	if err := private.Validate(); err != nil {
		d.fail(PrivateDataset, d.request.object(), "data.private", "name a dataset of its own for the clones that views mask",
			"is no dataset, and masked views need one: %v", err)
		return false
	}
	mappings := d.allMappings()
	for _, m := range mappings {
		if same(private, m.From) || same(private, m.To) {
			d.fail(PrivateDataset, private.object(), "", "name a dataset of its own for the clones that views mask",
				"is also a source or a destination of the plan, so whoever reads that reads the clones without a mask")
			return false
		}
	}
	d.privateReaders(private, mappings)
	return true
}

// privateReaders compares the access list of a private dataset that is there with
// those of the destinations. What IAM grants in a project is in no such list.
func (d *draft) privateReaders(private DatasetRef, mappings []Mapping) {
	known := d.datasets[private]
	if known == nil || known.Absent {
		return
	}
	if known.Access == nil {
		d.warn(EvidenceMissing, private.object(), "access", "read the catalog as one who may see the access list",
			"was not read, so nobody knows who reads the clones without a mask")
		return
	}
	for _, a := range known.Access {
		switch {
		case a.Member == "" || a.Member == "projectOwners":
		case a.Member == "projectReaders" || a.Member == "projectWriters" || public(a.Member) || strings.HasPrefix(a.Member, "domain:"):
			d.warn(PrivateReaders, private.object(), "access", "remove the entry",
				"lets %s read the clones without a mask", a.Member)
		case slices.ContainsFunc(mappings, func(m Mapping) bool { return d.admits(m.To, a.Member) }):
			d.warn(PrivateReaders, private.object(), "access", "remove the entry, if it is not an owner of the plan",
				"lets %s, who reads a destination, read the clones without a mask", a.Member)
		}
	}
}

// admits reports whether the access list of a dataset names a member.
func (d *draft) admits(dataset DatasetRef, member string) bool {
	known := d.datasets[dataset]
	return known != nil && slices.ContainsFunc(known.Access, func(a Access) bool { return a.Member == member })
}

// public reports whether a member is everybody.
func public(member string) bool { return member == "allUsers" || member == "allAuthenticatedUsers" }
