// SPDX-License-Identifier: Apache-2.0

package bqsim

// A DatasetRef names a dataset.
type DatasetRef struct{ Project, Dataset string }

// String returns "project.dataset".
func (d DatasetRef) String() string { return d.Project + "." + d.Dataset }

// colon is the form of error messages.
func (d DatasetRef) colon() string { return d.Project + ":" + d.Dataset }

func (d DatasetRef) path() string { return "projects/" + d.Project + "/datasets/" + d.Dataset }

func (d DatasetRef) json() object {
	return object{"projectId": d.Project, "datasetId": d.Dataset}
}

// A TableRef names a table, view, snapshot or whatever else shares their names.
type TableRef struct{ Project, Dataset, Table string }

// String returns "project.dataset.table".
func (t TableRef) String() string { return t.Project + "." + t.Dataset + "." + t.Table }

func (t TableRef) dataset() DatasetRef { return DatasetRef{t.Project, t.Dataset} }

func (t TableRef) colon() string { return t.dataset().colon() + "." + t.Table }

func (t TableRef) path() string { return t.dataset().path() + "/tables/" + t.Table }

func (t TableRef) json() object {
	return object{"projectId": t.Project, "datasetId": t.Dataset, "tableId": t.Table}
}

// tableRef reads a TableReference. A missing project is that of the request.
func tableRef(o resource, project string) (TableRef, error) {
	t := TableRef{o.str("projectId"), o.str("datasetId"), o.str("tableId")}
	if t.Project == "" {
		t.Project = project
	}
	if t.Dataset == "" || t.Table == "" {
		return t, invalid("Required parameter is missing: a table reference needs datasetId and tableId")
	}
	return t, nil
}
