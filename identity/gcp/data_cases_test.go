// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

const (
	bucket     = "//storage.googleapis.com/prod"
	prodSet    = "//bigquery.googleapis.com/projects/prod-data/datasets/orders"
	stgSet     = "//bigquery.googleapis.com/projects/shared-p/datasets/stg"
	thirdSet   = "//bigquery.googleapis.com/projects/shared-p/datasets/third"
	byNumber   = "//secretmanager.googleapis.com/projects/222/secrets/s"
	prodSecret = "//secretmanager.googleapis.com/projects/prod-data/secrets/s"
)

func protectBucket(w *world) {
	r := w.at(bucket)
	r.Ancestors, r.Policy, r.Whole, r.Bucket = []string{prodData}, &gcp.Policy{}, true, &gcp.Bucket{UniformAccess: true}
	w.protected = []string{bucket}
}

func protectDataset(w *world) {
	r := w.at(prodSet)
	r.Whole, r.Dataset = true, &gcp.Dataset{Access: []gcp.DatasetAccess{{Role: "OWNER", UserByEmail: prodSA}}}
	w.at(stgSet).Dataset = &gcp.Dataset{}
	w.protected = []string{prodSet}
}

// Grants that no policy of IAM has, and what holds data: the cases 37 to 40.
func TestDataServices(t *testing.T) {
	access := func(a gcp.DatasetAccess) func(*world) {
		return func(w *world) { w.at(prodSet).Dataset.Access = append(w.at(prodSet).Dataset.Access, a) }
	}
	view := gcp.DatasetAccess{View: &gcp.TableReference{ProjectID: "shared-p", DatasetID: "stg", TableID: "v"}}
	stgView := stgSet + "/tables/v"
	run(t, map[string]edited{
		"readers of the project read the dataset, and staging is one": {
			given: func(w *world) {
				protectDataset(w)
				access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectReaders"})(w)
			},
			before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging is a reader of the folder": {
			given: func(w *world) {
				protectDataset(w)
				access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectReaders"})(w)
			},
			before: bulkhead.Sealed, edit: grant(folder, "roles/viewer", stg), after: bulkhead.Undetermined, lacks: "count those that hold roles/viewer on " + folder,
		},
		"staging views the project, and its readers are not among those of the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: grant(prodData, "roles/viewer", stg), after: bulkhead.Sealed,
		},
		"staging's account reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", UserByEmail: stgSA}), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"everybody reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "allAuthenticatedUsers"}), after: bulkhead.Breached, rule: gcp.Everyone,
		},
		"a special group that is not known reads the dataset": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER", SpecialGroup: "projectFriends"}), after: bulkhead.Undetermined, lacks: "specialGroup projectFriends",
		},
		"an entry of the access list has no member": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(gcp.DatasetAccess{Role: "READER"}), after: bulkhead.Undetermined, lacks: "an entry without a member",
		},
		"the access list is not there": {
			given: protectDataset, before: bulkhead.Sealed, edit: func(w *world) { w.at(prodSet).Dataset = nil }, after: bulkhead.Undetermined, lacks: "the access list of " + prodSet,
		},
		"the tables of the dataset may have policies of their own": {
			given: protectDataset, before: bulkhead.Sealed, edit: func(w *world) { w.at(prodSet).Whole = false }, after: bulkhead.Undetermined, lacks: "the resources below " + prodSet,
		},
		"a table of the dataset is staging's to read": {
			given: protectDataset, before: bulkhead.Sealed, edit: grant(prodSet+"/tables/t", "roles/bigquery.dataViewer", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"a table is protected, and staging writes the access list of its dataset": {
			given: func(w *world) {
				protectDataset(w)
				w.protected = []string{prodSet + "/tables/t"}
				w.Roles = append(w.Roles, gcp.Role{Name: "roles/x", IncludedPermissions: []string{"bigquery.datasets.update"}})
			},
			before: bulkhead.Sealed, edit: grant(prodSet, "roles/x", stg), after: bulkhead.Breached,
		},
		"a view over a view is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgSet).Whole, w.at(thirdSet).Whole = true, true
				w.at(stgSet).Dataset.Access = []gcp.DatasetAccess{{View: &gcp.TableReference{ProjectID: "shared-p", DatasetID: "third", TableID: "w"}}}
				w.at(thirdSet).Dataset = &gcp.Dataset{Access: []gcp.DatasetAccess{{View: view.View}}} // a circle
				w.bind(thirdSet, "roles/bigquery.dataViewer", stg)
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Breached,
		},
		"a view that staging reads is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgView).Policy = &gcp.Policy{}
				w.bind(stgSet, "roles/bigquery.dataEditor", stg)
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Breached,
		},
		"a view that staging does not read is authorized": {
			given: func(w *world) {
				protectDataset(w)
				w.at(stgSet).Policy, w.at(stgView).Policy = &gcp.Policy{}, &gcp.Policy{}
			},
			before: bulkhead.Sealed, edit: access(view), after: bulkhead.Sealed,
		},
		"nobody says who reads an authorized view": {
			given: protectDataset, before: bulkhead.Sealed, edit: access(view), after: bulkhead.Undetermined, lacks: "the allow policy of " + stgView,
		},
		"a dataset in which staging makes views is authorized": {
			given: func(w *world) { protectDataset(w); w.bind(stgSet, "roles/bigquery.dataEditor", stg) }, before: bulkhead.Sealed,
			edit: access(gcp.DatasetAccess{Dataset: &gcp.AuthorizedDataset{
				Dataset: gcp.DatasetReference{ProjectID: "shared-p", DatasetID: "stg"}, TargetTypes: []string{"VIEWS"},
			}}),
			after: bulkhead.Breached,
		},
		"viewers of the project read the bucket, and staging is one": {
			given: func(w *world) {
				protectBucket(w)
				w.bind(bucket, "roles/storage.legacyObjectReader", "projectViewer:prod-data")
			}, before: bulkhead.Sealed,
			edit:  grant(prodData, "roles/viewer", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"access control lists count": {
			given: protectBucket, before: bulkhead.Sealed, edit: func(w *world) { w.at(bucket).Bucket.UniformAccess = false }, after: bulkhead.Undetermined, lacks: "the access control lists of " + bucket,
		},
		"nobody says whether access control lists count": {
			given: protectBucket, before: bulkhead.Sealed, edit: func(w *world) { w.at(bucket).Bucket = nil }, after: bulkhead.Undetermined, lacks: "the access control lists of " + bucket,
		},
		"the CI of staging is a developer of clusters": {
			given: func(w *world) {
				w.subjects = []gcp.Subject{{Email: stgSA}}
				w.protected, w.permissions = []string{cluster}, []string{"container.secrets.get"}
			},
			before: bulkhead.Sealed, edit: grant(shared, "roles/container.developer", stg), after: bulkhead.Breached, rule: gcp.Granted,
		},
		"staging reads a secret that is known by the number of the project": {
			given: func(w *world) {
				w.at(byNumber).Policy = &gcp.Policy{}
				w.protected = []string{byNumber}
			},
			before: bulkhead.Sealed, edit: grant(prodData, "roles/secretmanager.secretAccessor", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"staging reads secrets of the project": {
			given:  func(w *world) { w.at(prodSecret).Policy = &gcp.Policy{}; w.protected = []string{prodSecret} },
			before: bulkhead.Sealed, edit: grant(prodData, "roles/secretmanager.secretAccessor", stg), after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the whole project is protected, and one bucket of it is open": {
			given: func(w *world) { protectBucket(w); w.at(prodData).Whole = true; w.protected = []string{prodData} }, before: bulkhead.Sealed,
			edit:  grant(bucket, "roles/storage.objectViewer", stg),
			after: bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the whole project is protected, and nobody lists what is in it": {
			given: func(w *world) { protectBucket(w); w.at(prodData).Whole = true; w.protected = []string{prodData} }, before: bulkhead.Sealed,
			edit:  func(w *world) { w.at(prodData).Whole = false },
			after: bulkhead.Undetermined, lacks: "the resources below " + prodData,
		},
	})
}

// What stops a password of production on Cloud SQL: the cases 52 and 52b.
func TestPasswords(t *testing.T) {
	db := func(edit func(*gcp.Instance)) func(*world) {
		return func(w *world) { edit(w.at(prodDB).Instance) }
	}
	iamUsers := func(i *gcp.Instance) {
		i.Users = []gcp.DatabaseUser{{Name: "app-prod@shared-p.iam", Type: "CLOUD_IAM_SERVICE_ACCOUNT"}, {Name: "app-stg@shared-p.iam", Type: "CLOUD_IAM_SERVICE_ACCOUNT"}}
	}
	sharedDB := func(w *world) {
		w.bind(prodData, sqlClient, stg)
		i := w.at(prodDB).Instance
		iamUsers(i)
		i.Shared, i.OwnUsers, i.GrantsSealed = true, []string{"app-stg@shared-p.iam"}, true
	}
	run(t, map[string]edited{
		"connectors are not enforced": {
			before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "NOT_REQUIRED" }), after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"connectors are not enforced, and staging has no path": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), before: bulkhead.Undetermined,
			edit: db(func(i *gcp.Instance) { i.Unreachable = true }), after: bulkhead.Sealed,
		},
		"connectors are not enforced, and no user has a password": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), before: bulkhead.Undetermined,
			edit: db(iamUsers), after: bulkhead.Sealed,
		},
		"connectors are not enforced, and staging has the password": {
			given: db(func(i *gcp.Instance) { i.PasswordKnown = true }), before: bulkhead.Sealed,
			edit: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = "" }), after: bulkhead.Breached, rule: gcp.PasswordLogin,
		},
		"connectors are enforced, and staging may connect, which was not asked": {
			given: func(w *world) { w.permissions = []string{"cloudsql.instances.export"} }, before: bulkhead.Sealed,
			edit: grant(prodData, sqlClient, stg), after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"the instance is not described": {
			before: bulkhead.Sealed, edit: func(w *world) { w.at(prodDB).Instance = nil }, after: bulkhead.Undetermined, lacks: "the settings and the users of",
		},
		"the users are not listed": {
			given: db(func(i *gcp.Instance) { i.Settings.ConnectorEnforcement = ""; iamUsers(i) }), before: bulkhead.Sealed,
			edit: db(func(i *gcp.Instance) { i.Users = nil }), after: bulkhead.Undetermined, lacks: "the users of",
		},
		"an instance of both sides has a user with a password": {
			given: sharedDB, before: bulkhead.Sealed,
			edit:  db(func(i *gcp.Instance) { i.Users = append(i.Users, gcp.DatabaseUser{Name: "app_prod", Type: "BUILT_IN"}) }),
			after: bulkhead.Undetermined, lacks: "what keeps a password of",
		},
		"an instance of both sides has a user whose password staging has": {
			given: func(w *world) { sharedDB(w); w.at(prodDB).Instance.PasswordKnown = true }, before: bulkhead.Sealed,
			edit:  db(func(i *gcp.Instance) { i.Users = append(i.Users, gcp.DatabaseUser{Name: "app_prod"}) }),
			after: bulkhead.Breached, rule: gcp.PasswordLogin,
		},
		"an instance of both sides, and nobody looked at the grants": {
			given: sharedDB, before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.GrantsSealed = false }), after: bulkhead.Undetermined, lacks: "the grants inside the databases",
		},
		"an instance of both sides, and nobody says who staging is on it": {
			given: sharedDB, before: bulkhead.Sealed, edit: db(func(i *gcp.Instance) { i.OwnUsers = nil }), after: bulkhead.Undetermined, lacks: "that staging logs in as",
		},
		"staging may export an instance of both sides": {
			given: sharedDB, before: bulkhead.Sealed, edit: grant(prodData, "roles/cloudsql.viewer", stg), after: bulkhead.Breached,
		},
		"staging's user on PostgreSQL was made by the API": {
			given: func(w *world) { sharedDB(w); w.at(prodDB).Instance.GrantsSealed = false }, before: bulkhead.Undetermined,
			edit: db(func(i *gcp.Instance) {
				i.Users = append(i.Users, gcp.DatabaseUser{Name: "staging_app", Type: "BUILT_IN"})
				i.OwnUsers = append(i.OwnUsers, "staging_app")
			}),
			after: bulkhead.Breached, rule: gcp.Superuser,
		},
		"staging's user on MySQL 8 was made with a role": {
			given: func(w *world) {
				sharedDB(w)
				i := w.at(prodDB).Instance
				i.GrantsSealed, i.DatabaseVersion = false, "MYSQL_8_0"
				i.Users = append(i.Users, gcp.DatabaseUser{Name: "staging_app"})
				i.OwnUsers = []string{"staging_app"}
			},
			before: bulkhead.Breached,
			edit:   db(func(i *gcp.Instance) { i.Users[2].DatabaseRoles = []string{"x"} }),
			after:  bulkhead.Undetermined, lacks: "the grants inside the databases",
		},
	})
}

// The proof names what stops a password.
func TestBecause(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*gcp.Instance)
		want string
	}{
		"connectors":     {func(*gcp.Instance) {}, "settings.connectorEnforcement"},
		"IAM users only": {func(i *gcp.Instance) { i.Users[0].Type = "CLOUD_IAM_USER" }, "users"},
		"the network":    {func(i *gcp.Instance) { i.Unreachable = true }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			tt.edit(w.at(prodDB).Instance)
			got := w.prove(t).Because
			if len(got) != 1 || got[0].Field != tt.want || got[0].Object.Name != "prod-db" || got[0].Text == "" {
				t.Errorf("got %+v, want the field %q", got, tt.want)
			}
		})
	}
}

// A question that proves nothing is refused: the case 57.
func TestNoAccessRefuses(t *testing.T) {
	for name, edit := range map[string]func(*world){
		"no subject":                    func(w *world) { w.subjects = nil },
		"an empty subject":              func(w *world) { w.subjects = []gcp.Subject{{}} },
		"a subject that is two":         func(w *world) { w.subjects[0].Email = stgSA },
		"a namespace without a pool":    func(w *world) { w.subjects[0].Workload.Pool = identity.Pool{} },
		"a pool without a number":       func(w *world) { w.subjects[0].Workload.Pool.ProjectNumber = 0 },
		"a pool without a namespace":    func(w *world) { w.subjects[0].Workload.Namespace = "" },
		"a subject that is no address":  func(w *world) { w.subjects = []gcp.Subject{{Email: "staging"}} },
		"nothing protected":             func(w *world) { w.protected = nil },
		"a protected name that is none": func(w *world) { w.protected = []string{"prod-db"} },
		"no permission":                 func(w *world) { w.permissions = nil },
		"a permission with a star":      func(w *world) { w.permissions = []string{"cloudsql.instances.*"} },
		"a permission that is never asked for on what is protected": func(w *world) { w.permissions = []string{"storage.objects.get"} },
		"a resource without a name":                                 func(w *world) { w.Resources[0].Name = "" },
		"an ancestor that is a number":                              func(w *world) { w.at(shared).Ancestors = []string{"2"} },
		"a deny policy without a name":                              func(w *world) { w.Deny = []gcp.DenyPolicy{{}} },
		"a subject that is protected": func(w *world) {
			w.subjects = append(w.subjects, gcp.Subject{Email: prodSA})
			w.protected, w.permissions = []string{prodName}, []string{"iam.serviceAccounts.getAccessToken"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			edit(w)
			proof, err := w.NoAccess(w.subjects, w.protected, w.permissions...)
			if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
				t.Fatalf("got %v and %v, want an InvalidError", proof.Verdict, err)
			}
			if proof.Verdict == bulkhead.Sealed {
				t.Error("the proof beside the error is Sealed")
			}
		})
	}
}

// What is asked is not changed.
func TestNoAccessKeepsItsArguments(t *testing.T) {
	w := sealed()
	resources, protected := slices.Clone(w.Resources), slices.Clone(w.protected)
	w.prove(t)
	if len(w.Resources) != len(resources) || !slices.Equal(protected, w.protected) {
		t.Error("the arguments were changed")
	}
}
