// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"strings"

	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// whose is which side something belongs to.
type whose int

const (
	unknown   whose = iota
	own             // staging's, or for both
	barred          // production's, and out of reach by other means
	protected       // production's
)

// A judge knows the boundary in the form in which names are looked up.
type judge struct {
	b                                     Boundary
	from, away, namespaces                map[string]bool
	protectedHosts, ownHosts, barredHosts hostSet
	services                              services
	instances                             map[string]bool // of Protected, in lower case
	singleLabels                          bool            // a host of Protected has no dot
}

func newJudge(b Boundary) *judge {
	j := &judge{
		b: b, from: make(map[string]bool), away: make(map[string]bool), namespaces: make(map[string]bool),
		protectedHosts: hostsOf(b.Protected.Hosts), ownHosts: hostsOf(b.Own.Hosts), barredHosts: hostsOf(b.Barred.Hosts),
	}
	j.instances = make(map[string]bool)
	for _, name := range b.Protected.Instances {
		j.instances[strings.ToLower(name)] = true
	}
	for _, name := range b.Protected.Hosts {
		j.singleLabels = j.singleLabels || !strings.ContainsAny(name, ".:")
	}
	for _, name := range b.From {
		j.from[name], j.namespaces[name] = true, true
	}
	for _, name := range b.Away {
		j.away[name], j.namespaces[name] = true, true
	}
	return j
}

// listed looks a name up in one list of each side.
func listed(name string, protectedNames, ownNames []string) whose {
	switch {
	case containsFold(protectedNames, name):
		return protected
	case containsFold(ownNames, name):
		return own
	default:
		return unknown
	}
}

// credential tells whose a credential is that lies in a namespace, and why, without a
// word of it. Any name of production makes it production's.
func (j *judge) credential(c credential.Credential, from string) (whose, string) {
	switch c.Kind {
	case credential.PaymentKey:
		return protected, "a live key, which moves real money"
	case credential.TestPaymentKey:
		return own, ""
	case credential.AccountToken:
		return j.token(c)
	case credential.Connection, credential.Address:
		return j.connection(c, from)
	default:
	}
	for _, n := range c.About {
		if n.Subject == credential.Account || n.Subject == credential.Project {
			return j.account(c)
		}
	}
	if c.Kind == credential.Kubeconfig && j.tokensOnly(c) {
		return own, "" // the tokens in it are judged by themselves
	}
	if w, why, ok := j.addresses(c, from); ok {
		return w, why
	}
	return unknown, "whose it is: it is " + c.Kind.String() + ", and does not say; Vetted may list the object"
}

// token judges a token of a Kubernetes service account by the namespace of that. Its
// issuer counts if it is production's own API server.
func (j *judge) token(c credential.Credential) (whose, string) {
	w, why := unknown, ""
	for _, n := range c.About {
		switch {
		case n.Subject == credential.Host && j.protectedHosts.has(n.Text):
			return protected, "its issuer is in Protected.Hosts"
		case n.Subject == credential.Namespace && j.away[n.Text]:
			w, why = protected, "its service account is in namespace "+n.Text
		case n.Subject == credential.Namespace && j.from[n.Text]:
			w = own
		case n.Subject == credential.Namespace:
			why = "whose service account it is for: its namespace is of neither side"
		}
	}
	return w, why
}

// connection judges a connection string: by its hosts, and by database and user where
// both sides use one server.
func (j *judge) connection(c credential.Credential, from string) (whose, string) {
	w, why, ok := j.addresses(c, from)
	if !ok {
		return own, "" // a socket of the pod
	}
	if w == barred {
		return w, why
	}
	for _, n := range c.About {
		switch {
		case n.Subject == credential.Database && containsFold(j.b.Protected.Databases, n.Text):
			return protected, "its database is in Protected.Databases"
		case n.Subject == credential.User && containsFold(j.b.Protected.Users, n.Text):
			return protected, "its user is in Protected.Users"
		}
	}
	return w, why
}

// addresses judges by hosts and instances. Of several, one of production decides, and
// each has to be known; if those of production are barred, so are all. It reports
// whether there are any.
func (j *judge) addresses(c credential.Credential, from string) (w whose, why string, ok bool) {
	w, ok = own, c.Unresolved
	if c.Unresolved {
		w, why = unknown, "whose host it is: a variable or a template gives it"
	}
	for _, n := range c.About {
		one, reason := unknown, ""
		switch {
		case n.Subject == credential.Instance:
			one, reason = j.instance(n.Text)
		case n.Subject == credential.Host && c.Kind == credential.Kubeconfig && strings.HasPrefix(n.Text, "kubernetes.default"):
			reason = "what its user may do in this cluster"
		case n.Subject == credential.Host:
			one, reason = j.host(n.Text, from, 0)
		default:
			continue
		}
		ok = true
		switch {
		case one == protected:
			return protected, reason, true
		case one == unknown || w != unknown && one == barred:
			w, why = one, reason
		}
	}
	return w, why, ok
}

// tokensOnly reports whether all that a kubeconfig logs in with is tokens of service
// accounts.
func (j *judge) tokensOnly(c credential.Credential) bool {
	for _, secret := range c.Secret {
		found := credential.InText(secret)
		if len(found) != 1 || found[0].Kind != credential.AccountToken {
			return false
		}
	}
	return len(c.Secret) > 0
}

// instance tells whose an instance of Cloud SQL is: by its name, or by its project.
func (j *judge) instance(name string) (whose, string) {
	if containsFold(j.b.Barred.Instances, name) {
		return barred, ""
	}
	w := listed(name, j.b.Protected.Instances, j.b.Own.Instances)
	if w != unknown {
		return w, "its instance is in Protected.Instances"
	}
	parts := strings.Split(name, ":")
	project := strings.Join(parts[:max(0, len(parts)-2)], ":")
	if w = listed(project, j.b.Protected.Projects, j.b.Own.Projects); w == protected {
		return w, "its instance is of a project in Protected.Projects"
	}
	return w, "whose instance it is: neither Protected nor Own has it, nor its project"
}
