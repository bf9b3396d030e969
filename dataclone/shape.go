// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Shape is a hash of what a clone has in common with its source whatever rows are in
// either: columns with their types, modes and policy tags, partitioning, clustering
// and the primary key. Foreign keys are left out, since a clone may name other tables.
// Descriptions are, since they are those of today. So is the expiration of partitions:
// a snapshot has none of its own ("Introduction to table snapshots").
func (t Table) Shape() string {
	partitioning := t.Partitioning
	partitioning.Expiration = 0
	text, err := json.Marshal(struct {
		Columns      []Column
		Partitioning Partitioning
		Clustering   []string
		PrimaryKey   []string
	}{bare(t.Columns), partitioning, t.Clustering, t.PrimaryKey})
	if err != nil {
		panic(fmt.Sprintf("dataclone: a shape that is not plain data: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// bare returns columns without their descriptions, and with the mode that an empty one
// means.
func bare(columns []Column) []Column {
	out := make([]Column, len(columns))
	for i, c := range columns {
		c.Description = ""
		if c.Mode == "" {
			c.Mode = "NULLABLE"
		}
		if c.Fields != nil {
			c.Fields = bare(c.Fields)
		}
		out[i] = c
	}
	return out
}
