// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// The fields of resources that a caller may set, and those that the service
// sets, which it ignores in a request. Anything else is refused, as the service
// does. (google.golang.org/api v0.304.0, bigquery/v2.)
const (
	datasetFields = "access catalogSource datasetReference defaultCollation defaultEncryptionConfiguration " +
		"defaultPartitionExpirationMs defaultRoundingMode defaultTableExpirationMs description externalCatalogDatasetOptions " +
		"externalDatasetReference friendlyName isCaseInsensitive labels linkedDatasetSource location maxTimeTravelHours " +
		"resourceTags restrictions storageBillingModel"
	datasetOutput = "creationTime etag id kind lastModifiedTime linkedDatasetMetadata satisfiesPzi satisfiesPzs selfLink tags type"

	tableFields = "biglakeConfiguration clustering defaultCollation defaultRoundingMode description encryptionConfiguration " +
		"expirationTime externalCatalogTableOptions externalDataConfiguration friendlyName labels managedTableType materializedView maxStaleness " +
		"partitionDefinition rangePartitioning requirePartitionFilter resourceTags schema tableConstraints tableReference " +
		"tableReplicationInfo timePartitioning view"
	tableOutput = "cloneDefinition creationTime etag id kind lastModifiedTime location materializedViewStatus " +
		"model numActiveLogicalBytes numActivePhysicalBytes numBytes numCurrentPhysicalBytes numLongTermBytes " +
		"numLongTermLogicalBytes numLongTermPhysicalBytes numPartitions numPhysicalBytes numRows numTimeTravelPhysicalBytes " +
		"numTotalLogicalBytes numTotalPhysicalBytes replicas restrictions selfLink snapshotDefinition streamingBuffer type"

	routineFields = "arguments dataGovernanceType definitionBody description determinismLevel externalRuntimeOptions " +
		"importedLibraries language pythonOptions remoteFunctionOptions returnTableType returnType routineReference routineType " +
		"securityMode sparkOptions strictMode"
	routineOutput = "buildStatus creationTime etag lastModifiedTime"

	policyFields = "filterPredicate grantees rowAccessPolicyReference"
	policyOutput = "creationTime etag lastModifiedTime"
)

// settable returns the fields of a request that a caller may set.
func settable(body resource, fields, output string) (resource, error) {
	may, ignored := strings.Fields(fields), strings.Fields(output)
	out := resource{}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		switch {
		case slices.Contains(may, key):
			out[key] = body[key]
		case !slices.Contains(ignored, key):
			return nil, &apiError{
				code: http.StatusBadRequest, reason: "badRequest",
				message: "Invalid JSON payload received. Unknown name \"" + key + "\": Cannot find field.",
			}
		}
	}
	return out, nil
}

// objects refuses fields that are there and not objects: those that are read
// later as one.
func objects(body resource, keys ...string) error {
	for _, key := range keys {
		switch body[key].(type) {
		case nil, object:
		default:
			return invalid("Invalid value at '%s': want an object", key)
		}
	}
	return nil
}

// numbers refuses fields that are there and no int64.
func numbers(body resource, keys ...string) error {
	for _, key := range keys {
		if _, ok := body.int(key); !ok && body[key] != nil {
			return invalid("Invalid value at '%s' (TYPE_INT64)", key)
		}
	}
	return nil
}

const maxLabels = 64

// labels checks labels as the page "Labels introduction" describes them.
func labels(body resource) error {
	if err := objects(body, "labels"); err != nil {
		return err
	}
	set := body.sub("labels")
	if len(set) > maxLabels {
		return invalid("Too many labels: %d, at most %d are allowed", len(set), maxLabels)
	}
	for _, key := range slices.Sorted(maps.Keys(set)) {
		value, ok := set[key].(string)
		if set[key] == nil {
			value, ok = "", true // a patch that deletes it
		}
		if !ok || !labelKey.MatchString(key) || !labelValue.MatchString(value) {
			return invalid("Label key %q or its value has an illegal form", key)
		}
	}
	return nil
}

var (
	labelKey   = regexp.MustCompile(`^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$`)
	labelValue = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$`)
)

// current refuses a request whose If-Match names another state, and answers one
// whose If-None-Match names this one.
func current(r *request, etag string) error {
	if want := r.header.Get("If-Match"); want != "" && want != "*" && want != etag {
		return &apiError{code: http.StatusPreconditionFailed, reason: "conditionNotMet", message: "Precondition check failed."}
	}
	if r.header.Get("If-None-Match") == etag {
		return &apiError{code: http.StatusNotModified, reason: "notModified", message: "Not modified"}
	}
	return nil
}
