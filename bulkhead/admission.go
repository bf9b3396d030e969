// SPDX-License-Identifier: Apache-2.0

package bulkhead

import "strings"

// maxWarning is the length, in characters, beyond which an API server may cut a
// warning (k8s.io/api v0.37, admission/v1, AdmissionResponse.Warnings, which also
// asks for 120 if possible).
const maxWarning = 256

// Admission splits the findings into what an admission webhook returns, such as
// a controller-runtime validator: warnings for the client to print, and the error
// of [Findings.Err] that refuses the object.
//
// A warning is shorter than [Finding.String], since the API server may cut it at
// 256 characters: rule, field and message. The severity is left out, as kubectl
// begins each line with "Warning:", and so is the object, as a request has one;
// findings about others are for the caller to leave out. A message that does not
// fit ends at a word and an ellipsis; rule and field are never cut.
func (fs Findings) Admission() (warnings []string, err error) {
	for _, f := range fs.Of(Warning) {
		warnings = append(warnings, f.warning())
	}
	return warnings, fs.Err()
}

func (f Finding) warning() string {
	place := f.Rule
	if f.Field != "" {
		place += " " + f.Field
	}
	place = printable(place) + ": "
	return place + shortened(printable(f.Message), maxWarning-len([]rune(place)))
}

// shortened returns s if it has at most limit characters. Else it cuts s behind a
// word, or within one that is too long itself, and adds an ellipsis.
func shortened(s string, limit int) string {
	const ellipsis = "…"
	chars := []rune(s)
	if len(chars) <= limit {
		return s
	}
	head := string(chars[:max(limit-len([]rune(ellipsis)), 0)])
	if next := chars[len([]rune(head))]; next != ' ' {
		if end := strings.LastIndexByte(head, ' '); end > 0 {
			head = head[:end]
		}
	}
	return strings.TrimRight(head, " ") + ellipsis
}
