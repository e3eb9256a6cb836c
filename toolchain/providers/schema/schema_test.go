package schema

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

func TestOf(t *testing.T) {
	upstream := &schema.Provider{
		ResourcesMap: map[string]*schema.Resource{"x_box": {Schema: map[string]*schema.Schema{
			"max_size":  {Type: schema.TypeInt, Required: true},
			"password":  {Type: schema.TypeString, Computed: true, Sensitive: true},
			"label":     {Type: schema.TypeList, Optional: true, Elem: &schema.Schema{Type: schema.TypeString}},
			"only_part": {Type: schema.TypeList, Optional: true, MaxItems: 1, Elem: &schema.Schema{Type: schema.TypeBool}},
			"parts": {Type: schema.TypeSet, Optional: true, Elem: &schema.Resource{
				Schema: map[string]*schema.Schema{"name": {Type: schema.TypeString, Required: true}},
			}},
		}}},
		DataSourcesMap: map[string]*schema.Resource{"x_box": {Schema: map[string]*schema.Schema{
			"id": {Type: schema.TypeString, Required: true},
		}}},
	}
	var got pkg
	if err := json.Unmarshal(Of(tfbridge.ProviderInfo{
		Name: "x", Version: "1.2.3", P: shimv2.NewProvider(upstream),
		Resources:   map[string]*tfbridge.ResourceInfo{"x_box": {Tok: "x:index/box:Box"}},
		DataSources: map[string]*tfbridge.DataSourceInfo{"x_box": {Tok: "x:index/getBox:getBox"}},
	}), &got); err != nil {
		t.Fatal(err)
	}

	box := got.Resources["x:index/box:Box"]
	inputs := map[string]property{
		"maxSize":  {typeSpec: typeSpec{Type: "integer"}},
		"labels":   {typeSpec: typeSpec{Type: "array", Items: &typeSpec{Type: "string"}}},
		"onlyPart": {typeSpec: typeSpec{Type: "boolean"}},
		"parts":    {typeSpec: typeSpec{Type: "array", Items: &anyType}},
	}
	if !reflect.DeepEqual(box.InputProperties, inputs) {
		t.Errorf("inputs: %+v", box.InputProperties)
	}
	if !reflect.DeepEqual(box.RequiredInputs, []string{"maxSize"}) {
		t.Errorf("required inputs: %v", box.RequiredInputs)
	}
	if !box.Properties["password"].Secret {
		t.Error("a sensitive attribute must be a secret output")
	}
	if _, ok := got.Functions["x:index/getBox:getBox"].Inputs.Properties["id"]; !ok {
		t.Error("a function's input may be called id")
	}
}
