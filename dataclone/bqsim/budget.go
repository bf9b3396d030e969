// SPDX-License-Identifier: Apache-2.0

package bqsim

import "strconv"

// withinBudget refuses a query that would be billed for more than its
// maximumBytesBilled allows. The service bills at least 10 MB a table and rounds
// up; the simulator takes the bytes as they are.
func (j *job) withinBudget(bytes int64) error {
	text := j.config.sub("query").str("maximumBytesBilled")
	if text == "" {
		return nil
	}
	most, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return invalid("Invalid value at 'maximumBytesBilled': %q", text)
	}
	if bytes > most {
		return &apiError{code: 400, reason: "bytesBilledLimitExceeded", message: "Query exceeded limit for bytes billed: " + text + ". " + strconv.FormatInt(bytes, 10) + " or higher required."}
	}
	return nil
}
