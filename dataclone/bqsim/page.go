// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"encoding/base64"
	"slices"
	"strconv"
)

// page cuts the page that a request asks for out of sorted names. A token is
// the last name of the page before.
func page(r *request, names []string) (part []string, next string, err error) {
	size := 50
	if text := r.query.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return nil, "", invalid("Invalid value for maxResults: %q", text)
		}
		if n > 0 {
			size = min(n, 1000)
		}
	}
	if token := r.query.Get("pageToken"); token != "" {
		last, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return nil, "", invalid("Invalid page token")
		}
		i, found := slices.BinarySearch(names, string(last))
		if found {
			i++
		}
		names = names[i:]
	}
	if len(names) <= size {
		return names, "", nil
	}
	return names[:size], base64.RawURLEncoding.EncodeToString([]byte(names[size-1])), nil
}

// listed puts a page into an answer.
func listed(answer object, key string, items []any, next string) object {
	if len(items) > 0 {
		answer[key] = items
	}
	if next != "" {
		answer["nextPageToken"] = next
	}
	return answer
}
