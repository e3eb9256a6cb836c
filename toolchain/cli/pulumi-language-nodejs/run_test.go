package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

func TestParseOptions(t *testing.T) {
	tests := map[string]struct {
		section map[string]any
		want    options
		err     string
	}{
		"nothing set": {want: options{typescript: true, packageManager: "npm"}},
		"all set": {
			section: map[string]any{"typescript": false, "nodeargs": `--a=1 "--b=x y"`, "packagemanager": "pnpm"},
			want:    options{nodeArgs: []string{"--a=1", "--b=x y"}, packageManager: "pnpm"},
		},
		"wrong type":      {section: map[string]any{"typescript": "yes"}, err: "`typescript` must be true or false"},
		"nodeargs a list": {section: map[string]any{"nodeargs": []any{"-x"}}, err: "`nodeargs` must be a string"},
		"open quote":      {section: map[string]any{"nodeargs": `"-x`}, err: "not a command line"},
		"unknown manager": {section: map[string]any{"packagemanager": "pip"}, err: "must be npm, pnpm, yarn or bun"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			section, err := structpb.NewStruct(test.section)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parseOptions(section)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v does not say %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.typescript != test.want.typescript || got.packageManager != test.want.packageManager ||
				!slices.Equal(got.nodeArgs, test.want.nodeArgs) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestRunArguments(t *testing.T) {
	info := &pulumirpc.ProgramInfo{RootDirectory: "/p", ProgramDirectory: "/p/src", EntryPoint: "entry.ts"}
	request := &pulumirpc.RunRequest{
		MonitorAddress: "m:1", Organization: "org", Project: "proj", Stack: "dev", Pwd: "/p/src",
		DryRun: true, Parallel: 4, Info: info, Args: []string{"extra"},
	}
	want := "--monitor m:1 --engine e:2 --organization org --project proj --root-directory /p --stack dev " +
		"--pwd /p/src --dry-run --parallel 4 /p/src/entry.ts extra"
	if got := strings.Join(runArguments(request, "e:2", ""), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for entry, want := range map[string]string{"": ".", ".": ".", "/abs/x.js": "/abs/x.js", "b/": "/p/src/b"} {
		info.EntryPoint = entry
		if got := entryPoint(info); got != want {
			t.Errorf("entry point %q: got %q, want %q", entry, got, want)
		}
	}
}

func TestConfigEnvironment(t *testing.T) {
	got, err := configEnvironment(map[string]string{"proj:a": `{"b":1}`, "aws:config:c": "d"}, []string{"proj:a"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`PULUMI_CONFIG={"aws:config:c":"d","proj:config:a":"{\"b\":1}"}`,
		`PULUMI_CONFIG_SECRET_KEYS=["proj:a"]`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if none, err := configEnvironment(nil, nil); err != nil ||
		!slices.Equal(none, []string{"PULUMI_CONFIG={}", "PULUMI_CONFIG_SECRET_KEYS=[]"}) {
		t.Errorf("without configuration: %v, %v", none, err)
	}
}

func TestRunResponse(t *testing.T) {
	exit := func(code int) error { return exec.Command("sh", "-c", "exit "+strconv.Itoa(code)).Run() }
	if got := runResponse(nil); got.Error != "" || got.Bail {
		t.Errorf("success: %v", got)
	}
	if got := runResponse(exit(32)); got.Error != "" || !got.Bail {
		t.Errorf("already reported: %v", got)
	}
	if got := runResponse(exit(7)); !strings.HasSuffix(got.Error, "exit code: 7") || got.Bail {
		t.Errorf("exit code 7: %v", got)
	}
	for name, err := range map[string]error{
		"killed":    exec.Command("sh", "-c", "kill -9 $$").Run(),
		"never ran": errors.New("no such file"),
	} {
		if got := runResponse(err); !strings.HasPrefix(got.Error, "Program ended unexpectedly") || got.Bail {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFindRunner(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "node_modules/@pulumi/pulumi/cmd/run/index.js"), "")
	program := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(program, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := findRunner("run", program); err != nil || !strings.HasPrefix(got, root) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := findRunner("run-policy-pack", program); err == nil || !strings.Contains(err.Error(), "npm install") {
		t.Errorf("a missing SDK must say what to do: %v", err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
