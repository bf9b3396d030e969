// SPDX-License-Identifier: Apache-2.0

package gcp

// A Dataset is the access list of a BigQuery dataset, as bq show --format=prettyjson
// prints it (BigQuery API v2, Dataset.access).
type Dataset struct {
	Access []DatasetAccess `json:"access"`
}

// A DatasetAccess gives one member a role on the dataset, or lets a view, a routine,
// or all views of another dataset read it for whoever may use them.
type DatasetAccess struct {
	Role         string             `json:"role,omitempty"`
	UserByEmail  string             `json:"userByEmail,omitempty"`
	GroupByEmail string             `json:"groupByEmail,omitempty"`
	Domain       string             `json:"domain,omitempty"`
	SpecialGroup string             `json:"specialGroup,omitempty"`
	IAMMember    string             `json:"iamMember,omitempty"`
	View         *TableReference    `json:"view,omitempty"`
	Routine      *RoutineReference  `json:"routine,omitempty"`
	Dataset      *AuthorizedDataset `json:"dataset,omitempty"`
	Condition    *Condition         `json:"condition,omitempty"`
}

// A TableReference names a table or view.
type TableReference struct {
	ProjectID string `json:"projectId"`
	DatasetID string `json:"datasetId"`
	TableID   string `json:"tableId"`
}

// A RoutineReference names a routine.
type RoutineReference struct {
	ProjectID string `json:"projectId"`
	DatasetID string `json:"datasetId"`
	RoutineID string `json:"routineId"`
}

// An AuthorizedDataset is a dataset whose views may read another.
type AuthorizedDataset struct {
	Dataset     DatasetReference `json:"dataset"`
	TargetTypes []string         `json:"targetTypes,omitempty"`
}

// A DatasetReference names a dataset.
type DatasetReference struct {
	ProjectID string `json:"projectId"`
	DatasetID string `json:"datasetId"`
}
