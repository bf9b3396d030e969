// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"maps"
	"time"
)

const timestamp = "2006-01-02T15:04:05.999999Z"

// json is the Table resource. An empty location is that of the dataset.
func (t *table) json(s *Server, location string) object {
	if location == "" {
		location = s.datasets[t.ref.dataset()].location()
	}
	out := maps.Clone(object(t.meta))
	v := t.now()
	if v.schema != nil {
		out["schema"] = object(v.schema)
	}
	out["kind"], out["id"], out["etag"], out["type"] = "bigquery#table", t.ref.colon(), t.etag, t.kind
	out["tableReference"], out["location"] = t.ref.json(), location
	out["creationTime"] = int64Text(t.created.UnixMilli())
	out["lastModifiedTime"] = int64Text(t.modified.UnixMilli())
	t.definition(out)
	if t.kind != kindTable && t.kind != kindSnapshot {
		return out
	}
	rows, bytes := v.size()
	out["numRows"], out["numBytes"] = int64Text(rows), int64Text(bytes)
	out["numTotalLogicalBytes"], out["numLongTermBytes"] = int64Text(bytes), "0"
	if t.kind == kindTable {
		out["managedTableType"] = t.managed()
	}
	if len(t.buffer) > 0 {
		out["streamingBuffer"] = object{
			"estimatedRows": int64Text(int64(len(t.buffer))), "estimatedBytes": int64Text(t.bufferBytes),
			"oldestEntryTime": int64Text(t.bufferSince.UnixMilli()),
		}
	}
	return out
}

// managedIceberg is the managedTableType of an Iceberg table that BigQuery manages.
const managedIceberg = "BIGLAKE"

// managed is the managedTableType.
func (t *table) managed() string {
	if t.meta["biglakeConfiguration"] != nil || t.meta.str("managedTableType") == managedIceberg {
		return managedIceberg
	}
	return "NATIVE"
}

// definition says what the table is a clone or a snapshot of.
func (t *table) definition(out object) {
	switch {
	case t.asOf.IsZero():
	case t.kind == kindSnapshot:
		out["snapshotDefinition"] = object{"baseTableReference": t.baseRef.json(), "snapshotTime": t.asOf.Format(timestamp)}
	default:
		out["cloneDefinition"] = object{"baseTableReference": t.baseRef.json(), "cloneTime": t.asOf.Format(timestamp)}
	}
}

// item is the table in tables.list, which shows less than tables.get.
func (t *table) item() object {
	out := object{
		"kind": "bigquery#table", "id": t.ref.colon(), "tableReference": t.ref.json(), "type": t.kind,
		"creationTime": int64Text(t.created.UnixMilli()),
	}
	for _, key := range []string{"labels", "friendlyName", "timePartitioning", "rangePartitioning", "clustering", "requirePartitionFilter"} {
		if v, ok := t.meta[key]; ok {
			out[key] = v
		}
	}
	if !t.expires.Equal(time.Time{}) {
		out["expirationTime"] = int64Text(t.expires.UnixMilli())
	}
	if t.kind == kindView {
		view := object{"useLegacySql": t.meta.sub("view").bool("useLegacySql")}
		if policy, ok := t.meta.sub("view")["privacyPolicy"]; ok {
			view["privacyPolicy"] = policy
		}
		out["view"] = view
	}
	return out
}
