package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"time"
)

// How long a child may take to end after an interrupt before it is killed. The engine gives this process five seconds.
const stopGrace = 3 * time.Second

// command is a child process that is interrupted, and killed if that does not help, when ctx is done.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopGrace
	return cmd
}

// exitCode tells how a finished child ended; ok is false when it never ran or was ended by a signal.
func exitCode(err error) (code int, ok bool) {
	var exit *exec.ExitError
	if err == nil {
		return 0, true
	}
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), true
	}
	return -1, false
}

// lockedWriter sends to a gRPC stream, which must not be written by two goroutines at once: standard output and
// standard error share one lock.
type lockedWriter struct {
	mu   *sync.Mutex
	send func([]byte) error
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.send(p); err != nil {
		return 0, err
	}
	return len(p), nil
}
