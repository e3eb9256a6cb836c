package main

import (
	"fmt"

	"github.com/google/shlex"
	"google.golang.org/protobuf/types/known/structpb"
)

// options is the `runtime.options` section of Pulumi.yaml or PulumiPolicy.yaml.
type options struct {
	typescript     bool     // compile TypeScript when the program is loaded
	nodeArgs       []string // arguments for node itself
	packageManager string
}

func parseOptions(section *structpb.Struct) (options, error) {
	opts := options{typescript: true, packageManager: "npm"}
	if v, ok := section.GetFields()["typescript"]; ok {
		b, isBool := v.GetKind().(*structpb.Value_BoolValue)
		if !isBool {
			return opts, fmt.Errorf("the runtime option `typescript` must be true or false")
		}
		opts.typescript = b.BoolValue
	}
	args, err := stringOption(section, "nodeargs")
	if err != nil {
		return opts, err
	}
	if opts.nodeArgs, err = shlex.Split(args); err != nil {
		return opts, fmt.Errorf("the runtime option `nodeargs` is not a command line: %w", err)
	}
	manager, err := stringOption(section, "packagemanager")
	if err != nil {
		return opts, err
	}
	switch manager {
	case "", "auto":
	case "npm", "pnpm", "yarn", "bun":
		opts.packageManager = manager
	default:
		return opts, fmt.Errorf("the runtime option `packagemanager` is %q; it must be npm, pnpm, yarn or bun", manager)
	}
	return opts, nil
}

func stringOption(section *structpb.Struct, name string) (string, error) {
	v, ok := section.GetFields()[name]
	if !ok {
		return "", nil
	}
	s, isString := v.GetKind().(*structpb.Value_StringValue)
	if !isString {
		return "", fmt.Errorf("the runtime option `%s` must be a string", name)
	}
	return s.StringValue, nil
}
