// SPDX-License-Identifier: Apache-2.0

package dataclone

import "time"

// A Catalog is what BigQuery said about datasets at one moment: those that are to be
// cloned, and those that are to hold the clones. Package bqclone reads it from the
// service; a test may write it down.
type Catalog struct {
	// Now is the time on BigQuery's clock. A plan takes no other.
	Now      time.Time
	Datasets []Dataset
}

// A Dataset is one dataset and what is in it.
type Dataset struct {
	Ref DatasetRef
	// Absent says that BigQuery was asked for the dataset and has none. The other
	// fields are empty then, but for Organization, which is that of the project.
	Absent bool
	ETag   string
	// Location is a region or a multi-region, such as "us-east1" or "US".
	Location string
	// Organization is the number of the organization that the project is in. Empty
	// if nobody knows.
	Organization    string
	Labels          map[string]string
	CaseInsensitive bool
	// MaxTimeTravelHours is how far back a table can be read. Zero means 168.
	MaxTimeTravelHours int
	// DefaultTableExpiration and DefaultPartitionExpiration are what a table made
	// without gets. Zero means none.
	DefaultTableExpiration, DefaultPartitionExpiration time.Duration
	// Kind is what kind of dataset it is.
	Kind DatasetKind
	// Access is the dataset's list of access, and nil if it was not read.
	Access []Access
	Tables []Table
	// Routines is nil if they were not read.
	Routines []Routine
	// Models are the names of models of BigQuery ML, which no plan clones.
	Models []string
}

// A DatasetKind says where the data of a dataset is.
type DatasetKind string

// Kinds of datasets. The first, which is the zero value, is an ordinary one.
const (
	StandardDataset DatasetKind = ""
	LinkedDataset   DatasetKind = "LINKED"   // of another organization, by BigQuery sharing
	ExternalDataset DatasetKind = "EXTERNAL" // of another service
	ReplicaDataset  DatasetKind = "REPLICA"  // the secondary replica of another region
)

// An Access is one entry of the access list of a dataset. The fields are those of the
// REST resource.
type Access struct {
	Role string
	// Member is the one that has the role, as IAM writes it: "user:ann@example.com",
	// "domain:example.com", "allAuthenticatedUsers", "projectReaders". Empty in an
	// entry of a view, a routine or a dataset.
	Member string
	// View and Dataset are authorized to read the dataset for whoever reads them.
	View    TableRef
	Dataset DatasetRef
}

// A TableType is the type of a table, as the REST resource has it. A clone is a
// StandardTable with a Base.
type TableType string

// Types of tables.
const (
	StandardTable    TableType = "TABLE"
	LogicalView      TableType = "VIEW"
	MaterializedView TableType = "MATERIALIZED_VIEW"
	ExternalTable    TableType = "EXTERNAL"
	SnapshotTable    TableType = "SNAPSHOT"
)

// A Table is one table of a dataset, or a view.
type Table struct {
	Ref  TableRef
	Type TableType
	ETag string
	// Created, Modified and Expires are times of the table. Expires is zero if it
	// does not.
	Created, Modified, Expires time.Time
	Labels                     map[string]string
	Description                string
	Columns                    []Column
	Partitioning               Partitioning
	Clustering                 []string
	PrimaryKey                 []string
	ForeignKeys                []ForeignKey
	// Rows and Bytes are the size of the table now, without the streaming buffer.
	Rows, Bytes int64
	// Bases are the tables that it is a clone or a snapshot of, the nearest first.
	Bases []Base
	// Cut says that the last of Bases is a clone or a snapshot too, of what could
	// not be read.
	Cut bool
	// Buffer is nil if nothing is in the streaming buffer.
	Buffer *StreamingBuffer
	// Policies are nil if the row access policies were not read.
	Policies *RowPolicies
	// Options is nil if the table's options in INFORMATION_SCHEMA were not read.
	Options *TableOptions
	// Managed is the type of a managed table: "", "NATIVE", or "BIGLAKE" for one of
	// Iceberg, whose data are in Cloud Storage.
	Managed string
	// Replicated says that the table is a replica of one of another region.
	Replicated bool
	// MaxStaleness is an interval such as "0-0 0 0:15:0", if one is set.
	MaxStaleness string
	// Tags are the resource tags.
	Tags map[string]string
	// View is what a view or a materialized view reads.
	View *View
	// URIs are where the data of an external table is.
	URIs []string
	// Format is that of an external table, such as "CSV".
	Format string
	// Resource is the REST resource of an external table, in JSON, from which the table
	// is made again. Nil for other tables.
	Resource []byte
}

// A Base is what a table was cloned from, or is a snapshot of, and at which time.
type Base struct {
	Table TableRef
	Time  time.Time
}

// A Column is a column of a table, or a field of one of type RECORD.
type Column struct {
	Name string `json:"name"`
	// Type is the type as the REST resource has it, such as "STRING" or "RECORD".
	Type string `json:"type"`
	// Mode is "NULLABLE", "REQUIRED" or "REPEATED". Empty means NULLABLE.
	Mode string `json:"mode,omitempty"`
	// PolicyTags and DataPolicies are the resource names of what protects it.
	PolicyTags   []string `json:"policyTags,omitempty"`
	DataPolicies []string `json:"dataPolicies,omitempty"`
	Description  string   `json:"description,omitempty"`
	Fields       []Column `json:"fields,omitempty"`
}

// A Partitioning is how a table is partitioned. The zero value means that it is not.
type Partitioning struct {
	// Type is "DAY", "HOUR", "MONTH", "YEAR" or "RANGE".
	Type string `json:"type,omitempty"`
	// Column is empty for partitions by the time of ingestion.
	Column string `json:"column,omitempty"`
	// Start, End and Interval are those of type RANGE.
	Start    int64 `json:"start,omitempty"`
	End      int64 `json:"end,omitempty"`
	Interval int64 `json:"interval,omitempty"`
	// Expiration is how long a partition is kept, in nanoseconds. Zero means for ever.
	Expiration time.Duration `json:"expiration,omitempty"`
	// RequireFilter says that a query has to name partitions.
	RequireFilter bool `json:"requireFilter,omitempty"`
}

// A ForeignKey is a constraint that BigQuery does not enforce.
type ForeignKey struct {
	Name       string   `json:"name"`
	Columns    []string `json:"columns"`
	References TableRef `json:"references"`
	// ReferencedColumns are the columns there, one for each of Columns.
	ReferencedColumns []string `json:"referencedColumns"`
}

// A StreamingBuffer is what was written and is not in the table yet.
type StreamingBuffer struct {
	Rows   int64
	Oldest time.Time
}

// RowPolicies are the row access policies of a table.
type RowPolicies struct {
	Policies []RowPolicy
	// TimeTravel says that whoever runs the plan may read the table at a past time in
	// spite of them: the permission bigquery.rowAccessPolicies.overrideTimeTravelRestrictions.
	TimeTravel bool
}

// A RowPolicy is one row access policy.
type RowPolicy struct {
	ID string
	// Filter is a predicate of SQL.
	Filter string
}

// TableOptions are options of a table that only INFORMATION_SCHEMA tells.
type TableOptions struct {
	// FineGrainedMutations is enable_fine_grained_mutations.
	FineGrainedMutations bool
}

// A View is the definition of a view or of a materialized view.
type View struct {
	Query string `json:"query"`
	// LegacySQL says that the query is not GoogleSQL.
	LegacySQL bool `json:"legacySQL,omitempty"`
	// ExplicitColumnNames is useExplicitColumnNames of the REST resource.
	ExplicitColumnNames bool `json:"explicitColumnNames,omitempty"`
	// Resources says that a view of legacy SQL has functions in Cloud Storage.
	Resources bool `json:"-"`
	// PrivacyPolicy is the JSON of one, if the view has one.
	PrivacyPolicy string `json:"privacyPolicy,omitempty"`
	// EnableRefresh, RefreshInterval and NonIncremental are those of a materialized view.
	EnableRefresh   bool          `json:"enableRefresh,omitempty"`
	RefreshInterval time.Duration `json:"refreshInterval,omitempty"`
	NonIncremental  bool          `json:"nonIncremental,omitempty"`
	// What follows is only in the steps of a plan; a catalog has it in the Table.

	// Description is that of the view, and ColumnDescriptions are those of its columns,
	// by their paths, as in "address.street".
	Description        string            `json:"description,omitempty"`
	ColumnDescriptions map[string]string `json:"columnDescriptions,omitempty"`
	// Partitioning, Clustering and MaxStaleness are those of a materialized view.
	Partitioning Partitioning `json:"partitioning,omitzero"`
	Clustering   []string     `json:"clustering,omitempty"`
	MaxStaleness string       `json:"maxStaleness,omitempty"`
}

// A Routine is a function, a table function or a procedure.
type Routine struct {
	Ref  TableRef
	ETag string
	// Type is "SCALAR_FUNCTION", "AGGREGATE_FUNCTION", "TABLE_VALUED_FUNCTION" or
	// "PROCEDURE".
	Type string
	// Language is "SQL", "JAVASCRIPT", "PYTHON", "JAVA" or "SCALA".
	Language string
	// Connection says that the routine calls a service through a connection: a remote
	// function, or one of Spark or Python.
	Connection  bool
	Description string
	// Body is the text of the routine.
	Body string
	// Resource is the REST resource, in JSON, from which the routine is made again:
	// it has fields that nobody else needs to know.
	Resource []byte
}
