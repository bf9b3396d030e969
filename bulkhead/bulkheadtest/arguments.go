// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import "regexp"

const credentialWord = `(?:pass|pwd|secret|token|credential|auth|(?:api|access|private|account|signing|encryption)[-_]?key)`

var (
	// credentialValue is a credential with its value, such as "--db-password=x" or
	// "PGPASSWORD='x' psql", or an address with a password, such as "redis://:x@db".
	credentialValue = regexp.MustCompile(`(?i)` + credentialWord + `[-\w]*["']?\s*[=:\s]\s*\S|://[^/\s]*:[^/\s]*@`)
	// credentialFlag is a flag whose value is the argument that follows.
	credentialFlag = regexp.MustCompile(`(?i)^-[-\w.]*` + credentialWord + `[-\w.]*$`)
)

// withholdArguments wraps the arguments of a container's command that look as if
// they held a credential. It cannot know them all: "-p" may be a port.
func withholdArguments(arguments any) {
	list, ok := arguments.([]any)
	if !ok {
		return
	}
	follows := false
	for i, item := range list {
		argument, ok := item.(string)
		if ok && (follows || credentialValue.MatchString(argument)) {
			list[i] = withheld{argument}
		}
		follows = ok && credentialFlag.MatchString(argument)
	}
}
