// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"strings"
)

// A Protection says which datasets are never written. The zero value lets a plan
// write into another project than those that it reads, and nowhere else.
type Protection struct {
	// Patterns name projects ("prod-*") and datasets ("shared.sales_*") that are
	// production's. A star stands for any characters, and no other character does. A
	// pattern without a colon names projects of domains too, by what is behind theirs.
	Patterns []string `json:"patterns,omitempty"`
	// SameProject lets a plan write into a project that it reads. It opens nothing
	// that a pattern protects.
	SameProject bool `json:"sameProject,omitempty"`
}

// Protects says why d must not be written by a plan that reads sources, or returns
// "". The labels are those of d; one with the key "environment" or "env" and a value
// that begins with "prod" protects the dataset. Letters count alike in both cases,
// since nobody would name two datasets so apart.
func (p Protection) Protects(d DatasetRef, labels map[string]string, sources ...DatasetRef) string {
	for _, pattern := range p.Patterns {
		if matchesDataset(pattern, d) {
			return fmt.Sprintf("it is protected by the pattern %q", pattern)
		}
	}
	for _, key := range []string{"environment", "env"} {
		if value := labels[key]; strings.HasPrefix(strings.ToLower(value), "prod") {
			return fmt.Sprintf("it has the label %s=%s", key, value)
		}
	}
	for _, source := range sources {
		if strings.EqualFold(source.Project, d.Project) && !p.SameProject {
			return fmt.Sprintf("it is in the project of %s, and Protection.SameProject does not allow that", source)
		}
	}
	return ""
}

// matchesDataset matches a pattern with the project of d, or, if the pattern has a
// dot outside the domain of a project, with all of d. What a pattern without a colon
// names in the project "prod-1" it also names in "example.com:prod-1".
func matchesDataset(pattern string, d DatasetRef) bool {
	pattern = strings.ToLower(pattern)
	name := strings.ToLower(d.Project)
	if strings.Contains(pattern[strings.LastIndexByte(pattern, ':')+1:], ".") {
		name = strings.ToLower(d.String())
	}
	if matches(pattern, name) {
		return true
	}
	_, id, scoped := strings.Cut(name, ":")
	return scoped && !strings.Contains(pattern, ":") && matches(pattern, id)
}

// matches reports whether a pattern with stars matches all of s. It takes at most
// len(pattern) times len(s) steps.
func matches(pattern, s string) bool {
	star, mark := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark, p = p, i, p+1
		case p < len(pattern) && pattern[p] == s[i]:
			p, i = p+1, i+1
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
