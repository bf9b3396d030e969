// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// Each line is read, however long the one before it is; the last needs no end, and a
// mark at the beginning is no part of the first.
func TestQueryLines(t *testing.T) {
	long := strings.Repeat("x", maxQuery+1)
	for name, tt := range map[string]struct {
		in   string
		want []string
	}{
		"none":                    {"", nil},
		"two":                     {"a\nb\n", []string{"1 a", "2 b"}},
		"the last without an end": {"a\nb", []string{"1 a", "2 b"}},
		"an empty one":            {"a\n\nb", []string{"1 a", "2 ", "3 b"}},
		"one that is too long":    {long + "\nb\n", []string{"1 too long", "2 b"}},
		"the last is too long":    {"a\n" + long, []string{"1 a", "2 too long"}},
		"as long as it may be":    {long[:maxQuery-1] + "\nb", []string{"1 " + long[:maxQuery-1], "2 b"}},
		"a mark at the beginning": {"\ufeffa\n\ufeffb", []string{"1 a", "2 \ufeffb"}},
	} {
		t.Run(name, func(t *testing.T) {
			lines := queryLines{in: bufio.NewReaderSize(strings.NewReader(tt.in), 16)}
			var got []string
			for lines.next() {
				text := strings.TrimSuffix(string(lines.text), "\n")
				if lines.long {
					text = "too long"
				}
				got = append(got, fmt.Sprint(lines.number, " ", text))
			}
			if !slices.Equal(got, tt.want) || lines.err != nil {
				t.Errorf("read %.200q %v, want %.200q", got, lines.err, tt.want)
			}
		})
	}
}

// An error is no end.
func TestQueryLinesTellErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	lines := queryLines{in: bufio.NewReader(io.MultiReader(strings.NewReader("a\n"), iotest.ErrReader(broken)))}
	if !lines.next() || lines.next() || !errors.Is(lines.err, broken) {
		t.Errorf("%v, want %v", lines.err, broken)
	}
}
