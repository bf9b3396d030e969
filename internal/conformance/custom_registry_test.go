// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	structuraldefaulting "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	crvalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/crdserverscheme"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// clusterPolicyDefinition reads the experimental definition of
// ClusterNetworkPolicy from the module of network-policy-api.
func clusterPolicyDefinition() (*apiextensionsv1.CustomResourceDefinition, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/network-policy-api").Output()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(strings.TrimSpace(string(dir)), "config/crd/experimental/policy.networking.k8s.io_clusternetworkpolicies.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	definition := new(apiextensionsv1.CustomResourceDefinition)
	if err := yaml.UnmarshalStrict(text, definition); err != nil {
		return nil, err
	}
	return definition, nil
}

// ofDefinition is the registry of a kind that a CustomResourceDefinition defines,
// put together as pkg/apiserver/customresource_handler.go of
// k8s.io/apiextensions-apiserver v0.37 does it: schema, lists and CEL rules.
func ofDefinition(definition *apiextensionsv1.CustomResourceDefinition) (registry, error) {
	version := definition.Spec.Versions[0]
	var props apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &props, nil); err != nil {
		return registry{}, err
	}
	structural, err := structuralschema.NewStructural(&props)
	if err != nil {
		return registry{}, err
	}
	validator, _, err := crvalidation.NewSchemaValidator(&props)
	if err != nil {
		return registry{}, err
	}
	kind := schema.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
	typer := crdserverscheme.NewUnstructuredObjectTyper()
	status := new(apiextensions.CustomResourceSubresourceStatus)
	strategy := customresource.NewStrategy(typer, false, kind, validator, nil, structural, status, nil, nil)
	return registry{
		strategy: strategy,
		resource: kind.GroupVersion().WithResource(definition.Spec.Names.Plural),
		decode: func(data []byte) (runtime.Object, error) {
			obj := new(unstructured.Unstructured)
			if err := obj.UnmarshalJSON(data); err != nil {
				return nil, err
			}
			pruning.Prune(obj.Object, structural, true)
			structuraldefaulting.Default(obj.Object, structural)
			return obj, nil
		},
	}, nil
}
