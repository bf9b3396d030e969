// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"cmp"
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
An end is namespace/name of a pod or workload, namespace/Service/name to go through a Service, or an
IP address; the protocol is TCP if it is left out. Other fields are passed over.
Answers are JSON lines in the same order, each with its query: {"from":...,"to":...,"port":...,"verdict":"allowed","why":[...]}.

Since standard input holds the queries, - is no path here, and NAMESPACE=PATH takes a file or folder.

A query with "want":"denied", or "allowed", is a test: another answer, unknown included, makes the exit status 1.

` + exitStatuses,
		Args: cobra.MinimumNArgs(1),
	}
	profile := profileFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if streams(paths...) > 0 {
			return errors.New("standard input holds the queries; the manifests have to be files or folders")
		}
		n, err := readNetwork(cmd, paths, *profile)
		if err != nil {
			return err
		}
		return n.ask(cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
	}
	return cmd
}

// A query is a line of the input of ask.
type query struct {
	From     string          `json:"from,omitempty"`
	To       string          `json:"to,omitempty"`
	Port     int             `json:"port,omitempty"`
	Protocol corev1.Protocol `json:"protocol,omitempty"`
	Want     *reach.Verdict  `json:"want,omitempty"`
}

// A reply is a line of its output: the query, if it is one, and its answer.
type reply struct {
	query
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

// ask answers each line. One that is no query is answered by what is wrong with it, and
// answers that are not the wanted ones are told on stderr.
func (n *network) ask(queries io.Reader, out, stderr io.Writer) error {
	buffered := bufio.NewWriter(out)
	encoder := lines(buffered)
	in := queryLines{in: bufio.NewReader(queries)}
	var found tally
	asked, bad := 0, 0
	for in.next() {
		if len(bytes.TrimSpace(in.text)) == 0 {
			continue
		}
		asked++
		answer, err := n.answer(in)
		if err != nil {
			bad++
			answer = reply{Why: []cause{{Text: fmt.Sprintf("line %d: %v", in.number, err)}}}
		}
		switch {
		case answer.Want != nil && *answer.Want == answer.Verdict:
		case answer.Want != nil:
			found.breaches++
			fmt.Fprintf(stderr, "line %d: %s, want %s: %s\n", in.number, answer.Verdict, *answer.Want, bytes.TrimSpace(in.text))
		default:
			found.add(answer.Verdict)
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
	err := in.err
	switch {
	case bad == 1:
		err = errors.Join(err, errors.New("1 line is no query"))
	case bad > 1:
		err = errors.Join(err, fmt.Errorf("%d lines are no queries", bad))
	case asked == 0 && err == nil:
		err = errors.New("standard input holds no query")
	}
	return cmp.Or(errors.Join(buffered.Flush(), err), n.status(found))
}

func (n *network) answer(line queryLines) (reply, error) {
	if line.long {
		return reply{}, fmt.Errorf("longer than %d bytes", maxQuery)
	}
	q, err := parseQuery(line.text)
	if err != nil {
		return reply{}, err
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
	out := reply{query: q, Verdict: a.Verdict}
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
