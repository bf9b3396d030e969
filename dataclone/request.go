// SPDX-License-Identifier: Apache-2.0

package dataclone

import "time"

// A Request is what one wants of a plan. What it leaves out is the strict choice.
type Request struct {
	// Environment names the environment that the clones are for, such as "staging" or
	// "pr-123". It is the value of a label.
	Environment string
	// AsOf is the time at which every table is read, cut to milliseconds. Zero means
	// a minute before the catalog's Now. [ParseAsOf] reads one.
	AsOf time.Time
	// TTL is how long the clones live from the catalog's Now on, and MaxTTL the
	// longest that a TTL may be. A plan without a TTL is refused; MaxTTL may be zero.
	TTL, MaxTTL time.Duration
	// Protect names what is production's.
	Protect Protection
	// Select says which tables are cloned, and as what.
	Select Selection
	// Data says what happens to columns with personal data.
	Data PersonalData
	// Definitions says what happens to what has no data of its own.
	Definitions Definitions
	// Labels are put on everything that is made, beside those of ownership.
	Labels map[string]string
}

// A Mapping is one dataset to clone, and the dataset that holds the clones.
type Mapping struct {
	From DatasetRef `json:"from"`
	To   DatasetRef `json:"to"`
}

// A Selection says which tables of the datasets are cloned. The zero value selects all.
type Selection struct {
	// Include and Exclude are patterns of the names of tables, views and routines, in
	// which a star stands for any characters. Without Include all are included; Exclude wins.
	Include, Exclude []string
	// Shards limits tables that are shards by date, such as events_20261122.
	Shards Shards
	// Snapshots makes snapshots, which nobody can write, in place of clones.
	Snapshots bool
	// New says what happens to tables that were made after AsOf.
	New NewTables
	// Deleted are tables that were there at AsOf and are not now.
	Deleted []TableRef
	// Generation puts the time of the plan into the name of each destination, as in
	// sales_g20261122T115900, so that a refresh is a new dataset.
	Generation bool
}

// Shards limits tables whose names end in eight digits of a date. The zero value
// limits nothing.
type Shards struct {
	// Last keeps the newest shards of each prefix, by date. Zero keeps all.
	Last int
	// From and To keep the shards of these days and those between, in UTC. The zero
	// time is no limit.
	From, To time.Time
}

// NewTables says what happens to a table that is younger than AsOf.
type NewTables string

// What happens to a table that is younger than AsOf.
const (
	// RefuseNewTables makes it an error, so the clones are one consistent cut.
	RefuseNewTables NewTables = ""
	// SkipNewTables leaves it out; the plan says so.
	SkipNewTables NewTables = "skip"
	// CloneLatest clones it as it is when the plan runs. The plan says that its
	// clones are not of one time.
	CloneLatest NewTables = "latest"
)

// PersonalData says what happens to columns that carry policy tags or data policies,
// or whose names match. The zero value refuses tables that have such columns.
type PersonalData struct {
	Mode PersonalDataMode
	// Columns are patterns of names of columns that count as personal data too. A
	// field of a record is named by its path, as in "address.street".
	Columns []string
	// Private is where MaskedViews puts the clones that its views read: a dataset to
	// which only the owners of the plan have access. One for each project is enough.
	Private DatasetRef
	// Masks says by what a column is replaced, by its name in the form of Columns.
	// What it names counts as personal data too. Other columns are replaced by NULL,
	// and so is all of a column of which a field is personal.
	Masks map[string]Mask
}

// A PersonalDataMode is one way to treat personal data.
type PersonalDataMode string

// Ways to treat personal data.
const (
	// RefusePersonalData refuses the tables.
	RefusePersonalData PersonalDataMode = ""
	// KeepPersonalData clones the columns with their policy tags, which keep people
	// without access to the tags from reading them, also in the clone.
	KeepPersonalData PersonalDataMode = "keep"
	// MaskedViews clones into a private dataset, and puts in the destination a view
	// of the clone in which the columns are masked.
	MaskedViews PersonalDataMode = "masked-views"
	// UpdateInPlace would overwrite the columns of the clone. It is always refused:
	// what was overwritten stays readable by time travel.
	UpdateInPlace PersonalDataMode = "update-in-place"
)

// A Mask says by what a column is replaced.
type Mask string

// Masks. Only a column of type STRING or BYTES that is not repeated can be hashed.
const (
	NullMask Mask = "null"
	HashMask Mask = "hash" // the SHA-256 of the value: equal values stay equal, and a guess can be checked
)

// Definitions says what happens to views and routines, and to external tables. The
// zero value makes views and routines again, materialized views as views, and leaves
// external tables out.
type Definitions struct {
	// Skip leaves out views and routines.
	Skip bool
	// Materialize makes materialized views as such, which costs their first refresh.
	Materialize bool
	// Datasets are further datasets that views may name, and what is to be named in
	// their place, such as what another plan cloned. One that is mapped to itself may
	// be read where it is. Without that, a view that names another dataset is an error,
	// unless it is of the project bigquery-public-data.
	Datasets []Mapping
	// URIs says for the URIs of external tables, and of the libraries of JavaScript,
	// what takes their place. An external table is made again if all of its URIs are
	// there, those of its options as well.
	URIs map[string]string
}
