// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// invoke runs the program in a folder of its own.
func invoke(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	var out, err bytes.Buffer
	status = run(args, &out, &err, false)
	return status, out.String(), err.String()
}

func TestTheShopHasNoFindings(t *testing.T) {
	status, stdout, stderr := invoke(t)
	if status != 0 || stderr != "" || !strings.HasSuffix(stdout, "\nfindings: none\n") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	for _, name := range []string{"out/prod.yaml", "out/staging.yaml"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryFaultIsFoundByItsRule(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			status, stdout, stderr := invoke(t, "-break", f.name)
			if stderr != "" || !strings.Contains(stdout, "("+f.rule+")") {
				t.Errorf("no finding of %s\n%s%s", f.rule, stdout, stderr)
			}
			want := 0
			if strings.Contains(stdout, ": error: ") {
				want = 1
			}
			if status != want {
				t.Errorf("status %d, want %d\n%s", status, want, stdout)
			}
		})
	}
}

func TestFaultsAreListed(t *testing.T) {
	status, stdout, _ := invoke(t, "-break", "list")
	if lines := strings.Count(stdout, "\n"); status != 0 || lines != len(faults()) {
		t.Errorf("status %d, %d lines; want 0 and a line for each of %d faults", status, lines, len(faults()))
	}
}

func TestWrongUsageSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"an unknown mistake":              {[]string{"-break", "everything"}, `no mistake is called "everything"`},
		"an unknown flag":                 {[]string{"-brake"}, "-brake"},
		"a folder that cannot be created": {[]string{"-out", "file/out"}, "file"},
		"an argument":                     {[]string{"staging"}, `unexpected argument "staging"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("file", nil, 0o644); err != nil {
				t.Fatal(err)
			}
			var out, err bytes.Buffer
			if status := run(tt.args, &out, &err, false); status != 2 || !strings.Contains(err.String(), tt.want) {
				t.Errorf("status %d, stderr %q; want 2 and %q", status, err.String(), tt.want)
			}
		})
	}
}

func TestSameRunSameBytes(t *testing.T) {
	read := func() map[string]string {
		invoke(t)
		files := make(map[string]string)
		for _, name := range []string{"prod.yaml", "staging.yaml"} {
			data, err := os.ReadFile(filepath.Join("out", name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(data)
		}
		return files
	}
	if diff := cmp.Diff(read(), read()); diff != "" {
		t.Error(diff)
	}
}

func TestColourOnlyOnATerminal(t *testing.T) {
	var plain, coloured bytes.Buffer
	printFindings(&plain, nil, false)
	printFindings(&coloured, nil, true)
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(coloured.String(), "\x1b[32mnone\x1b[0m") {
		t.Errorf("plain %q, coloured %q", plain.String(), coloured.String())
	}
}
