// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/quota/admit"
)

// minorOf reads a version of Kubernetes: 1.37, v1.37.2 or v1.37.2-gke.100. Zero is
// that of no version.
func minorOf(version string) (int, error) {
	if version == "" {
		return 0, nil
	}
	parts := regexp.MustCompile(`^v?1\.([0-9]{1,3})(\.[0-9]+([-+].*)?)?$`).FindStringSubmatch(version)
	if parts == nil {
		return 0, fmt.Errorf("--kubernetes-version %q: want one such as 1.%d", version, admit.LatestMinor)
	}
	minor, err := strconv.Atoi(parts[1])
	if err != nil || minor < admit.OldestMinor || minor > admit.LatestMinor {
		return 0, fmt.Errorf("--kubernetes-version %q: want one from 1.%d to 1.%d", version, admit.OldestMinor, admit.LatestMinor)
	}
	return minor, nil
}

// An admissionConfiguration is the file that kube-apiserver reads
// (k8s.io/apiserver v0.37, pkg/apis/apiserver/v1/types.go, AdmissionConfiguration).
type admissionConfiguration struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Plugins    []struct {
		Name          string          `json:"name"`
		Path          string          `json:"path"`
		Configuration json.RawMessage `json:"configuration"`
	} `json:"plugins"`
}

// A quotaConfiguration is the part of the plugin ResourceQuota (k8s.io/apiserver v0.37,
// pkg/admission/plugin/resourcequota/apis/resourcequota).
type quotaConfiguration struct {
	APIVersion       string `json:"apiVersion"`
	Kind             string `json:"kind"`
	LimitedResources []struct {
		APIGroup      string                                     `json:"apiGroup"`
		Resource      string                                     `json:"resource"`
		MatchContains []string                                   `json:"matchContains"`
		MatchScopes   []corev1.ScopedResourceSelectorRequirement `json:"matchScopes"`
	} `json:"limitedResources"`
}

// readLimited reads what the API server's configuration refuses where no quota covers
// it. The path of no file gives nothing. As the server does, it refuses fields that
// there are not, and reads the file that a plugin names beside the configuration.
func readLimited(path string) ([]admit.LimitedResource, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var config admissionConfiguration
	if err := yaml.UnmarshalStrict(data, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if config.Kind != "AdmissionConfiguration" || config.APIVersion != "apiserver.config.k8s.io/v1" && config.APIVersion != "apiserver.k8s.io/v1alpha1" {
		return nil, fmt.Errorf("%s: %q of %q is no AdmissionConfiguration of apiserver.config.k8s.io/v1", path, config.Kind, config.APIVersion)
	}
	for _, plugin := range config.Plugins {
		if plugin.Name != "ResourceQuota" {
			continue
		}
		part, at := []byte(plugin.Configuration), path
		if len(part) == 0 && plugin.Path != "" {
			if at = plugin.Path; !filepath.IsAbs(at) {
				at = filepath.Join(filepath.Dir(path), at)
			}
			if part, err = os.ReadFile(at); err != nil {
				return nil, err
			}
		}
		if len(part) == 0 {
			return nil, nil
		}
		limited, err := limitedIn(part)
		if err != nil {
			return nil, fmt.Errorf("%s: plugin ResourceQuota: %w", at, err)
		}
		return limited, nil // the server takes the first of several
	}
	return nil, fmt.Errorf("%s: no plugin ResourceQuota", path)
}

func limitedIn(data []byte) ([]admit.LimitedResource, error) {
	var config quotaConfiguration
	if err := yaml.UnmarshalStrict(data, &config); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{
		"apiserver.config.k8s.io/v1 ResourceQuotaConfiguration",
		"resourcequota.admission.k8s.io/v1beta1 Configuration",
		"resourcequota.admission.k8s.io/v1alpha1 Configuration",
	}, config.APIVersion+" "+config.Kind) {
		return nil, fmt.Errorf("%q of %q is no ResourceQuotaConfiguration of apiserver.config.k8s.io/v1", config.Kind, config.APIVersion)
	}
	var out []admit.LimitedResource
	var wrong []error
	for i, l := range config.LimitedResources {
		if l.Resource == "" {
			wrong = append(wrong, fmt.Errorf("limitedResources[%d].resource: empty", i))
		}
		out = append(out, admit.LimitedResource{APIGroup: l.APIGroup, Resource: l.Resource, MatchContains: l.MatchContains, MatchScopes: l.MatchScopes})
	}
	return out, errors.Join(wrong...)
}
