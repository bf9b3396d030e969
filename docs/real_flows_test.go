// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

// TestRealFlows asks the questions of real-applications.md, whose answers were found
// by hand. The tables stand in the order of the applications here.
func TestRealFlows(t *testing.T) {
	cases := os.Getenv("WATERTIGHT_CASES")
	if cases == "" {
		t.Skip("WATERTIGHT_CASES names no folder of reference cases")
	}
	page, err := os.ReadFile("real-applications.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := questionTables(string(page))
	applications := []string{"argo-cd/install.yaml", "kube-prometheus", "online-boutique"}
	if len(tables) != len(applications) {
		t.Fatalf("%d tables of questions, want %d", len(tables), len(applications))
	}
	for i, path := range applications {
		t.Run(path, func(t *testing.T) {
			set, err := manifest.ReadFiles(filepath.Join(cases, "real", path))
			if err != nil {
				t.Fatal(err)
			}
			c, err := reach.New(set.Objects, reach.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(tables[i]) < 10 {
				t.Errorf("%d questions, want ten", len(tables[i]))
			}
			for _, q := range tables[i] {
				a := c.Allowed(endpoint(t, q[0]), endpoint(t, q[1]), port(t, q[2]))
				if a.Verdict.String() != q[3] {
					t.Errorf("%s to %s, %s: %s, want %s\n%v", q[0], q[1], q[2], a.Verdict, q[3], a.Why())
				}
			}
		})
	}
}

// questionTables returns the cells of the tables that begin with the column "from".
func questionTables(page string) [][][]string {
	var out [][][]string
	in := false
	for line := range strings.Lines(page) {
		switch {
		case strings.HasPrefix(line, "| from |"):
			out, in = append(out, nil), true
		case !strings.HasPrefix(line, "|"):
			in = false
		case in && !strings.HasPrefix(line, "|---"):
			var cells []string
			for cell := range strings.SplitSeq(strings.Trim(line, "|\n"), "|") {
				cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
			}
			out[len(out)-1] = append(out[len(out)-1], cells)
		}
	}
	return out
}

func endpoint(t *testing.T, name string) reach.Endpoint {
	t.Helper()
	e, err := reach.ParseEndpoint(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func port(t *testing.T, text string) reach.Port {
	t.Helper()
	protocol, number, _ := strings.Cut(text, " ")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	return reach.Port{Protocol: corev1.Protocol(protocol), Number: uint16(n)}
}
