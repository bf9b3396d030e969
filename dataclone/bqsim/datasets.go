// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"regexp"
	"slices"
	"strings"
)

var datasetName = regexp.MustCompile(`^\w+$`)

func (s *Server) insertDataset(r *request) (object, error) {
	meta, err := settable(r.body, datasetFields, datasetOutput)
	if err != nil {
		return nil, err
	}
	ref := DatasetRef{r.project(), meta.sub("datasetReference").str("datasetId")}
	s.log.write(r.method, ref.String())
	if err := s.need(r.principal, "projects/"+ref.Project, "datasets.create"); err != nil {
		return nil, err
	}
	d, err := s.makeDataset(ref, meta)
	if err != nil {
		return nil, err
	}
	return s.datasetAnswer(r, d)
}

// makeDataset makes a dataset from fields that a caller may set.
func (s *Server) makeDataset(ref DatasetRef, meta resource) (*dataset, error) {
	if len(ref.Dataset) > 1024 || !datasetName.MatchString(ref.Dataset) {
		return nil, invalid("Invalid dataset ID %q. Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.", ref.Dataset)
	}
	if err := checkDataset(meta); err != nil {
		return nil, err
	}
	if s.datasets[ref] != nil {
		return nil, duplicate("Dataset %s", ref.colon())
	}
	if meta.str("location") == "" {
		meta["location"] = "US"
	}
	if meta["access"] == nil {
		meta["access"] = []any{
			object{"role": "WRITER", "specialGroup": "projectWriters"},
			object{"role": "OWNER", "specialGroup": "projectOwners"},
			object{"role": "READER", "specialGroup": "projectReaders"},
		}
	}
	d := &dataset{
		ref: ref, meta: meta, etag: s.etag(), created: s.now, modified: s.now,
		tables: make(map[string]*table), gone: make(map[string][]*table),
		routines: make(map[string]*record), models: make(map[string]*record),
	}
	s.datasets[ref] = d
	return d, nil
}

func checkDataset(meta resource) error {
	if err := labels(meta); err != nil {
		return err
	}
	if err := objects(meta, "datasetReference", "linkedDatasetSource", "externalDatasetReference", "defaultEncryptionConfiguration"); err != nil {
		return err
	}
	if err := numbers(meta, "defaultTableExpirationMs", "defaultPartitionExpirationMs", "maxTimeTravelHours"); err != nil {
		return err
	}
	if ms, ok := meta.int("defaultTableExpirationMs"); ok && ms < 3_600_000 {
		return invalid("Invalid value for defaultTableExpirationMs: the minimum is one hour")
	}
	if hours, ok := meta.int("maxTimeTravelHours"); ok && (hours < 48 || hours > 168 || hours%24 != 0) {
		return invalid("Invalid value for max_time_travel_hours: %d. It must be a multiple of 24 between 48 and 168", hours)
	}
	return nil
}

func (s *Server) getDataset(r *request) (object, error) {
	d, err := s.dataset(r.dataset())
	if err != nil {
		return nil, err
	}
	if err := current(r, d.etag); err != nil {
		return nil, err
	}
	return s.datasetAnswer(r, d)
}

// datasetAnswer shows what the parameter datasetView asks for. To read the
// access entries takes a permission of its own (release notes of 17 March 2026).
func (s *Server) datasetAnswer(r *request, d *dataset) (object, error) {
	view := r.query.Get("datasetView")
	if view != "ACL" {
		if err := s.need(r.principal, d.ref.path(), "datasets.get"); err != nil {
			return nil, err
		}
	}
	if view != "METADATA" {
		if err := s.need(r.principal, d.ref.path(), "datasets.getIamPolicy"); err != nil {
			return nil, err
		}
	}
	out := merge(object(d.meta), object{
		"kind": "bigquery#dataset", "id": d.ref.colon(), "etag": d.etag, "type": d.kind(), "datasetReference": d.ref.json(),
		"creationTime": int64Text(d.created.UnixMilli()), "lastModifiedTime": int64Text(d.modified.UnixMilli()),
	})
	if d.meta["maxTimeTravelHours"] != nil {
		hours, _ := d.meta.int("maxTimeTravelHours")
		out["maxTimeTravelHours"] = int64Text(hours)
	}
	switch view {
	case "", "DATASET_VIEW_UNSPECIFIED", "FULL":
	case "METADATA":
		delete(out, "access")
	case "ACL":
		out = object{"kind": out["kind"], "id": out["id"], "etag": out["etag"], "datasetReference": out["datasetReference"], "access": out["access"]}
	default:
		return nil, invalid("Invalid value for datasetView: %q", view)
	}
	return out, nil
}

func (d *dataset) kind() string {
	switch {
	case d.meta["linkedDatasetSource"] != nil:
		return "LINKED"
	case d.meta["externalDatasetReference"] != nil:
		return "EXTERNAL"
	default:
		return "DEFAULT"
	}
}

func (s *Server) patchDataset(r *request) (object, error) {
	s.log.write(r.method, r.dataset().String())
	d, err := s.dataset(r.dataset())
	if err != nil {
		return nil, err
	}
	patch, err := settable(r.body, datasetFields, datasetOutput)
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, d.ref.path(), "datasets.update"); err != nil {
		return nil, err
	}
	if patch["access"] != nil {
		if err := s.need(r.principal, d.ref.path(), "datasets.setIamPolicy"); err != nil {
			return nil, err
		}
	}
	if err := current(r, d.etag); err != nil {
		return nil, err
	}
	if location := patch.str("location"); location != "" && !strings.EqualFold(location, d.location()) {
		return nil, invalid("Cannot change the location of dataset %s", d.ref.colon())
	}
	if err := checkDataset(patch); err != nil {
		return nil, err
	}
	meta := resource(merge(object(d.meta), object(patch)))
	if r.method == "datasets.update" {
		meta = patch
		meta["location"] = d.location()
	}
	for _, fixed := range []string{"linkedDatasetSource", "isCaseInsensitive"} {
		delete(meta, fixed)
		if was, ok := d.meta[fixed]; ok {
			meta[fixed] = was
		}
	}
	if err := checkDataset(meta); err != nil {
		return nil, err
	}
	d.meta, d.etag, d.modified = meta, s.etag(), s.now
	return s.datasetAnswer(r, d)
}

func (s *Server) deleteDataset(r *request) (object, error) {
	s.log.write(r.method, r.dataset().String())
	d, err := s.dataset(r.dataset())
	if err != nil {
		return nil, err
	}
	if err := s.need(r.principal, d.ref.path(), "datasets.delete"); err != nil {
		return nil, err
	}
	if r.query.Get("deleteContents") == "true" {
		return nil, unsimulated("datasets.delete with deleteContents")
	}
	if len(d.tables)+len(d.routines)+len(d.models) > 0 {
		return nil, &apiError{code: 400, reason: "resourceInUse", message: "Dataset " + d.ref.colon() + " is still in use"}
	}
	delete(s.datasets, d.ref)
	return nil, nil
}

func (s *Server) listDatasets(r *request) (object, error) {
	if r.query.Get("filter") != "" {
		return nil, unsimulated("datasets.list with a filter")
	}
	var names []string
	for ref := range s.datasets {
		hidden := strings.HasPrefix(ref.Dataset, "_") && r.query.Get("all") != "true"
		if ref.Project == r.project() && !hidden && s.may(r.principal, "bigquery.datasets.get", ref.path()) {
			names = append(names, ref.Dataset)
		}
	}
	slices.Sort(names)
	part, next, err := page(r, names)
	if err != nil {
		return nil, err
	}
	var items []any
	for _, name := range part {
		d := s.datasets[DatasetRef{r.project(), name}]
		item := object{
			"kind": "bigquery#dataset", "id": d.ref.colon(), "datasetReference": d.ref.json(), "location": d.location(), "type": d.kind(),
		}
		for _, key := range []string{"labels", "friendlyName", "externalDatasetReference"} {
			if v, ok := d.meta[key]; ok {
				item[key] = v
			}
		}
		items = append(items, item)
	}
	return listed(object{"kind": "bigquery#datasetList"}, "datasets", items, next), nil
}
