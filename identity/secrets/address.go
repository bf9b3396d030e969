// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// addressed reports whether an object's texts are what programs take addresses from: what
// is mounted or put into variables and arguments, and what DNS and Services make of it. A
// network policy names production's addresses to keep staging from them.
func addressed(obj bulkhead.Object) bool {
	switch obj.(type) {
	case *corev1.Secret, *corev1.ConfigMap, *corev1.Service, *corev1.Endpoints, *discoveryv1.EndpointSlice, *corev1.PodTemplate: //nolint:staticcheck // Endpoints are still served
		return true
	}
	if len(workload.All([]bulkhead.Object{obj})) > 0 {
		return true
	}
	return isSecret(obj)
}

// address looks for an address of production in a text, and says by what it is one.
func (j *judge) address(text, from string) string {
	for i := 0; i < len(text); i++ {
		if !j.singleLabels { // nothing without a mark is an address, and few texts have one
			next := strings.IndexAny(text[i:], ".:")
			if next < 0 {
				return ""
			}
			for next += i; next > i && addressCharacter(text[next-1]); next-- {
			}
			i = next
		}
		start := i
		for i < len(text) && addressCharacter(text[i]) {
			i++
		}
		word := strings.Trim(text[start:i], ".-:")
		if len(word) > 2 && (j.singleLabels || strings.ContainsAny(word, ".:")) {
			if why := j.wordsOfAddress(strings.ToLower(word), from); why != "" {
				return why
			}
		}
	}
	return ""
}

// wordsOfAddress judges a word, and what in it colons part: a host and its port.
func (j *judge) wordsOfAddress(word, from string) string {
	if w, why := j.wordOfAddress(word, from); w == protected {
		return why
	}
	if !strings.Contains(word, ":") {
		return ""
	}
	for part := range strings.SplitSeq(word, ":") {
		if w, why := j.wordOfAddress(part, from); w == protected {
			return why
		}
	}
	return ""
}

func addressCharacter(c byte) bool {
	const (
		low  = 1<<'-' | 1<<'.' | (1<<10-1)<<'0' | 1<<':'
		high = (1<<26-1)<<('A'-64) | 1<<('_'-64) | (1<<26-1)<<('a'-64)
	)
	set := uint64(low)
	if c >= 64 {
		set = high
	}
	return c < 128 && set>>(c&63)&1 != 0
}

// wordOfAddress judges a word that may be a host or an instance. A bare name counts only
// if it is listed: seen alone it may be any word.
func (j *judge) wordOfAddress(word, from string) (whose, string) {
	switch {
	case j.protectedHosts.has(word), strings.Contains(word, ".svc"):
		return j.host(word, from, 0)
	case strings.Count(word, ":") >= 2 && j.instances[word]:
		return j.instance(word)
	default:
		return unknown, ""
	}
}
