package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func TestRequiredPackages(t *testing.T) {
	root := t.TempDir()
	for path, text := range map[string]string{
		"node_modules/above":                 `"version":"1.0.0","pulumi":{"resource":true}`,
		"ws/node_modules/@pulumi/pulumi":     `"version":"3.0.0","pulumi":{}`,
		"ws/node_modules/@pulumi/docker":     `"version":"1.0.0","pulumi":{"resource":true,"version":"5.0.0","server":"x"}`,
		"ws/node_modules/@acme/cloud":        `"version":"v2.0.0","pulumi":{"resource":true}`,
		"ws/node_modules/@pulumi/random":     `"version":"4.0.0","pulumi":{"resource":true}`,
		"ws/node_modules/a/node_modules/own": `"version":"3.0.0","pulumi":{"resource":true}`,
		"ws/node_modules/broken":             `"version"`,
		"ws/node_modules/.cache/hidden":      `"version":"1.0.0","pulumi":{"resource":true}`,
		"ws/app/node_modules/own":            `"version":"1.0","pulumi":{"resource":true,"parameterization":{"value":"aGk="}}`,
	} {
		name := path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]
		write(t, filepath.Join(root, path, "package.json"), `{"name":"`+name+`",`+text+`}`)
	}
	// A linked package that links back must not be followed for ever.
	if err := os.Symlink(filepath.Join(root, "ws"), filepath.Join(root, "ws/node_modules/loop")); err != nil {
		t.Fatal(err)
	}

	packages, err := requiredPackages(filepath.Join(root, "ws/app"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		got = append(got, fmt.Sprintf("%s %s %s%s%s", p.Kind, p.Name, p.Version, p.Server, p.Parameterization.GetValue()))
	}
	want := "resource acme/cloud v2.0.0, resource docker v5.0.0x, resource own v1.0hi, resource own v3.0.0, " +
		"resource random v4.0.0"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
	if none, err := requiredPackages(t.TempDir()); err != nil || len(none) != 0 {
		t.Errorf("nothing installed: %v, %v", none, err)
	}
}

func TestProgramDependencies(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "package.json"),
		`{"dependencies":{"a":"^1.0.0","gone":"2.x"},"devDependencies":{"b":"*"}}`)
	write(t, filepath.Join(root, "node_modules/a/package.json"), `{"version":"1.5.0"}`)
	write(t, filepath.Join(root, "node_modules/b/package.json"), `{"version":"0.1.0"}`)
	write(t, filepath.Join(root, "node_modules/.package-lock.json"),
		`{"packages":{"ws":{},"node_modules/a":{"version":"1.5.0"},"node_modules/a/node_modules/@s/c":{"version":"7.0"}}}`)
	program := filepath.Join(root, "src")

	direct, err := programDependencies(program, false)
	if got := describe(direct); err != nil || got != "a 1.5.0, b 0.1.0, gone 2.x" {
		t.Errorf("direct: %s, %v", got, err)
	}
	all, err := programDependencies(program, true)
	if got := describe(all); err != nil || got != "@s/c 7.0, a 1.5.0, b 0.1.0, gone 2.x" {
		t.Errorf("transitive: %s, %v", got, err)
	}
}

func describe(list []*pulumirpc.DependencyInfo) string {
	var parts []string
	for _, d := range list {
		parts = append(parts, d.Name+" "+d.Version)
	}
	return strings.Join(parts, ", ")
}
