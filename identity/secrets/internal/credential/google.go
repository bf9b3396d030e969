// SPDX-License-Identifier: Apache-2.0

package credential

import "strings"

// ofGoogle reads the JSON types of Google credentials (golang.org/x/oauth2/google,
// google.go: serviceAccountKey, userCredentialsKey, externalAccountKey,
// impersonatedServiceAccount, externalAccountAuthorizedUserKey).
func ofGoogle(doc map[string]any) (Credential, bool) {
	field := func(name string) string { text, _ := doc[name].(string); return text }
	switch field("type") {
	case "service_account":
		if field("private_key") == "" || filledIn(field("private_key")) {
			return Credential{}, false
		}
		c := Credential{Kind: GoogleKey, Secret: []string{field("private_key")}}
		c.about(Account, strings.ToLower(field("client_email")), field("private_key_id"))
		c.about(Project, field("project_id"))
		return c, true
	case "authorized_user", "external_account_authorized_user":
		if field("refresh_token") == "" {
			return Credential{}, false
		}
		c := Credential{Kind: GoogleRefreshToken, Secret: []string{field("refresh_token"), field("client_secret")}}
		c.about(Project, field("quota_project_id"))
		return c, true
	case "external_account":
		if field("audience") == "" {
			return Credential{}, false
		}
		c := Credential{Kind: GoogleFederation, Expires: true}
		c.about(Account, impersonated(field("service_account_impersonation_url")))
		c.about(Project, projectNumber(field("audience")))
		return c, true
	case "impersonated_service_account":
		account := impersonated(field("service_account_impersonation_url"))
		if account == "" {
			return Credential{}, false
		}
		c := Credential{Kind: GoogleImpersonation, Expires: true} // its source_credentials are found by themselves
		c.about(Account, account)
		return c, true
	default:
		return Credential{}, false
	}
}

// impersonated returns the account that a URL of the IAM Credentials API is about:
// https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken.
func impersonated(url string) string {
	_, rest, _ := strings.Cut(url, "/serviceAccounts/")
	email, _, _ := strings.Cut(rest, ":")
	return strings.ToLower(email)
}

// projectNumber returns the project of a pool:
// //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/....
func projectNumber(audience string) string {
	_, rest, _ := strings.Cut(audience, "/projects/")
	number, _, _ := strings.Cut(rest, "/")
	return number
}
