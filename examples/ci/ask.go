// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/netpol/reach"
)

func askCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ask PATH... <QUERIES",
		Short: "Answer who can open a connection to whom, and why",
		Long: `Answer who can open a connection to whom, and why.

Queries are JSON lines on standard input: {"from":"shop/web","to":"shop/db","port":5432,"protocol":"TCP"}.
An end is namespace/name of a pod or workload, or an IP address; the protocol is TCP if it is left out.
Other fields are passed over.
Answers are JSON lines in the same order: {"verdict":"allowed","why":[...]}.

` + exitStatuses,
		Args: cobra.MinimumNArgs(1),
	}
	profile := profileFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if slices.Contains(paths, "-") {
			return errors.New("standard input holds the queries; the manifests have to be files or folders")
		}
		n, err := readNetwork(cmd, paths, *profile)
		if err != nil {
			return err
		}
		return n.ask(cmd.InOrStdin(), cmd.OutOrStdout())
	}
	return cmd
}

// A query is a line of the input of ask.
type query struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Port     int             `json:"port"`
	Protocol corev1.Protocol `json:"protocol"`
}

// A reply is a line of its output.
type reply struct {
	Verdict reach.Verdict `json:"verdict"`
	Why     []cause       `json:"why"`
}

// A cause is one of the reasons of a reply.
type cause struct {
	Side    networkingv1.PolicyType `json:"side,omitempty"`
	Verdict reach.Verdict           `json:"verdict"`
	Object  string                  `json:"object,omitempty"`
	Field   string                  `json:"field,omitempty"`
	File    string                  `json:"file,omitempty"`
	Line    int                     `json:"line,omitempty"`
	Text    string                  `json:"text"`
}

// maxQuery is the longest line that is read as a query.
const maxQuery = 1 << 20

// ask answers each line. One that is no query is answered by what is wrong with it.
func (n *network) ask(queries io.Reader, out io.Writer) error {
	buffered := bufio.NewWriter(out)
	encoder := lines(buffered)
	scanner := bufio.NewScanner(queries)
	scanner.Buffer(nil, maxQuery)
	unknown, bad := false, 0
	for line := 1; scanner.Scan(); line++ {
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		answer, err := n.answer(scanner.Bytes())
		if err != nil {
			bad++
			answer = reply{Why: []cause{{Text: fmt.Sprintf("line %d: %v", line, err)}}}
		}
		unknown = unknown || answer.Verdict == reach.Unknown
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
	err := scanner.Err()
	if bad > 0 {
		err = errors.Join(err, fmt.Errorf("%d lines are no queries", bad))
	}
	return cmp.Or(errors.Join(buffered.Flush(), err), n.status(unknown))
}

func (n *network) answer(line []byte) (reply, error) {
	var q query
	if err := json.Unmarshal(line, &q); err != nil {
		return reply{}, err
	}
	if q.Port < 1 || q.Port > 65535 {
		return reply{}, fmt.Errorf("port %d: want 1 to 65535", q.Port)
	}
	from, err := reach.ParseEndpoint(q.From)
	if err != nil {
		return reply{}, err
	}
	to, err := reach.ParseEndpoint(q.To)
	if err != nil {
		return reply{}, err
	}
	port := reach.Port{Protocol: cmp.Or(q.Protocol, corev1.ProtocolTCP), Number: uint16(q.Port)}
	if !slices.Contains([]corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}, port.Protocol) {
		return reply{}, fmt.Errorf("protocol %q: want TCP, UDP or SCTP", q.Protocol)
	}
	a := n.Allowed(from, to, port)
	out := reply{Verdict: a.Verdict}
	for _, r := range a.Why() {
		out.Why = append(out.Why, n.cause(r))
	}
	return out, nil
}

// cause joins a reason with its place.
func (n *network) cause(r reach.Reason) cause {
	out := cause{Side: r.Side, Verdict: r.Verdict, Field: r.Field, Text: r.Text}
	if r.Object.Kind == "" {
		return out
	}
	out.Object = r.Object.String()
	at, found := n.set.Position(r.Object, r.Field)
	if !found && r.Object.Namespace == "default" { // the manifest may leave the namespace out
		ref := r.Object
		ref.Namespace = ""
		at, _ = n.set.Position(ref, r.Field)
	}
	out.File, out.Line = at.File, at.Line
	return out
}
