// SPDX-License-Identifier: Apache-2.0

package condition

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// The attributes that a request may tell.
const (
	resourceName    = "resource.name"
	resourceType    = "resource.type"
	resourceService = "resource.service"
	requestTime     = "request.time"
)

// others are where all other attributes are: claims and access levels in request, tags
// in resource, and so on. Their values are never known.
func others() []string { return []string{"api", "destination", "principal", "request", "resource"} }

// vocabulary returns what conditions are written in: CEL with the attributes and
// functions of IAM (IAM documentation, "Attribute reference for IAM Conditions"). An
// attribute below one of others need not be known to Google either: then nobody could
// have set a policy that has it.
func vocabulary() []cel.EnvOption {
	opts := []cel.EnvOption{
		cel.Variable(resourceName, cel.StringType),
		cel.Variable(resourceType, cel.StringType),
		cel.Variable(resourceService, cel.StringType),
		cel.Variable(requestTime, cel.TimestampType),
		cel.Function("extract", cel.MemberOverload("string_extract_string",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.StringType, cel.BinaryBinding(extractValue))),
		cel.Function("hasOnly", cel.MemberOverload("list_has_only_list",
			[]*cel.Type{cel.ListType(cel.DynType), cel.ListType(cel.DynType)}, cel.BoolType, cel.BinaryBinding(hasOnly))),
		ask("resource.matchTag", cel.BoolType, cel.StringType, cel.StringType),
		ask("resource.matchTagId", cel.BoolType, cel.StringType, cel.StringType),
		ask("resource.hasTagKey", cel.BoolType, cel.StringType),
		ask("resource.hasTagKeyId", cel.BoolType, cel.StringType),
		ask("api.getAttribute", cel.DynType, cel.StringType, cel.DynType),
		cel.ParserExpressionSizeLimit(mostCharacters),
	}
	for _, name := range others() {
		opts = append(opts, cel.Variable(name, cel.DynType))
	}
	return opts
}

// ask declares a function whose answer is never known here. What is missing is named
// by the function and its first arguments of text.
func ask(name string, result *cel.Type, args ...*cel.Type) cel.EnvOption {
	return cel.Function(name, cel.Overload(strings.ReplaceAll(name, ".", "_"), args, result, cel.FunctionBinding(func(values ...ref.Val) ref.Val {
		var texts []string
		for _, value := range values {
			if text, ok := value.(types.String); ok {
				texts = append(texts, fmt.Sprintf("%q", shortened(string(text))))
			}
		}
		return types.NewUnknown(0, types.NewAttributeTrail(name+"("+strings.Join(texts, ", ")+")"))
	})))
}

// extractValue is extract: of a text, what stands between the first place of what is
// before the braces of the template and the next place of what is behind them, and the
// empty text where either is not found (same page, "Extract values from attributes").
func extractValue(text, template ref.Val) ref.Val {
	t, ok := template.(types.String)
	s, isText := text.(types.String)
	if !ok || !isText {
		return types.MaybeNoSuchOverloadErr(text)
	}
	before, rest, opened := strings.Cut(string(t), "{")
	_, behind, closed := strings.Cut(rest, "}")
	if !opened || !closed || strings.ContainsAny(before+behind, "{}") {
		return types.NewErr("extract: the template %q has not one place in braces", shortened(string(t)))
	}
	_, value, found := strings.Cut(string(s), before)
	if found && behind != "" {
		value, _, found = strings.Cut(value, behind)
	}
	if !found {
		return types.String("")
	}
	return types.String(value)
}

// hasOnly reports whether a list has nothing that is not in another.
func hasOnly(list, allowed ref.Val) ref.Val {
	items, ok := list.(traits.Lister)
	among, isList := allowed.(traits.Lister)
	if !ok || !isList {
		return types.MaybeNoSuchOverloadErr(list)
	}
	for it := items.Iterator(); it.HasNext() == types.True; {
		if among.Contains(it.Next()) != types.True {
			return types.False
		}
	}
	return types.True
}
