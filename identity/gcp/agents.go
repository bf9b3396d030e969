// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
	"strings"
)

// deploy follows that deployments of a project are made by an agent of Google, an
// editor of the project unless somebody saw to it (IAM documentation, "Service
// agents", Google APIs Service Agent).
func (w *walk) deploy(project *resource, path *trail) {
	w.asAgent(project, "@cloudservices.gserviceaccount.com", path)
}

// build follows that builds of a project run as an account that their maker need not
// be let attach. Which one that is depends on when and how builds were enabled there
// (Cloud Build documentation, "Default Cloud Build service account").
func (w *walk) build(project *resource, path *trail) {
	number := strconv.FormatUint(project.number, 10)
	w.asAgent(project, "@cloudbuild.gserviceaccount.com", path.then().unless([]string{"whether builds of " + project.name + " run as " + number + "@cloudbuild.gserviceaccount.com"}))
}

// asAgent reaches an account of a project that Google made, if it is named anywhere or
// may be in policies that nobody has seen.
func (w *walk) asAgent(project *resource, suffix string, path *trail) {
	email := strconv.FormatUint(project.number, 10) + suffix
	if _, named := slices.BinarySearch(w.agents, email); project.number != 0 && (named || len(w.obscure) > 0) {
		w.gain(path, func(path *trail) { w.reach(account(email), path) })
		return
	}
	for _, email := range w.agents {
		if project.number == 0 && strings.HasSuffix(email, suffix) {
			w.gain(path.then().unless([]string{"the number of " + project.name}), func(path *trail) { w.reach(account(email), path) })
		}
	}
}

// admit follows that somebody says whom the pools of a project admit, and as whom.
func (w *walk) admit(project *resource, path *trail) {
	own := strconv.FormatUint(project.number, 10)
	if project.number != 0 {
		if len(w.obscure) > 0 || len(w.byPools[own]) > 0 {
			w.gain(path, func(path *trail) { w.reach(who{pools: own}, path) })
		}
		return
	}
	for _, number := range sortedKeys(w.byPools) {
		w.gain(path.then().unless([]string{"the number of " + project.name}), func(path *trail) { w.reach(who{pools: number}, path) })
	}
}
