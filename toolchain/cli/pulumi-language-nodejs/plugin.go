package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a policy pack (kind "analyzer") or a provider that is written for Node.js until it ends.
func (h *host) RunPlugin(request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	if request.AttachDebugger {
		return errors.New("this language host cannot attach a debugger to a plugin")
	}
	opts, err := parseOptions(request.Info.GetOptions())
	if err != nil {
		return err
	}
	node, err := findNode()
	if err != nil {
		return err
	}
	script, dir := "run-plugin", request.Info.GetProgramDirectory()
	if request.Kind == "analyzer" {
		script = "run-policy-pack"
	}
	runner, err := findRunner(script, dir)
	if err != nil {
		return err
	}

	ctx, done := h.childContext(stream.Context())
	defer done()
	var mu sync.Mutex
	stdout := lockedWriter{&mu, func(p []byte) error {
		return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: p}})
	}}
	cmd := command(ctx, node, append(opts.nodeArgs, runner)...)
	cmd.Env = append(request.Env, "PULUMI_NODEJS_TYPESCRIPT="+strconv.FormatBool(opts.typescript))
	cmd.Stdout = stdout
	cmd.Stderr = lockedWriter{&mu, func(p []byte) error {
		return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: p}})
	}}
	if script == "run-policy-pack" {
		cmd.Dir = dir
		cmd.Args = append(append(cmd.Args, request.Args...), ".")
		err = runPolicyPack(ctx, cmd, stdout)
	} else {
		cmd.Dir = request.Pwd
		cmd.Args = append(append(cmd.Args, dir), request.Args...)
		err = cmd.Run()
	}

	code, exited := exitCode(err)
	if !exited && ctx.Err() == nil {
		return fmt.Errorf("the plugin in %s ended unexpectedly: %w", dir, err)
	}
	mu.Lock()
	defer mu.Unlock()
	return stream.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
	})
}

// runPolicyPack waits for the engine to name the stack, because the Node.js SDK for policies reads that from its
// environment when it starts, and then passes the engine's calls on to the pack.
func runPolicyPack(ctx context.Context, cmd *exec.Cmd, stdout io.Writer) error {
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return fmt.Errorf("could not start the policy pack's proxy: %w", err)
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	if stack != nil {
		config, err := configEnvironment(stack.Config, stack.ConfigSecretKeys)
		if err != nil {
			return err
		}
		cmd.Env = append(cmd.Env, policyEnvironment(stack)...)
		cmd.Env = append(cmd.Env, config...)
	}
	cmd.Stdout = packOutput // its first line is the pack's own port, which the proxy reads
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("could not start node: %w", err)
	}
	return proxy.Attach(ctx, cmd)
}

func policyEnvironment(stack *pulumirpc.AnalyzerStackConfigureRequest) []string {
	dryRun := strconv.FormatBool(stack.DryRun)
	return []string{
		"PULUMI_NODEJS_ORGANIZATION=" + stack.Organization, "PULUMI_ORGANIZATION=" + stack.Organization,
		"PULUMI_NODEJS_PROJECT=" + stack.Project, "PULUMI_PROJECT=" + stack.Project,
		"PULUMI_NODEJS_STACK=" + stack.Stack, "PULUMI_STACK=" + stack.Stack,
		"PULUMI_NODEJS_DRY_RUN=" + dryRun, "PULUMI_DRY_RUN=" + dryRun,
	}
}
