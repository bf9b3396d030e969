// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
)

// A place is a text in an object, and where it stands.
type place struct {
	field string // path such as "data[DATABASE_URL]"
	key   string // name of the entry, the variable or the field
	text  string
}

// maxPath is how deep an object is walked, and maxSteps how many values it may have:
// above what package manifest reads. maxPaths bounds the length of all paths together,
// which one long name above many values would multiply.
const (
	maxPath  = 2500
	maxSteps = 2_000_000
	maxPaths = 64 << 20
)

// places returns every text of an object that somebody has written, in a fixed order,
// and whether that was all. It leaves out what names the object and what only the server
// writes. Objects of any type do: structs are followed by their JSON names, maps and
// lists of unstructured objects as they are.
func places(obj bulkhead.Object) (found []place, complete bool) {
	w := placeWalker{complete: true}
	switch o := obj.(type) {
	case *corev1.Secret: // most of the texts of a cluster are in these two
		w.metadata(obj)
		w.walk("data", "data", reflect.ValueOf(o.Data), 0)
		w.walk("stringData", "stringData", reflect.ValueOf(o.StringData), 0)
	case *corev1.ConfigMap:
		w.metadata(obj)
		w.walk("data", "data", reflect.ValueOf(o.Data), 0)
		w.walk("binaryData", "binaryData", reflect.ValueOf(o.BinaryData), 0)
	case runtime.Unstructured:
		w.metadata(obj)
		content := o.UnstructuredContent()
		for _, name := range slices.Sorted(maps.Keys(content)) {
			if name != "metadata" && name != "apiVersion" && name != "kind" {
				w.walk(name, name, reflect.ValueOf(content[name]), 0)
			}
		}
	default:
		w.metadata(obj)
		w.fields("", reflect.ValueOf(obj), 0)
	}
	return w.places, w.complete
}

type placeWalker struct {
	places   []place
	complete bool
	steps    int
	length   int // of all paths
}

// metadata takes the annotations. Labels, names and owners are names.
func (w *placeWalker) metadata(obj bulkhead.Object) {
	w.walk("metadata.annotations", "", reflect.ValueOf(obj.GetAnnotations()), 0)
}

func (w *placeWalker) add(field, key, text string) {
	if text != "" {
		w.places = append(w.places, place{field, key, text})
	}
}

// walk adds the texts in a value that stands at a path, under a key.
func (w *placeWalker) walk(path, key string, v reflect.Value, depth int) {
	w.steps, w.length = w.steps+1, w.length+len(path)
	if depth > maxPath || w.full() {
		w.complete = false
		return
	}
	switch v.Kind() {
	case reflect.String:
		w.add(path, key, v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && !w.marshaled(path, key, v, depth) {
			w.walk(path, key, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.add(path, key, string(v.Bytes()))
			return
		}
		for i := 0; i < v.Len() && !w.full(); i++ {
			w.walk(path+"["+strconv.Itoa(i)+"]", key, v.Index(i), depth+1)
		}
	case reflect.Map:
		w.entries(path, v, depth)
	case reflect.Struct:
		if !w.marshaled(path, key, v, depth) {
			w.fields(path, v, depth)
		}
	default: // numbers and booleans
	}
}

// marshaled goes through what says by itself what it is in JSON: the data of a ControllerRevision,
// the values of a chart, a quantity. It reports whether v is such.
func (w *placeWalker) marshaled(path, key string, v reflect.Value, depth int) bool {
	m, ok := reflect.TypeAssert[json.Marshaler](v)
	if !ok {
		return false
	}
	data, err := m.MarshalJSON()
	var content any
	switch raw, embedded := m.(runtime.RawExtension); {
	case err == nil && json.Unmarshal(data, &content) == nil:
		w.walk(path, key, reflect.ValueOf(content), depth+1)
	case embedded:
		w.add(path, key, string(raw.Raw))
	default:
		w.complete = false
	}
	return true
}

// full reports whether a bound on the whole object is reached. The walk that reaches it
// says so.
func (w *placeWalker) full() bool { return w.steps > maxSteps || w.length > maxPaths }

// entries goes through a map. Of an unstructured object, where mappings with fixed
// fields are maps too, the path says nested fields with a dot, and others in brackets.
func (w *placeWalker) entries(path string, v reflect.Value, depth int) {
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	variable := variableOf(v)
	for _, k := range keys {
		if w.full() {
			return
		}
		name, at := k.String(), path+"["+k.String()+"]"
		if v.Type().Elem().Kind() == reflect.Interface && isFieldName(name) {
			at = path + "." + name
		}
		key := name
		if name == "value" && variable != "" {
			key = variable
		}
		w.walk(at, key, v.MapIndex(k), depth+1)
	}
}

// variableOf returns the name of an environment variable, or of a parameter, of a custom
// resource: a mapping of name and value.
func variableOf(v reflect.Value) string {
	entry, _ := reflect.TypeAssert[map[string]any](v)
	name, _ := entry["name"].(string)
	return name
}

func isFieldName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	})
}

// fields goes through a struct. The value of an environment variable has the name of
// the variable for its key.
func (w *placeWalker) fields(path string, v reflect.Value, depth int) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return
	}
	if env, ok := reflect.TypeAssert[corev1.EnvVar](v); ok {
		w.add(path+".value", env.Name, env.Value)
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" || name == "metadata" && path == "" || field.Name == "TypeMeta" || field.Name == "ObjectMeta" && path == "" {
			continue
		}
		if field.Name == "ObjectMeta" { // of a template: annotations, and names
			w.walk(path+"."+name+".annotations", "", v.Field(i).FieldByName("Annotations"), depth+1)
			continue
		}
		at := path
		if name != "" || !strings.Contains(options, "inline") && !field.Anonymous {
			if name == "" {
				name = field.Name
			}
			at = strings.TrimPrefix(path+"."+name, ".")
		}
		w.walk(at, name, v.Field(i), depth+1)
	}
}
