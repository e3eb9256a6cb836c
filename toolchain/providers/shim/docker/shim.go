// Package shim hands out the upstream Docker provider. Its constructor is in an internal package, which only
// packages below the upstream module's own path may import: hence this module's name.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the upstream provider.
func NewProvider(version string) *schema.Provider {
	return provider.New(version)()
}
