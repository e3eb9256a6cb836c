package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// packageJSON is what matters here of a package.json.
type packageJSON struct {
	Name            string                  `json:"name"`
	Version         string                  `json:"version"`
	Pulumi          plugin.PulumiPluginJSON `json:"pulumi"`
	Dependencies    map[string]string       `json:"dependencies"`
	DevDependencies map[string]string       `json:"devDependencies"`
}

func readPackage(dir string) (packageJSON, error) {
	var pkg packageJSON
	file := filepath.Join(dir, "package.json")
	text, err := os.ReadFile(file)
	if err != nil {
		return pkg, err
	}
	if err := json.Unmarshal(text, &pkg); err != nil {
		return pkg, fmt.Errorf("%s is not valid: %w", file, err)
	}
	return pkg, nil
}

// requiredPackages lists the provider plugins that the installed npm packages need, so that the engine can get them,
// or say which are missing, before the program starts. It looks no higher than the folder that holds the SDK.
func requiredPackages(programDir string) ([]*pulumirpc.PackageDependency, error) {
	found := map[string]*pulumirpc.PackageDependency{}
	visited := map[string]bool{}
	for _, dir := range parents(programDir) {
		modules := filepath.Join(dir, "node_modules")
		collectPackages(modules, found, visited)
		if _, err := os.Stat(filepath.Join(modules, "@pulumi", "pulumi")); err == nil {
			break
		}
	}
	keys := make([]string, 0, len(found))
	for key := range found {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	list := make([]*pulumirpc.PackageDependency, 0, len(keys))
	for _, key := range keys {
		list = append(list, found[key])
	}
	return list, nil
}

// collectPackages reads every package of a node_modules folder, and of the node_modules inside each. A package that
// cannot be read is not an error here: the program may not use it, and will say so itself if it does.
func collectPackages(modules string, found map[string]*pulumirpc.PackageDependency, visited map[string]bool) {
	real, err := filepath.EvalSymlinks(modules)
	if err != nil || visited[real] {
		return
	}
	visited[real] = true
	entries, err := os.ReadDir(modules)
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		dir := filepath.Join(modules, name)
		switch {
		case strings.HasPrefix(name, "."):
		case strings.HasPrefix(name, "@"):
			collectPackages(dir, found, visited)
		default:
			if pkg, err := readPackage(dir); err == nil {
				if dependency := pkg.plugin(); dependency != nil {
					found[dependency.Name+"@"+dependency.Version] = dependency
				}
			}
			collectPackages(filepath.Join(dir, "node_modules"), found, visited)
		}
	}
}

// plugin is the provider plugin that the package needs, or nil.
func (pkg packageJSON) plugin() *pulumirpc.PackageDependency {
	if !pkg.Pulumi.Resource {
		return nil
	}
	name := pkg.Pulumi.Name
	if name == "" {
		name = strings.TrimPrefix(strings.TrimPrefix(pkg.Name, "@pulumi/"), "@")
	}
	version := pkg.Pulumi.Version
	if version == "" {
		version = pkg.Version
	}
	if name == "" || version == "" {
		return nil
	}
	return &pulumirpc.PackageDependency{
		Name:             name,
		Kind:             "resource",
		Version:          "v" + strings.TrimPrefix(version, "v"),
		Server:           pkg.Pulumi.Server,
		Parameterization: parameterization(pkg.Pulumi.Parameterization),
		Extension:        parameterization(pkg.Pulumi.ExtensionParameterization),
	}
}

func parameterization(p *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if p == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
}

// programDependencies lists the npm packages that the program asks for with the versions that are installed, or all
// that are installed if transitive is set.
func programDependencies(programDir string, transitive bool) ([]*pulumirpc.DependencyInfo, error) {
	for _, dir := range parents(programDir) {
		root, err := readPackage(dir)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		versions := map[string]string{}
		if transitive {
			versions = installedPackages(filepath.Join(dir, "node_modules"))
		}
		for _, wanted := range []map[string]string{root.Dependencies, root.DevDependencies} {
			for name, version := range wanted {
				if pkg, err := readPackage(filepath.Join(dir, "node_modules", name)); err == nil {
					version = pkg.Version
				}
				versions[name] = version
			}
		}
		return dependencyList(versions), nil
	}
	return nil, nil
}

// installedPackages reads the list that npm keeps of what it has installed.
func installedPackages(modules string) map[string]string {
	versions := map[string]string{}
	var lock struct {
		Packages map[string]packageJSON `json:"packages"`
	}
	text, err := os.ReadFile(filepath.Join(modules, ".package-lock.json"))
	if err != nil || json.Unmarshal(text, &lock) != nil {
		return versions
	}
	for path, pkg := range lock.Packages {
		if i := strings.LastIndex(path, "node_modules/"); i >= 0 { // else it is a folder of a workspace
			versions[path[i+len("node_modules/"):]] = pkg.Version
		}
	}
	return versions
}

func dependencyList(versions map[string]string) []*pulumirpc.DependencyInfo {
	list := make([]*pulumirpc.DependencyInfo, 0, len(versions))
	for name, version := range versions {
		list = append(list, &pulumirpc.DependencyInfo{Name: name, Version: version})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}
