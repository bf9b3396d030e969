// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Dataset names a dataset of BigQuery.
type Dataset struct{ Project, Dataset string }

// String returns the name as project.dataset.
func (d Dataset) String() string { return d.Project + "." + d.Dataset }

// A Move is a dataset and the one that references to it go to instead.
type Move struct {
	From, To Dataset
	// FoldCase takes names that differ from From only in case for it, as BigQuery does
	// where the dataset has is_case_insensitive.
	FoldCase bool
}

// A Mapping says which datasets become which.
type Mapping struct {
	// DefaultProject is the project of names that have none: the one that owns the view
	// or routine.
	DefaultProject string
	Moves          []Move
	// KeepStrings makes a warning of what is otherwise refused because SQL or places of
	// data stand in strings: DynamicSQL, ExternalQuery and ExternalData. The strings stay
	// as they are, so they may still name production.
	KeepStrings bool
}

// Project and dataset IDs (BigQuery documentation, "Name datasets"; Resource Manager
// documentation, "Creating and managing projects").
const (
	projectID = `^([a-z0-9.-]+:)?[a-z][a-z0-9-]*[a-z0-9]$`
	datasetID = `^[A-Za-z0-9_]+$`
)

// A MappingError is something about a Mapping that keeps it from being used.
type MappingError struct{ Field, Detail string }

// Error names the field of the mapping and what is wrong with it.
func (e *MappingError) Error() string { return e.Field + ": " + e.Detail }

// Validate returns all that is wrong with a mapping, as joined *MappingErrors.
func (m Mapping) Validate() error {
	var errs []error
	refuse := func(field, detail string) { errs = append(errs, &MappingError{Field: field, Detail: detail}) }
	project := regexp.MustCompile(projectID)
	dataset := regexp.MustCompile(datasetID)
	if !project.MatchString(m.DefaultProject) {
		refuse("DefaultProject", fmt.Sprintf("%q is no project ID", m.DefaultProject))
	}
	check := func(field string, d Dataset) {
		if !project.MatchString(d.Project) {
			refuse(field+".Project", fmt.Sprintf("%q is no project ID", d.Project))
		}
		if !dataset.MatchString(d.Dataset) || len(d.Dataset) > 1024 {
			refuse(field+".Dataset", fmt.Sprintf("%q is no dataset ID", d.Dataset))
		}
	}
	for i, move := range m.Moves {
		check(fmt.Sprintf("Moves[%d].From", i), move.From)
		check(fmt.Sprintf("Moves[%d].To", i), move.To)
		for j, other := range m.Moves {
			if other.covers(move.To) {
				refuse(fmt.Sprintf("Moves[%d].To", i), fmt.Sprintf("%s is mapped itself, by Moves[%d]", move.To, j))
			}
			if j < i && (other.covers(move.From) || move.covers(other.From)) {
				refuse(fmt.Sprintf("Moves[%d].From", i), fmt.Sprintf("%s is mapped by Moves[%d] too", move.From, j))
			}
		}
	}
	return errors.Join(errs...)
}

func (m Move) covers(d Dataset) bool {
	// The ID of a project has no capitals, so no other project is meant.
	return strings.EqualFold(m.From.Project, d.Project) && (m.From.Dataset == d.Dataset || m.FoldCase && strings.EqualFold(m.From.Dataset, d.Dataset))
}

// to returns what a dataset becomes, or the zero Dataset.
func (m Mapping) to(d Dataset) Dataset {
	for _, move := range m.Moves {
		if move.covers(d) {
			return move.To
		}
	}
	return Dataset{}
}
