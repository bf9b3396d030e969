// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxQuery is the longest line that is read as a query.
const maxQuery = 1 << 20

// queryLines are the lines of standard input, one at a time.
type queryLines struct {
	in     *bufio.Reader
	number int    // of the line, from 1
	text   []byte // of the line, if it is not too long
	long   bool   // it is longer than maxQuery
	err    error
}

// next reads a line, and returns false at the end and if there is an error.
func (q *queryLines) next() bool {
	q.number++
	q.text, q.long = q.text[:0], false
	for {
		part, err := q.in.ReadSlice('\n')
		if q.long = q.long || len(q.text)+len(part) > maxQuery; !q.long {
			q.text = append(q.text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			q.err = err
			return false
		case err != nil && len(q.text) == 0 && !q.long:
			return false
		}
		if q.number == 1 { // some editors begin a file with a mark
			q.text = bytes.TrimPrefix(q.text, []byte("\ufeff"))
		}
		if q.long { // which is told, and needs something to be no empty line
			q.text = append(q.text[:0], '{')
		}
		return true
	}
}

func parseQuery(line []byte) (query, error) {
	var q query
	err := json.Unmarshal(line, &q)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return query{}, fmt.Errorf("%s: want %s, not %s", wrong.Field, wrong.Type, wrong.Value)
	case err != nil:
		return query{}, err
	case q.Port < 1 || q.Port > 65535:
		return query{}, fmt.Errorf("port %d: want 1 to 65535", q.Port)
	default:
		return q, nil
	}
}
