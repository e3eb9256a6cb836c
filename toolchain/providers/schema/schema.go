// Package schema describes a bridged provider as a Pulumi package: its resources and functions, with the names and the
// types of their properties. Programs do not need it, their SDK has it; `pulumi package get-schema` and `pulumi import`
// ask for it. The bridge's own generator makes a fuller one, but at build time and from the upstream documentation.
package schema

import (
	"encoding/json"
	"slices"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

type pkg struct {
	Name      string              `json:"name"`
	Version   string              `json:"version"`
	Meta      meta                `json:"meta"`
	Provider  resource            `json:"provider"`
	Resources map[string]resource `json:"resources"`
	Functions map[string]function `json:"functions"`
}

type meta struct {
	// How to read the module in a token: "index/container" is the module "index".
	ModuleFormat string `json:"moduleFormat"`
}

type resource struct {
	Properties      map[string]property `json:"properties,omitempty"`
	Required        []string            `json:"required,omitempty"`
	InputProperties map[string]property `json:"inputProperties,omitempty"`
	RequiredInputs  []string            `json:"requiredInputs,omitempty"`
}

type function struct {
	Inputs  object `json:"inputs"`
	Outputs object `json:"outputs"`
}

type object struct {
	Properties map[string]property `json:"properties"`
	Required   []string            `json:"required,omitempty"`
}

type property struct {
	typeSpec
	Description string `json:"description,omitempty"`
	Secret      bool   `json:"secret,omitempty"`
}

type typeSpec struct {
	Type                 string    `json:"type,omitempty"`
	Ref                  string    `json:"$ref,omitempty"`
	Items                *typeSpec `json:"items,omitempty"`
	AdditionalProperties *typeSpec `json:"additionalProperties,omitempty"`
}

// Of returns the package schema of a provider as JSON.
func Of(info tfbridge.ProviderInfo) []byte {
	spec := pkg{
		Name:      info.Name,
		Version:   info.Version,
		Meta:      meta{ModuleFormat: "(.*)(?:/[^/]*)"},
		Provider:  resourceOf(info.P.Schema(), info.Config),
		Resources: map[string]resource{},
		Functions: map[string]function{},
	}
	for name, res := range info.Resources {
		described := resourceOf(info.P.ResourcesMap().Get(name).Schema(), res.Fields)
		described.dropID()
		spec.Resources[string(res.Tok)] = described
	}
	for name, source := range info.DataSources {
		all := resourceOf(info.P.DataSourcesMap().Get(name).Schema(), source.Fields)
		spec.Functions[string(source.Tok)] = function{
			Inputs:  object{all.InputProperties, all.RequiredInputs},
			Outputs: object{all.Properties, all.Required},
		}
	}
	text, err := json.Marshal(spec)
	if err != nil {
		panic(err) // only strings, lists and maps are in it
	}
	return text
}

func resourceOf(fields shim.SchemaMap, names map[string]*tfbridge.SchemaInfo) resource {
	res := resource{Properties: map[string]property{}, InputProperties: map[string]property{}}
	fields.Range(func(key string, field shim.Schema) bool {
		name := tfbridge.TerraformToPulumiNameV2(key, fields, names)
		p := property{typeOf(field, names[key]), field.Description(), field.Sensitive()}
		res.Properties[name] = p
		if field.Required() || field.Computed() {
			res.Required = append(res.Required, name)
		}
		if field.Required() || field.Optional() {
			res.InputProperties[name] = p
		}
		if field.Required() && !field.HasDefault() {
			res.RequiredInputs = append(res.RequiredInputs, name)
		}
		return true
	})
	slices.Sort(res.Required)
	slices.Sort(res.RequiredInputs)
	return res
}

// dropID leaves out the id, which every resource has without saying so.
func (res *resource) dropID() {
	delete(res.Properties, "id")
	delete(res.InputProperties, "id")
	isID := func(name string) bool { return name == "id" }
	res.Required = slices.DeleteFunc(res.Required, isID)
	res.RequiredInputs = slices.DeleteFunc(res.RequiredInputs, isID)
}

// typeOf does not describe nested objects: they are "any".
func typeOf(field shim.Schema, info *tfbridge.SchemaInfo) typeSpec {
	switch field.Type() {
	case shim.TypeBool:
		return typeSpec{Type: "boolean"}
	case shim.TypeInt:
		return typeSpec{Type: "integer"}
	case shim.TypeFloat:
		return typeSpec{Type: "number"}
	case shim.TypeString:
		return typeSpec{Type: "string"}
	case shim.TypeList, shim.TypeSet:
		item := elementType(field)
		if tfbridge.IsMaxItemsOne(field, info) {
			return item
		}
		return typeSpec{Type: "array", Items: &item}
	case shim.TypeMap:
		if _, nested := field.Elem().(shim.Resource); nested {
			return anyType
		}
		item := elementType(field)
		return typeSpec{Type: "object", AdditionalProperties: &item}
	default:
		return anyType
	}
}

var anyType = typeSpec{Ref: "pulumi.json#/Any"}

func elementType(field shim.Schema) typeSpec {
	if element, ok := field.Elem().(shim.Schema); ok {
		return typeOf(element, nil)
	}
	return anyType
}
