// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"cmp"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// host is the group of the Refs of findings about BigQuery's resources.
const host = "bigquery.googleapis.com"

// A DatasetRef names a dataset of BigQuery.
type DatasetRef struct {
	Project, Dataset string
}

// A TableRef names a table, a view or a snapshot of BigQuery, or a routine or a
// model, which are named alike.
type TableRef struct {
	Project, Dataset, Table string
}

// ParseDataset reads "project.dataset". A project of a domain has a dot and a colon
// itself, as in "example.com:shop.sales". The error is a [*NameError].
func ParseDataset(s string) (DatasetRef, error) {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 {
		return DatasetRef{}, &NameError{Kind: "dataset", Name: s, Reason: "is not of the form project.dataset"}
	}
	d := DatasetRef{Project: s[:dot], Dataset: s[dot+1:]}
	return d, d.Validate()
}

// ParseTable reads "project.dataset.table". The error is a [*NameError].
func ParseTable(s string) (TableRef, error) {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 || !strings.Contains(s[:dot], ".") {
		return TableRef{}, &NameError{Kind: "table", Name: s, Reason: "is not of the form project.dataset.table"}
	}
	d, err := ParseDataset(s[:dot])
	if err != nil {
		return TableRef{}, err
	}
	t := d.Table(s[dot+1:])
	return t, t.Validate()
}

// Table returns the name of a table of d.
func (d DatasetRef) Table(name string) TableRef {
	return TableRef{Project: d.Project, Dataset: d.Dataset, Table: name}
}

// In returns the dataset that t is in.
func (t TableRef) In() DatasetRef { return DatasetRef{Project: t.Project, Dataset: t.Dataset} }

// String gives the form "project.dataset".
func (d DatasetRef) String() string { return d.Project + "." + d.Dataset }

// String gives the form "project.dataset.table".
func (t TableRef) String() string { return t.Project + "." + t.Dataset + "." + t.Table }

// Compare orders datasets by project and name.
func (d DatasetRef) Compare(e DatasetRef) int {
	return cmp.Or(cmp.Compare(d.Project, e.Project), cmp.Compare(d.Dataset, e.Dataset))
}

// Compare orders tables by project, dataset and name.
func (t TableRef) Compare(u TableRef) int {
	return cmp.Or(t.In().Compare(u.In()), cmp.Compare(t.Table, u.Table))
}

// MarshalText gives the form of String.
func (d DatasetRef) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDataset] reads.
func (d *DatasetRef) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDataset(string(text))
	return err
}

// MarshalText gives the form of String.
func (t TableRef) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what [ParseTable] reads.
func (t *TableRef) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTable(string(text))
	return err
}

// object is d as findings name it.
func (d DatasetRef) object() bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Dataset", Namespace: d.Project, Name: d.Dataset}
}

// object is t as findings name it.
func (t TableRef) object() bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Table", Namespace: t.Project, Name: t.Dataset + "." + t.Table}
}
