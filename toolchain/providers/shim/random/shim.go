// Package shim hands out the upstream random provider. Its constructor is in an internal package, which only
// packages below the upstream module's own path may import: hence this module's name.
package shim

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	upstream "github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// NewProvider returns the upstream provider.
func NewProvider() provider.Provider {
	return upstream.New()
}
