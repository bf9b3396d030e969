// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

// A caseRow is a connection and what a suite expects of it.
type caseRow struct {
	From, To string
	Port     uint16
	Protocol corev1.Protocol
	Allowed  bool
}

// A tolerated case differs from what its suite expects, and why it may.
type tolerated struct {
	rows int
	why  string
}

// toleratedCases are the rows in which a suite itself departs from the API.
func toleratedCases() map[string]tolerated {
	return map[string]tolerated{
		"kube-network-policies/testsyncpacket-allow-all-override-deny-ingress": {
			1,
			"the suite takes an empty list of ingress rules for one that allows everything; " +
				"NetworkPolicySpec.Ingress: if the list is empty, the policy does not allow any traffic",
		},
		"kube-network-policies/test-adminnetworkpolicyaction-multiport-allow-egress-node-port": {
			1,
			"the suite matches nodes by the labels of the node on which the destination runs; " +
				"AdminNetworkPolicyEgressPeer.Nodes matches the addresses in the status of the node",
		},
	}
}

// TestConformance asks every connection of the reference cases in the folder that
// WATERTIGHT_CASES names, and prints how many answers agree.
func TestConformance(t *testing.T) {
	root := os.Getenv("WATERTIGHT_CASES")
	if root == "" {
		t.Skip("WATERTIGHT_CASES names no folder of reference cases")
	}
	suites, err := os.ReadDir(filepath.Join(root, "netpol"))
	if err != nil {
		t.Fatal(err)
	}
	unused := toleratedCases()
	for _, suite := range suites {
		if !suite.IsDir() {
			continue
		}
		cases, err := os.ReadDir(filepath.Join(root, "netpol", suite.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var rows, agreed int
		for _, c := range cases {
			if !c.IsDir() {
				continue
			}
			name := suite.Name() + "/" + c.Name()
			differ, n := runCase(t, filepath.Join(root, "netpol", name))
			rows, agreed = rows+n, agreed+n-len(differ)
			if want := toleratedCases()[name]; len(differ) != want.rows {
				t.Errorf("%s: %d rows differ, want %d: %q", name, len(differ), want.rows, differ[:min(5, len(differ))])
			}
			delete(unused, name)
		}
		t.Logf("%s: %d cases, %d of %d rows agree", suite.Name(), len(cases), agreed, rows)
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("%s is tolerated, and no case", name)
	}
}

// runCase returns the rows whose answers differ, and how many there are.
func runCase(t *testing.T, dir string) (differ []string, rows int) {
	t.Helper()
	var files []string
	for _, name := range []string{"namespaces.yaml", "nodes.yaml", "pods.yaml", "policies.yaml"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			files = append(files, filepath.Join(dir, name))
		}
	}
	set, err := manifest.ReadFiles(files...)
	if err != nil && len(set.Objects) == 0 {
		t.Fatal(err)
	}
	c, err := reach.New(set.Objects, reach.Options{Profile: reach.Reference})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range readRows(t, dir) {
		from, err := reach.ParseEndpoint(row.From)
		if err != nil {
			t.Fatal(err)
		}
		to, err := reach.ParseEndpoint(row.To)
		if err != nil {
			t.Fatal(err)
		}
		rows++
		want := reach.Denied
		if row.Allowed {
			want = reach.Allowed
		}
		port := reach.Port{Protocol: row.Protocol, Number: row.Port}
		if got := c.Allowed(from, to, port); got.Verdict != want {
			differ = append(differ, row.From+" "+row.To+" "+port.String()+": "+got.Verdict.String())
		}
	}
	return differ, rows
}

func readRows(t *testing.T, dir string) []caseRow {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []caseRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(dir, "expected-extra.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		return rows
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	reader := csv.NewReader(file) // from, to, protocol, port, allowed, deniedBy
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		port, err := strconv.ParseUint(record[3], 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, caseRow{record[0], record[1], uint16(port), corev1.Protocol(record[2]), record[4] == "1"})
	}
}
