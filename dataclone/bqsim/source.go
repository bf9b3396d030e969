// SPDX-License-Identifier: Apache-2.0

package bqsim

import "time"

// permit holds a transfer against the permissions of its caller (pages
// "Create table clones", "Create table snapshots", "Managing tables").
func (s *Server) permit(tr transfer) error {
	source := []string{"tables.get", "tables.getData"}
	destination := []string{"tables.create", "tables.updateData"}
	switch tr.op {
	case opSnapshot:
		source = append(source, "tables.createSnapshot")
		if tr.extra["expirationTime"] != nil {
			source = append(source, "tables.deleteSnapshot")
		}
	case opCopy:
		destination = []string{"tables.create", "tables.update", "tables.get", "tables.getData"}
	case opRestore:
		source = append(source, "tables.restoreSnapshot")
		destination = []string{"tables.create"}
	case opClone:
		if tr.extra["expirationTime"] != nil {
			destination = append(destination, "tables.delete")
		}
	}
	if err := s.need(tr.principal, tr.source.path(), source...); err != nil {
		return err
	}
	return s.need(tr.principal, tr.destination.path(), destination...)
}

// cloneable refuses sources that the operation does not take (pages
// "Introduction to table clones" and "... snapshots", section Limitations).
func (s *Server) cloneable(d *dataset, t *table, tr transfer) error {
	unsupported := func(why string) error {
		return invalid("%s of table %s is not supported: %s", tr.op, t.ref.colon(), why)
	}
	switch {
	case d.kind() == "EXTERNAL":
		return unsupported("its dataset is external")
	case d.kind() == "LINKED" && tr.op != opCopy:
		return unsupported("its dataset is linked")
	case t.kind == kindSnapshot:
	case t.kind != kindTable:
		return unsupported("it is of type " + t.kind)
	case t.managed() == managedIceberg:
		return unsupported("it is an Iceberg table that BigQuery manages")
	case t.meta["tableReplicationInfo"] != nil:
		return unsupported("it is a replica")
	case t.fineGrained:
		return unsupported("fine-grained DML changed it")
	}
	if tr.op == opRestore && t.kind != kindSnapshot {
		return unsupported("it is not a snapshot")
	}
	if t.kind == kindSnapshot && tr.at != nil {
		return unsupported("a snapshot has no past to read")
	}
	if len(t.policies) > 0 {
		if err := s.need(tr.principal, t.ref.path(), "rowAccessPolicies.list", "rowAccessPolicies.getIamPolicy"); err != nil {
			return err
		}
		if err := s.need(tr.principal, tr.destination.path(), "rowAccessPolicies.create", "rowAccessPolicies.setIamPolicy"); err != nil {
			return err
		}
	}
	return nil
}

// read returns what the source showed at the time of the transfer. The rows of
// the streaming buffer are no part of it.
func (s *Server) read(d *dataset, t *table, tr transfer) (version, error) {
	if tr.at == nil {
		v, ok := t.at(tr.began)
		if !ok {
			return version{}, notFound("Table %s", t.ref.colon())
		}
		return v, nil
	}
	return s.past(d, t, *tr.at, tr.principal, "Invalid snapshot time %d for table %s@%d. Cannot read before %d.")
}

// past returns what the table showed at a time, in milliseconds. The text of
// the refusal takes the time, the table, the time, and the earliest that can be
// read.
func (s *Server) past(d *dataset, t *table, ms int64, principal, text string) (version, error) {
	if t.restricted {
		if err := s.need(principal, t.ref.path(), "rowAccessPolicies.overrideTimeTravelRestrictions"); err != nil {
			return version{}, err
		}
	}
	if ms > s.now.UnixMilli() {
		return version{}, invalid("Invalid snapshot time %d for table %s: it is after the current timestamp %d", ms, t.ref.colon(), s.now.UnixMilli())
	}
	window := d.window()
	if !t.deleted.IsZero() {
		window = t.deletedUntil.Sub(t.deleted)
	}
	floor := max(s.now.Add(-window).UnixMilli(), t.created.UnixMilli())
	v, ok := t.at(time.UnixMilli(ms))
	if ms < floor || !ok {
		return version{}, invalid(text, ms, t.ref.colon(), ms, floor)
	}
	return v, nil
}

// MutateFineGrained leaves a table as fine-grained DML leaves it: with the
// option enable_fine_grained_mutations, which the API does not show, and
// changed by a statement. Such a table is not cloned, copied or snapshot.
func (s *Server) MutateFineGrained(t TableRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	table, _, err := s.table(t)
	if err != nil {
		return err
	}
	table.fineGrained = true
	return nil
}
