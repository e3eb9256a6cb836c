// Command pulumi-resource-random serves the upstream random provider to Pulumi, under the names that the npm
// package @pulumi/random uses.
package main

import (
	"context"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/terraform-providers/terraform-provider-random/shim"

	"nexus.invalid/toolchain/providers/schema"
)

// version is the `pulumi.version` of the npm package @pulumi/random; the linker sets it.
var version = "0.0.0"

func providerInfo() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            pf.ShimProvider(shim.NewProvider()),
		Name:         "random",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			// The resource has no id of its own. The vendor's build takes `base64`, and so writes the secret in the clear
			// into the state: an id cannot be encrypted.
			"random_bytes": {ComputeID: func(context.Context, resource.PropertyMap) (resource.ID, error) { return "none", nil }},
		},
	}
	prefixed := func(module, name string) (string, error) {
		return tokens.MakeStandard("random")(module, "Random"+name)
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", prefixed))
	return info
}

func main() {
	info := providerInfo()
	pf.Main(context.Background(), "random", info, pf.ProviderMetadata{PackageSchema: schema.Of(info)})
}
