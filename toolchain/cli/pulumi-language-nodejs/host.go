package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host implements the LanguageRuntime service. What it leaves out (code generation, linking of local packages)
// answers "unimplemented", which the engine reports.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	ctx           context.Context // done when everything must end
	cancel        context.CancelFunc
	children      sync.WaitGroup
	engineAddress string
	tracing       string
}

func newHost(ctx context.Context, engineAddress, tracing string) *host {
	ctx, cancel := context.WithCancel(ctx)
	return &host{ctx: ctx, cancel: cancel, engineAddress: engineAddress, tracing: tracing}
}

// stop ends the running programs and plugins and waits until they are gone.
func (h *host) stop() {
	h.cancel()
	h.children.Wait()
}

// childContext is done when the call is over or the host must stop, whichever comes first. Call done at the end of
// the child.
func (h *host) childContext(call context.Context) (ctx context.Context, done func()) {
	h.children.Add(1)
	ctx, cancel := context.WithCancel(call)
	unlink := context.AfterFunc(h.ctx, cancel)
	return ctx, func() {
		unlink()
		cancel()
		h.children.Done()
	}
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	if h.engineAddress == "" {
		h.engineAddress = request.EngineAddress
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancel()
	return &emptypb.Empty{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func (h *host) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	packages, err := requiredPackages(request.Info.GetProgramDirectory())
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, err
}

func (h *host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	dependencies, err := programDependencies(request.Info.GetProgramDirectory(), request.TransitiveDependencies)
	return &pulumirpc.GetProgramDependenciesResponse{Dependencies: dependencies}, err
}

func (h *host) About(
	ctx context.Context, request *pulumirpc.AboutRequest,
) (*pulumirpc.AboutResponse, error) {
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("could not read the version of %s: %w", node, err)
	}
	opts, err := parseOptions(request.Info.GetOptions())
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{
		Executable: node,
		Version:    strings.TrimSpace(string(out)),
		Metadata:   map[string]string{"packagemanager": opts.packageManager},
	}, nil
}

func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	opts, err := parseOptions(request.Info.GetOptions())
	if err != nil {
		return err
	}
	manager, err := exec.LookPath(opts.packageManager)
	if err != nil {
		return fmt.Errorf("the package manager %q is not on the PATH", opts.packageManager)
	}
	ctx, done := h.childContext(stream.Context())
	defer done()
	var mu sync.Mutex
	cmd := command(ctx, manager, "install")
	cmd.Dir = request.Info.GetProgramDirectory()
	cmd.Stdout = lockedWriter{&mu, func(p []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stdout: p})
	}}
	cmd.Stderr = lockedWriter{&mu, func(p []byte) error {
		return stream.Send(&pulumirpc.InstallDependenciesResponse{Stderr: p})
	}}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s install failed in %s: %w", opts.packageManager, cmd.Dir, err)
	}
	return nil
}

// RuntimeOptionsPrompts and Template are part of `pulumi new`: Node.js has nothing to ask and nothing to fill in.
func (h *host) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

func (h *host) Template(context.Context, *pulumirpc.TemplateRequest) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

func findNode() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("Node.js is not on the PATH: install it, or add the folder of `node` to the PATH")
	}
	return node, nil
}
