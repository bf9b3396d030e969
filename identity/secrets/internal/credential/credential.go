// SPDX-License-Identifier: Apache-2.0

package credential

// A Kind is what sort of credential something is.
type Kind int

// The kinds.
const (
	GoogleKey           Kind = iota + 1 // private key of a service account, which does not expire by itself
	GoogleRefreshToken                  // of a user: type authorized_user or external_account_authorized_user
	GoogleFederation                    // type external_account: how to act as an account, with a token from elsewhere
	GoogleImpersonation                 // type impersonated_service_account
	AWSKey                              // access key of a user with its secret; does not expire
	AWSSession                          // temporary access key with its secret
	AzureSecret                         // client secret of an application
	AzureKey                            // of an account of Storage, Cosmos DB, Service Bus or Event Hubs
	Kubeconfig                          // with something to log in with
	AccountToken                        // of a Kubernetes service account
	Registry                            // login at a registry of container images
	PrivateKey                          // for TLS, signing or SSH
	Connection                          // connection string with a password
	Address                             // connection string without a password
	ProviderKey                         // key of a service: e-mail, sign-in, source code, chat
	PaymentKey                          // live key of a payment provider
	TestPaymentKey                      // test key of one
)

// String says it in words, with an article.
func (k Kind) String() string {
	switch k {
	case GoogleKey:
		return "a key of a Google service account"
	case GoogleRefreshToken:
		return "a refresh token of a Google user"
	case GoogleFederation:
		return "a configuration for a Google identity federated from elsewhere"
	case GoogleImpersonation:
		return "a configuration to impersonate a Google service account"
	case AWSKey:
		return "an AWS access key with its secret"
	case AWSSession:
		return "a temporary AWS access key with its secret"
	case AzureSecret:
		return "a client secret of an Azure application"
	case AzureKey:
		return "a key of an Azure account"
	case Kubeconfig:
		return "a kubeconfig"
	case AccountToken:
		return "a token of a Kubernetes service account"
	case Registry:
		return "a login at a container registry"
	case PrivateKey:
		return "a private key"
	case Connection:
		return "a connection string with a password"
	case Address:
		return "a connection string"
	case ProviderKey:
		return "a key of an outside service"
	case PaymentKey:
		return "a live key of a payment provider"
	case TestPaymentKey:
		return "a test key of a payment provider"
	default:
		return "a credential"
	}
}

// A Subject is what a name names.
type Subject int

// What credentials name.
const (
	Account   Subject = iota + 1 // e-mail of a service account, AWS access key, Azure client, account at a provider
	Project                      // Google Cloud project, Azure tenant
	Host                         // DNS name or address, in lower case, without port
	Instance                     // Cloud SQL connection name, project:region:instance
	Database                     // name of a database
	User                         // user at a database
	Namespace                    // of a Kubernetes service account
)

// A Name is something that a credential says about whose it is.
type Name struct {
	Subject Subject
	Text    string
}

// A Credential is one that was found. It holds names in clear and is never printed.
type Credential struct {
	Kind Kind
	// About is what it says about whose it is. Of several names of one subject each
	// is meant: a connection string may list hosts.
	About []Name
	// Secret are its secret parts: keys, tokens, passwords.
	Secret []string
	// Unresolved says that something else fills a host in, such as a variable.
	Unresolved bool
	// Expires says that it is good for a limited time only.
	Expires bool
}

// about adds names that are not empty.
func (c *Credential) about(subject Subject, texts ...string) {
	for _, text := range texts {
		if text != "" {
			c.About = append(c.About, Name{subject, text})
		}
	}
}
