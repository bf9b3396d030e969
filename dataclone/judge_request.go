// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ownLabels are those of a mark.
const ownLabels = 3

// mostLabels is how many a resource may have ("Introduction to labels").
const mostLabels = 64

// request judges what can be wrong with a request whatever the catalog says.
func (j *judge) request() {
	r := j.draft.request
	if err := validateEnvironment(r.Environment); err != nil {
		j.fail(Names, r.object(), "environment", "name the environment, as in staging", "%v", err)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Labels)) {
		field := fmt.Sprintf("labels[%s]", abridged(key))
		if err := validateLabel(key, r.Labels[key]); err != nil {
			j.fail(Names, r.object(), field, "mend or remove the label", "%s", oneLine(err))
		}
		if key == LabelManagedBy || key == LabelEnvironment || key == LabelPlan {
			j.fail(InvalidRequest, r.object(), field, "remove the label", "the label is one of the marks of who made what")
		}
	}
	if n := len(r.Labels) + ownLabels; n > mostLabels {
		j.fail(Names, r.object(), "labels", "remove labels",
			"there are %d labels with the %d of ownership, of at most %d", n, ownLabels, mostLabels)
	}
	for i, pattern := range r.Protect.Patterns {
		if pattern == "" || !only(strings.ToLower(pattern), "-_.:*") {
			j.fail(InvalidRequest, r.object(), fmt.Sprintf("protect.patterns[%d]", i), "use letters, digits, hyphens, underscores, dots and stars",
				"the pattern %q can match no project and no dataset, so it protects nothing", abridged(pattern))
		}
	}
	j.selection()
	if len(j.steps) == 0 {
		j.fail(NothingSelected, r.object(), "steps", "widen the selection, or name other datasets", "there is nothing to clone and nothing to make")
	}
}

func (j *judge) selection() {
	r := j.draft.request
	switch r.Select.New {
	case RefuseNewTables, SkipNewTables, CloneLatest:
	default:
		j.fail(InvalidRequest, r.object(), "select.new", "leave it empty, or use skip or latest", "%q says nothing about new tables", abridged(string(r.Select.New)))
	}
	shards := r.Select.Shards
	if shards.Last < 0 {
		j.fail(InvalidRequest, r.object(), "select.shards.last", "use 0 to keep all", "%d is no number of shards", shards.Last)
	}
	if !shards.From.IsZero() && !shards.To.IsZero() && midnight(shards.To).Before(midnight(shards.From)) {
		j.fail(InvalidRequest, r.object(), "select.shards.to", "put the earlier day first", "the last day is before the first, so no shard is kept")
	}
}

// names judges what a step makes.
func (j *judge) names(s *Step) {
	var err error
	switch {
	case s.Kind == CreateDataset:
		err = s.Dataset.Validate()
	case s.Destination == TableRef{}:
		return
	default:
		err = errors.Join(s.Source.Validate(), s.Destination.Validate())
	}
	object := s.Destination.object()
	if s.Kind == CreateDataset {
		object = s.Dataset.object()
	}
	if err != nil {
		j.fail(Names, object, "", "choose another name, or exclude the table", "%s", oneLine(err))
	}
	if s.Kind == CreateDataset && strings.HasPrefix(s.Dataset.Dataset, "_") {
		j.warn(Names, object, "datasetReference.datasetId", "begin the name with a letter", "is hidden from lists, since its name begins with an underscore")
	}
}

// oneLine is the text of joined errors for a message.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
