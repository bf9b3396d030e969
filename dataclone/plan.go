// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
)

// format is the version of the JSON form of a Plan.
const format = 1

// A Plan is what would be done, as plain data to keep, to compare and to approve. It
// holds no SQL but that of views and routines: [Plan.SQL] makes the rest from the
// fields, so an edited file cannot bring in a statement.
type Plan struct {
	Format      int    `json:"format"`
	Environment string `json:"environment"`
	// Planned is the time on BigQuery's clock at which the plan was made.
	Planned time.Time `json:"planned"`
	// AsOf is the time at which all tables are read, in whole milliseconds.
	AsOf time.Time `json:"asOf"`
	// Expires is when BigQuery deletes what the plan made, in whole milliseconds.
	Expires time.Time `json:"expires"`
	// Consistent says that all tables are read at AsOf.
	Consistent bool `json:"consistent"`
	// Project runs the jobs and pays for them: that of the destination.
	Project string `json:"project"`
	// Location is where all datasets of the plan are.
	Location string `json:"location"`
	// ReadUntil is when BigQuery can no longer read the first of the tables at AsOf.
	ReadUntil time.Time  `json:"readUntil"`
	Protect   Protection `json:"protect"`
	// Datasets are those that are read, and where their clones are.
	Datasets    []Mapping         `json:"datasets"`
	ExtraLabels map[string]string `json:"labels,omitempty"`
	// Steps are in order.
	Steps []Step `json:"steps"`
	// Skipped is what the datasets have and the clones will not, and why.
	Skipped []Skipped `json:"skipped,omitempty"`
	// Findings are what is wrong. A plan with one of severity Error does not run.
	Findings bulkhead.Findings `json:"findings,omitempty"`
	// Bytes is the size of the tables that are cloned, which costs nothing until
	// clones or tables change.
	Bytes int64 `json:"bytes"`
}

// A Skipped is something that is left out.
type Skipped struct {
	Object TableRef `json:"object"`
	Reason string   `json:"reason"`
}

// Hash is the SHA-256 of the plan's JSON form, in hexadecimal digits. Whoever approves
// a plan approves its hash.
func (p *Plan) Hash() string {
	sum := sha256.Sum256(p.encode())
	return hex.EncodeToString(sum[:])
}

func (p *Plan) encode() []byte {
	out, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("dataclone: a plan that is not plain data: %v", err))
	}
	return out
}

// WriteJSON writes the plan, for people to read and for [ReadPlan].
func (p *Plan) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(p)
}
