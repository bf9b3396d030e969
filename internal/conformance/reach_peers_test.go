// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/internal/conformance/engines"
	"github.com/watertight-go/watertight/netpol/reach"
)

const (
	clusterQueries = 500       // asked of each random cluster
	batch          = 200       // clusters that lie on the disk at once
	enough         = 1_000_000 // queries among which every departure occurs
)

// A score counts what was compared with one peer.
type score struct {
	compared, differ, unexplained int
	tolerated                     map[string]int
}

// The engine answers as other engines do, and as the text of the API says, or it is
// known and named what the other one gets wrong.
func TestReachAgreesWithItsPeers(t *testing.T) {
	programs, err := engines.Ready(t.Context())
	if errors.Is(err, engines.ErrNotBuilt) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	peers := peers()
	scores := make(map[string]*score)
	for _, p := range peers {
		scores[p.name] = &score{tolerated: make(map[string]int)}
	}
	asked := 0
	for next := 0; asked < *queries && !t.Failed(); next += batch {
		root := t.TempDir()
		folders := makeCases(t, root, next, min(batch, (*queries-asked+clusterQueries-1)/clusterQueries))
		for _, p := range peers {
			if err := engines.Run(t.Context(), programs, p.program, append(p.command, root)...); err != nil {
				t.Fatal(err)
			}
		}
		for _, folder := range folders {
			asked += compareCase(t, folder, peers, scores)
		}
		if err := os.RemoveAll(root); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range peers {
		report(t, p, scores[p.name])
	}
	count(asked)
}

// makeCases writes random clusters and questions about them to folders of their own.
func makeCases(t *testing.T, root string, first, n int) (folders []string) {
	t.Helper()
	for i := first; i < first+n; i++ {
		a := newArchitect(*seed, uint64(i))
		objs, pods := a.cluster()
		folder := filepath.Join(root, fmt.Sprintf("%06d", i))
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		file, err := os.Create(filepath.Join(folder, engines.Manifests))
		if err != nil {
			t.Fatal(err)
		}
		for _, obj := range objs {
			data, err := json.Marshal(obj) // with the status, which has the addresses
			if err == nil {
				_, err = fmt.Fprintf(file, "---\n%s\n", data)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(file.Close(), writeQueries(filepath.Join(folder, engines.Queries), a.queries(pods))); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	return folders
}

// queries asks about pods and some addresses, at ports around which policies decide.
func (a architect) queries(pods []*corev1.Pod) (out []query) {
	var names []string
	for _, pod := range pods {
		names = append(names, pod.Namespace+"/"+pod.Name)
	}
	end := func() string {
		if a.IntN(4) == 0 {
			return one(a, somewhere()...)
		}
		return one(a, names...)
	}
	for range clusterQueries {
		out = append(out, query{end(), end(), a.number() - 1 + int32(a.IntN(6)), one(a, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)})
	}
	return out
}

func writeQueries(path string, list []query) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	encoder := json.NewEncoder(buffered)
	for _, q := range list {
		if err := encoder.Encode(q); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(buffered.Flush(), file.Close())
}

// compareCase asks the engine what the peers were asked, from the same files.
func compareCase(t *testing.T, folder string, peers []peer, scores map[string]*score) int {
	t.Helper()
	set, err := manifest.ReadFiles(filepath.Join(folder, engines.Manifests))
	if err != nil {
		t.Fatal(err)
	}
	c, err := reach.New(set.Objects, reach.Options{Profile: reach.Reference})
	if err != nil {
		t.Fatal(err)
	}
	asked := readLines(t, filepath.Join(folder, engines.Queries))
	answers := make([][]string, len(peers))
	for i, p := range peers {
		if answers[i] = readLines(t, filepath.Join(folder, p.name+engines.Suffix)); len(answers[i]) != len(asked) {
			t.Fatalf("%s: %s answered %d of %d questions", folder, p.name, len(answers[i]), len(asked))
		}
	}
	l := newLiteral(set.Objects)
	for i, line := range asked {
		var q query
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		got := c.Allowed(parseEnd(t, q.From), parseEnd(t, q.To), reach.Port{Protocol: q.Protocol, Number: uint16(q.Port)})
		if want := verdictOf(l.allowed(q)); got.Verdict.String() != want {
			t.Errorf("%s: %+v: %s, the text of the API says %s: %v", folder, q, got.Verdict, want, got.Why())
			continue
		}
		for j, p := range peers {
			if p.notAsked != nil && p.notAsked(q) {
				continue
			}
			score := scores[p.name]
			score.compared++
			if answers[j][i] == got.Verdict.String() {
				continue
			}
			score.differ++
			names := p.explain(l, q, answers[j][i])
			for _, name := range names {
				score.tolerated[name]++
			}
			if names == nil {
				if score.unexplained++; score.unexplained <= 5 {
					t.Errorf("%s: %+v: %s, %s says %s, and nothing explains it: %v", folder, q, got.Verdict, p.name, answers[j][i], got.Why())
				}
			}
		}
	}
	return len(asked)
}

func parseEnd(t *testing.T, name string) reach.Endpoint {
	t.Helper()
	e, err := reach.ParseEndpoint(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func readLines(t *testing.T, path string) (lines []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// report prints what was compared, and fails where a departure does not occur any more.
func report(t *testing.T, p peer, got *score) {
	t.Helper()
	fmt.Printf("reach and %s: %d queries compared, %d differ, %d unexplained\n", p.name, got.compared, got.differ, got.unexplained)
	for _, tolerated := range p.tolerate {
		n := got.tolerated[tolerated.name]
		fmt.Printf("  %7d %s: %s\n", n, tolerated.name, tolerated.reason)
		if n == 0 && *queries >= enough {
			t.Errorf("%s: nothing differs any more by %q; its entry is of no use", p.name, tolerated.name)
		}
	}
}
