// SPDX-License-Identifier: Apache-2.0

package ruletest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/ruletest"
)

// unnamed finds ConfigMaps without data.
func unnamed() bulkhead.Rule {
	return bulkhead.Rule{
		ID:       "config/no-data",
		Doc:      "# No data\n\nNothing is in it.\n\nSource: this test.\n",
		Severity: bulkhead.Warning,
		Run: func(p *bulkhead.Pass) {
			for cm := range bulkhead.Each[*corev1.ConfigMap](p.Objects) {
				if len(cm.Data) == 0 {
					p.Reportf(cm, field.NewPath("data"), "add data", "nothing is in it")
				}
			}
		},
	}
}

func TestProblems(t *testing.T) {
	tests := map[string]struct {
		edit     func(*bulkhead.Rule)
		fixtures []string
		want     []string
	}{
		"rule and fixture belong together": {fixtures: []string{"no-data"}},
		"a rule without a fixture":         {want: []string{"rule config/no-data: no fixture no-data.txtar"}},
		"a fixture without a rule": {
			fixtures: []string{"no-data", "gone"},
			want:     []string{"fixture gone.txtar: no rule of this name"},
		},
		"an ID that is not of the form": {
			fixtures: []string{"NoData"},
			edit:     func(r *bulkhead.Rule) { r.ID = "config/NoData" },
			want:     []string{`rule "config/NoData": the ID is not of the form package/kebab-name`},
		},
		"an ID without a package": {
			fixtures: []string{"no-data"},
			edit:     func(r *bulkhead.Rule) { r.ID = "no-data" },
			want:     []string{`rule "no-data": the ID is not of the form package/kebab-name`},
		},
		"no page": {
			fixtures: []string{"no-data"},
			edit:     func(r *bulkhead.Rule) { r.Doc = "" },
			want:     []string{`rule config/no-data: the page needs a first line "# Title" and a text`},
		},
		"a page without text": {
			fixtures: []string{"no-data"},
			edit:     func(r *bulkhead.Rule) { r.Doc = "# No data\n\n" },
			want:     []string{`rule config/no-data: the page needs a first line "# Title" and a text`},
		},
		"a page without a source": {
			fixtures: []string{"no-data"},
			edit:     func(r *bulkhead.Rule) { r.Doc = "# No data\n\nNothing.\n" },
			want:     []string{"rule config/no-data: the page names no source"},
		},
		"no Run function": {
			fixtures: []string{"no-data"},
			edit:     func(r *bulkhead.Rule) { r.Run = nil },
			want:     []string{"rule config/no-data: no Run function"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rule := unnamed()
			if tt.edit != nil {
				tt.edit(&rule)
			}
			if diff := cmp.Diff(tt.want, ruletest.Problems([]bulkhead.Rule{rule}, tt.fixtures)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsOfTwoRulesWithOneID(t *testing.T) {
	got := ruletest.Problems([]bulkhead.Rule{unnamed(), unnamed()}, []string{"no-data"})
	if diff := cmp.Diff([]string{"rule config/no-data: the ID is used twice"}, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

const (
	comment = "A ConfigMap holds nothing.\n"
	empty   = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
	full    = empty + "data: {k: v}\n"
)

func TestJudge(t *testing.T) {
	tests := map[string]struct {
		fixture string
		edit    func(*bulkhead.Rule)
		want    string // what the section want should hold
		problem string // a part of the one problem; empty if there is none
	}{
		"a file to fail and one to pass": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full,
			want:    "fail.yaml:1 ConfigMap/a data\n",
		},
		"no comment": {
			fixture: "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full,
			want:    "fail.yaml:1 ConfigMap/a data\n",
			problem: "the comment should say",
		},
		"nothing to pass": {
			fixture: comment + "-- fail.yaml --\n" + empty,
			want:    "fail.yaml:1 ConfigMap/a data\n",
			problem: "a file to fail and one to pass",
		},
		"nothing to fail": {
			fixture: comment + "-- pass.yaml --\n" + full,
			problem: "a file to fail and one to pass",
		},
		"a fail in which nothing is found": {
			fixture: comment + "-- fail.yaml --\n" + full + "-- pass.yaml --\n" + full,
			problem: "fail.yaml: the rule found nothing",
		},
		"a pass in which something is found": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + empty,
			want:    "fail.yaml:1 ConfigMap/a data\npass.yaml:1 ConfigMap/a data\n",
			problem: "pass.yaml: the rule found something",
		},
		"a file that is neither": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full + "-- more.yaml --\n" + full,
			want:    "fail.yaml:1 ConfigMap/a data\n",
			problem: "more.yaml: the name should begin with fail or pass",
		},
		"a manifest that does not parse": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full + "-- pass-2.yaml --\na: [\n",
			want:    "fail.yaml:1 ConfigMap/a data\n",
			problem: "pass-2.yaml",
		},
		"a message with a final stop": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full,
			edit: func(r *bulkhead.Rule) {
				r.Run = func(p *bulkhead.Pass) {
					for cm := range bulkhead.Each[*corev1.ConfigMap](p.Objects) {
						if len(cm.Data) == 0 {
							p.Reportf(cm, nil, "", "Nothing is in it.")
						}
					}
				}
			},
			want:    "fail.yaml:1 ConfigMap/a\n",
			problem: "without a final stop",
		},
		"no message": {
			fixture: comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full,
			edit: func(r *bulkhead.Rule) {
				r.Run = func(p *bulkhead.Pass) {
					for cm := range bulkhead.Each[*corev1.ConfigMap](p.Objects) {
						if len(cm.Data) == 0 {
							p.Reportf(cm, nil, "", "")
						}
					}
				}
			},
			want:    "fail.yaml:1 ConfigMap/a\n",
			problem: "no message",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rule := unnamed()
			if tt.edit != nil {
				tt.edit(&rule)
			}
			want, problems := ruletest.Judge(rule, txtar.Parse([]byte(tt.fixture)))
			if diff := cmp.Diff(tt.want, want); diff != "" {
				t.Errorf("want section (-want +got):\n%s", diff)
			}
			switch {
			case tt.problem == "" && len(problems) > 0:
				t.Errorf("problems: %q", problems)
			case tt.problem != "" && (len(problems) != 1 || !strings.Contains(problems[0], tt.problem)):
				t.Errorf("problems %q, want one with %q", problems, tt.problem)
			}
		})
	}
}

// This test package declares no flag -update, and does without.
func TestRunWithoutTheFlag(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no-data.txtar")
	text := comment + "-- fail.yaml --\n" + empty + "-- pass.yaml --\n" + full + "-- want --\nfail.yaml:1 ConfigMap/a data\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ruletest.Run(t, filepath.Dir(path), []bulkhead.Rule{unnamed()})
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("the fixture became %q, %v", got, err)
	}
}
