// SPDX-License-Identifier: Apache-2.0

package dataclone

// expiry judges when the clones are deleted.
func (j *judge) expiry() {
	r, p := j.draft.request, j.plan
	object := r.object()
	switch {
	case r.TTL == 0:
		j.fail(NoExpiration, object, "expires", "set a TTL", "the clones would live for ever, and keep what production deletes")
		j.defaultExpiration()
	case !p.Expires.After(p.Planned):
		j.fail(ExpirationPast, object, "expires", "set a TTL of some hours or days", "the clones would expire %s after the plan was made", r.TTL)
	case r.MaxTTL > 0 && r.TTL > r.MaxTTL:
		j.fail(ExpirationTooFar, object, "expires", "shorten the TTL", "the clones would live %s, of at most %s", r.TTL, r.MaxTTL)
	}
}

// defaultExpiration says which destinations give tables an expiration if the plan has
// none.
func (j *judge) defaultExpiration() {
	for _, d := range j.targets {
		if known := j.datasets[d]; known != nil && known.DefaultTableExpiration > 0 {
			j.warn(DatasetDefaultExpiration, d.object(), "defaultTableExpirationMs", "set a TTL",
				"tables that are made without an expiration are deleted after %s", known.DefaultTableExpiration)
		}
	}
}

// partitions judges whether the destination deletes partitions that the source keeps.
// A snapshot has the default of its dataset ("Introduction to table snapshots"); what
// a clone has is not documented.
func (j *judge) partitions(s *Step, t *Table) {
	into := j.datasets[s.Destination.In()]
	if into == nil || into.DefaultPartitionExpiration <= 0 || t.Partitioning.Type == "" || t.Partitioning.Type == "RANGE" {
		return
	}
	kept := t.Partitioning.Expiration
	if kept > 0 && kept <= into.DefaultPartitionExpiration {
		return
	}
	verb := "may lose"
	if s.Kind == SnapshotOf {
		verb = "loses"
	}
	j.warn(PartitionExpirationOverride, s.Destination.object(), "timePartitioning.expirationMs", "clone into a dataset without a default expiration of partitions",
		"%s partitions that the source keeps: its dataset deletes them after %s", verb, into.DefaultPartitionExpiration)
}
