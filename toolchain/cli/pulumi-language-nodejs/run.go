package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The SDK's runner exits with this code when it has already shown the error to the user.
const exitAlreadyReported = 32

// Run runs the program once. A program's own failure is part of the answer; an error is only returned when the
// program could not be run at all.
func (h *host) Run(call context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if request.AttachDebugger {
		return nil, fmt.Errorf("this language host cannot attach a debugger; use the runtime option nodeargs: --inspect-brk")
	}
	opts, err := parseOptions(request.Info.GetOptions())
	if err != nil {
		return nil, err
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	runner, err := findRunner("run", request.Info.GetProgramDirectory(), request.Pwd)
	if err != nil {
		return nil, err
	}
	env, err := runEnvironment(request, opts)
	if err != nil {
		return nil, err
	}

	ctx, done := h.childContext(call)
	defer done()
	args := append(append(opts.nodeArgs, runner), runArguments(request, h.engineAddress, h.tracing)...)
	cmd := command(ctx, node, args...)
	cmd.Dir = request.Pwd
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // the engine reads both and shows them as the program's output
	return runResponse(cmd.Run()), nil
}

func runResponse(err error) *pulumirpc.RunResponse {
	code, exited := exitCode(err)
	switch {
	case exited && code == 0:
		return &pulumirpc.RunResponse{}
	case exited && code == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}
	case exited:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", code)}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program ended unexpectedly: %v", err)}
	}
}

// runArguments is the command line of the SDK's runner: its flags, the entry point, the program's own arguments.
func runArguments(request *pulumirpc.RunRequest, engineAddress, tracing string) []string {
	var args []string
	add := func(flag, value string) {
		if value != "" {
			args = append(args, "--"+flag, value)
		}
	}
	add("monitor", request.MonitorAddress)
	add("engine", engineAddress)
	add("organization", request.Organization)
	add("project", request.Project)
	add("root-directory", request.Info.GetRootDirectory())
	add("stack", request.Stack)
	add("pwd", request.Pwd)
	if request.DryRun {
		args = append(args, "--dry-run")
	}
	add("parallel", strconv.Itoa(int(request.Parallel)))
	add("tracing", tracing)
	return append(append(args, entryPoint(request.Info)), request.Args...)
}

// entryPoint is the program's file, or its folder: then the `main` or `exports` of package.json decides.
func entryPoint(info *pulumirpc.ProgramInfo) string {
	switch entry := info.GetEntryPoint(); {
	case entry == "" || entry == ".":
		return "."
	case filepath.IsAbs(entry):
		return entry
	default:
		return filepath.Join(info.GetProgramDirectory(), entry)
	}
}

func runEnvironment(request *pulumirpc.RunRequest, opts options) ([]string, error) {
	env, err := configEnvironment(request.Config, request.ConfigSecretKeys)
	return append(env, "PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(opts.typescript)), err
}

// configEnvironment is how the SDK gets its configuration. It takes keys as namespace:config:name, the form that its
// older versions know too, but names its secret keys in the plain form.
func configEnvironment(config map[string]string, secretKeys []string) ([]string, error) {
	long := make(map[string]string, len(config))
	for key, value := range config {
		if namespace, name, ok := strings.Cut(key, ":"); ok && !strings.HasPrefix(name, "config:") {
			key = namespace + ":config:" + name
		}
		long[key] = value
	}
	configJSON, err := json.Marshal(long)
	if err != nil {
		return nil, fmt.Errorf("could not encode the configuration: %w", err)
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	secretKeysJSON, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, fmt.Errorf("could not encode the names of the secret configuration: %w", err)
	}
	return []string{
		"PULUMI_CONFIG=" + string(configJSON),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeysJSON),
	}, nil
}

// findRunner returns a script of the installed SDK, looked for as Node.js does: in node_modules of each folder upwards.
func findRunner(script string, dirs ...string) (string, error) {
	for _, dir := range dirs {
		for _, parent := range parents(dir) {
			runner := filepath.Join(parent, "node_modules", "@pulumi", "pulumi", "cmd", script, "index.js")
			if _, err := os.Stat(runner); err == nil {
				return runner, nil
			}
		}
	}
	return "", fmt.Errorf(
		"It looks like the Pulumi SDK has not been installed. Have you run npm install or yarn install in %s?", dirs[0])
}

// parents lists a folder and all the folders above it.
func parents(dir string) []string {
	if dir == "" {
		return nil
	}
	list := []string{dir}
	for dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		list = append(list, dir)
	}
	return list
}
