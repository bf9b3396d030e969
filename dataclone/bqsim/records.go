// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// A record is a resource that is stored as it was given: a routine or a model.
type record struct {
	meta              resource
	etag              string
	created, modified time.Time
}

func (s *Server) record(meta resource) *record {
	return &record{meta: meta, etag: s.etag(), created: s.now, modified: s.now}
}

func (rec *record) json() object {
	return merge(object(rec.meta), object{
		"etag": rec.etag, "creationTime": int64Text(rec.created.UnixMilli()), "lastModifiedTime": int64Text(rec.modified.UnixMilli()),
	})
}

// records of a dataset below one of its names, "Routine" or "Model".
func (s *Server) records(r *request, what, permission string) (*dataset, map[string]*record, error) {
	d, err := s.dataset(r.dataset())
	if err != nil {
		return nil, nil, err
	}
	if err := s.need(r.principal, d.ref.path(), permission); err != nil {
		return nil, nil, err
	}
	if what == "Routine" {
		return d, d.routines, nil
	}
	return d, d.models, nil
}

func (s *Server) findRecord(r *request, what, permission string) (*record, map[string]*record, error) {
	d, all, err := s.records(r, what, permission)
	if err != nil {
		return nil, nil, err
	}
	rec := all[r.names[2]]
	if rec == nil {
		return nil, nil, notFound("%s %s.%s", what, d.ref.colon(), r.names[2])
	}
	return rec, all, current(r, rec.etag)
}

func (s *Server) getRecord(r *request, what, permission string) (object, error) {
	rec, _, err := s.findRecord(r, what, permission)
	if err != nil {
		return nil, err
	}
	return rec.json(), nil
}

func (s *Server) deleteRecord(r *request, what, permission string) (object, error) {
	s.log.write(r.method, r.dataset().String()+"."+r.names[2])
	_, all, err := s.findRecord(r, what, permission)
	if err != nil {
		return nil, err
	}
	delete(all, r.names[2])
	return nil, nil
}

func (s *Server) listRecords(r *request, what, permission, key string) (object, error) {
	_, all, err := s.records(r, what, permission)
	if err != nil {
		return nil, err
	}
	part, next, err := page(r, slices.Sorted(maps.Keys(all)))
	if err != nil {
		return nil, err
	}
	var items []any
	for _, name := range part {
		items = append(items, all[name].json())
	}
	return listed(object{}, key, items, next), nil
}

func (s *Server) listRoutines(r *request) (object, error) {
	return s.listRecords(r, "Routine", "routines.list", "routines")
}

func (s *Server) getRoutine(r *request) (object, error) {
	return s.getRecord(r, "Routine", "routines.get")
}

func (s *Server) deleteRoutine(r *request) (object, error) {
	return s.deleteRecord(r, "Routine", "routines.delete")
}

func (s *Server) insertRoutine(r *request) (object, error) {
	id := r.body.sub("routineReference").str("routineId")
	s.log.write(r.method, r.dataset().String()+"."+id)
	d, all, err := s.records(r, "Routine", "routines.create")
	if err != nil {
		return nil, err
	}
	meta, err := routine(r, id)
	if err != nil {
		return nil, err
	}
	if all[id] != nil {
		return nil, duplicate("Routine %s.%s", d.ref.colon(), id)
	}
	all[id] = s.record(meta)
	return all[id].json(), nil
}

func (s *Server) updateRoutine(r *request) (object, error) {
	s.log.write(r.method, r.dataset().String()+"."+r.names[2])
	rec, all, err := s.findRecord(r, "Routine", "routines.update")
	if err != nil {
		return nil, err
	}
	meta, err := routine(r, r.names[2])
	if err != nil {
		return nil, err
	}
	updated := s.record(meta)
	updated.created = rec.created
	all[r.names[2]] = updated
	return updated.json(), nil
}

// routine reads a routine. Its body is kept and not understood.
func routine(r *request, id string) (resource, error) {
	meta, err := settable(r.body, routineFields, routineOutput)
	if err != nil {
		return nil, err
	}
	if !validName(id) || meta.str("routineType") == "" {
		return nil, invalid("Required parameter is missing: a routine needs a valid routineReference.routineId and a routineType")
	}
	meta["routineReference"] = object{"projectId": r.names[0], "datasetId": r.names[1], "routineId": id}
	return meta, nil
}

func (s *Server) listModels(r *request) (object, error) {
	return s.listRecords(r, "Model", "models.list", "models")
}

func (s *Server) getModel(r *request) (object, error) {
	return s.getRecord(r, "Model", "models.getMetadata")
}

func (s *Server) deleteModel(r *request) (object, error) {
	return s.deleteRecord(r, "Model", "models.delete")
}

// AddModel puts a model of a type, such as "LINEAR_REG", into a dataset: the
// API has no call that inserts one. It is metadata only.
func (s *Server) AddModel(dataset DatasetRef, model, modelType string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.dataset(dataset)
	if err != nil {
		return err
	}
	if !validName(model) || modelType == "" {
		return errors.New("a model needs a valid name and a type")
	}
	if d.models[model] != nil {
		return duplicate("Model %s.%s", dataset.colon(), model)
	}
	d.models[model] = s.record(resource{
		"modelType": modelType, "location": d.location(),
		"modelReference": object{"projectId": dataset.Project, "datasetId": dataset.Dataset, "modelId": model},
	})
	return nil
}
