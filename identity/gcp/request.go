// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// holds says whether a condition may hold for a permission on a resource.
func (m *model) holds(expression string, on *resource, permission string) identity.Match {
	if m.Conditions == nil {
		return identity.Match{Missing: []string{"whether the condition " + shortened(expression) + " holds for " + on.name}}
	}
	request, below := m.request(on, permission)
	if below != "" && sameBelow(m.asked, expression, below) {
		request.ResourceName = below + "x"
	}
	key := held{expression, request}
	if match, ok := m.decided[key]; ok {
		return match
	}
	match := m.Conditions.Holds(expression, request)
	if match.Answer == identity.Unknown {
		texts := make([]string, len(match.Missing))
		for i, text := range match.Missing {
			texts[i] = text + ", for the condition " + shortened(expression)
		}
		if len(texts) == 0 {
			texts = []string{"whether the condition " + shortened(expression) + " holds"}
		}
		match.Missing = texts
	}
	m.decided[key] = match
	return match
}

// A held is what a condition was asked about.
type held struct {
	expression string
	request    Request
}

// request returns what is known of a request for a permission on a resource (IAM
// documentation, "Resource attribute values for conditions"). The names of what is in
// a bucket, a dataset or a secret are known only by how they begin, which is below.
func (m *model) request(on *resource, permission string) (about Request, below string) {
	_, path := split(on.name)
	service, _, _ := strings.Cut(on.kind, "/")
	switch on.kind {
	case instanceType:
		if !hasID(on.name) {
			path = ""
		}
		if strings.HasPrefix(permission, "cloudsql.backupRuns.") {
			return Request{ResourceType: sqlHost + "/BackupRun", ResourceService: sqlHost}, ""
		}
		return Request{ResourceName: path, ResourceType: on.kind, ResourceService: service}, ""
	case tableType:
		if !hasID(on.name) {
			path = ""
		}
		return Request{ResourceName: path, ResourceType: on.kind, ResourceService: service}, ""
	case bucketType:
		bucket := "projects/_/buckets/" + path
		if strings.HasPrefix(permission, "storage.objects.") {
			return Request{ResourceType: storageHost + "/Object", ResourceService: service}, bucket + "/objects/"
		}
		return Request{ResourceName: bucket, ResourceType: on.kind, ResourceService: service}, ""
	case datasetType:
		if !hasID(on.name) {
			return Request{ResourceService: service}, ""
		}
		if strings.HasPrefix(permission, "bigquery.tables.") {
			return Request{ResourceType: tableType, ResourceService: service}, path + "/tables/"
		}
		return Request{ResourceName: path, ResourceType: on.kind, ResourceService: service}, ""
	case secretType:
		return m.secretRequest(on, path, permission)
	case accountType:
		return Request{ResourceType: on.kind, ResourceService: service}, "" // its name there has its unique ID
	default:
		return Request{}, ""
	}
}

// hasID reports whether a name has the ID of its project, as IAM gives it to conditions,
// and not the number.
func hasID(name string) bool { return strings.Trim(projectIn(name), "0123456789") != "" }

// secretRequest is about a secret, which conditions know by the project's number.
func (m *model) secretRequest(on *resource, path, permission string) (about Request, below string) {
	about = Request{ResourceType: secretType, ResourceService: secretHost}
	versions := strings.HasPrefix(permission, "secretmanager.versions.")
	if versions {
		about.ResourceType = secretHost + "/SecretVersion"
	}
	project := projectIn(on.name)
	if number := m.resource(projectName(project)).number; number != 0 {
		path = strings.Replace(path, "projects/"+project+"/", "projects/"+strconv.FormatUint(number, 10)+"/", 1)
	} else if hasID(on.name) {
		return about, ""
	}
	if versions {
		return about, path + "/versions/"
	}
	about.ResourceName = path
	return about, ""
}

// asksName finds in an expression what it asks of the name, as far as sameBelow goes.
func asksName() *regexp.Regexp {
	return regexp.MustCompile(`resource\.name\s*(?:\.startsWith\(\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\)|[!=]=\s*(?:"([^"\\]*)"|'([^'\\]*)'))`)
}

// sameBelow reports whether a condition is the same for all names that begin alike: if
// it asks of the name nothing but whether it is, or begins with, texts that do not go
// on where the names differ.
func sameBelow(asked *regexp.Regexp, expression, below string) bool {
	found := asked.FindAllStringSubmatch(expression, -1)
	rest := asked.ReplaceAllString(expression, "")
	if len(found) != strings.Count(expression, "resource.name") || strings.Contains(rest, "name") || strings.Contains(rest, "+") {
		return false
	}
	for _, match := range found {
		text := match[1] + match[2] + match[3] + match[4]
		if strings.HasPrefix(text, below) && text != below {
			return false
		}
	}
	return true
}
