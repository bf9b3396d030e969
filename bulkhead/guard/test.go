// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// A test tells whether a value will do: as an expression of CEL over v, and here.
type test struct {
	cel    func(v string) string
	passes func(v any) bool
}

// oneOf passes the strings that are listed.
func oneOf(values []string) test {
	return test{
		cel: func(v string) string { return v + " in " + list(values) },
		passes: func(v any) bool {
			s, ok := v.(string)
			return ok && slices.Contains(values, s)
		},
	}
}

// positive passes amounts above zero.
func positive() test {
	return test{
		cel: func(v string) string { return "quantity(" + v + `).isGreaterThan(quantity("0"))` },
		passes: func(v any) bool {
			s, _ := v.(string)
			amount, err := resource.ParseQuantity(s)
			return err == nil && amount.Sign() > 0
		},
	}
}

// off passes false.
func off() test {
	return test{
		cel:    func(v string) string { return "!" + v },
		passes: func(v any) bool { return v == false },
	}
}

// zero passes the number 0.
func zero() test {
	return test{
		cel:    func(v string) string { return v + " == 0" },
		passes: func(v any) bool { return v == int64(0) },
	}
}

// empty passes lists and maps without an item.
func empty() test {
	return test{
		cel: func(v string) string { return v + ".size() == 0" },
		passes: func(v any) bool {
			switch v := v.(type) {
			case []any:
				return len(v) == 0
			case map[string]any:
				return len(v) == 0
			default:
				return false
			}
		},
	}
}
