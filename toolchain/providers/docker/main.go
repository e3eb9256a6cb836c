// Command pulumi-resource-docker serves the upstream Docker provider to Pulumi, under the names that the npm
// package @pulumi/docker uses.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/shim"

	"nexus.invalid/toolchain/providers/schema"
)

// version is the `pulumi.version` of the npm package @pulumi/docker; the linker sets it.
var version = "0.0.0"

func providerInfo() tfbridge.ProviderInfo {
	name := func(pulumiName string) *tfbridge.SchemaInfo { return &tfbridge.SchemaInfo{Name: pulumiName} }
	info := tfbridge.ProviderInfo{
		P:            shimv2.NewProvider(shim.NewProvider(version)),
		Name:         "docker",
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config: map[string]*tfbridge.SchemaInfo{
			"host":          {Default: &tfbridge.DefaultInfo{EnvVars: []string{"DOCKER_HOST"}}},
			"registry_auth": name("registryAuth"),
		},
		// Only what differs from the rule below: other tokens, and lists whose names are not made plural.
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
			"docker_container": {
				Tok: "docker:index/container:Container",
				// A container's name and its published ports are taken until it is gone.
				DeleteBeforeReplace: true,
				Fields: map[string]*tfbridge.SchemaInfo{
					"command":           name("command"),
					"networks_advanced": name("networksAdvanced"),
				},
			},
			"docker_image": {
				Tok:    "docker:index/remoteImage:RemoteImage",
				Fields: map[string]*tfbridge.SchemaInfo{"name": name("name")}, // never generated: it says what to pull
			},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: "docker:index/getRemoteImage:getRemoteImage"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	info.SetAutonaming(255, "-")
	return info
}

func main() {
	info := providerInfo()
	tfbridge.Main("docker", version, info, schema.Of(info))
}
