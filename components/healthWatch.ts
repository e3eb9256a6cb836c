/*
 * Docker does nothing about a container that stays unhealthy. The health test of a game server does: it runs in the
 * container, and ends the service there, so that the restart policy starts it anew (ADR 0024).
 */

/** Failed tests in a row before a restart, however long they took: a pause of the whole host is one at most. */
const MIN_FAILURES = 3;

/** What the script is called among the processes, and how a test that watches is told from another one. */
const NAME = "health";

/**
 * POSIX sh with no tools but `sleep`. A file in memory, which every start finds empty, says how many tests in a row have
 * failed and since when. It is there once the service was healthy, and goes with the restart: one that never becomes
 * healthy again, as its database is down, is left alone. A test counts as failed before it runs, because Docker kills
 * one that takes too long. Time is the machine's uptime, which nobody sets.
 */
const SCRIPT = `file=/tmp/.nexus-health limit=$1
shift
read -r now rest < /proc/uptime
now=\${now%%.*}
if [ -s $file ]; then
  read -r failed since < $file
  [ "$failed" -gt 0 ] || since=$now
  if [ "$failed" -ge ${MIN_FAILURES} ] && [ $((now - since)) -ge "$limit" ]; then
    rm -f $file
    echo "nexus: not healthy for $((now - since)) s ($failed health tests in a row), restarting" > /proc/1/fd/2
    kill -s TERM -- -1
    sleep 3
    kill -s KILL -- -1
    exit 1
  fi
  echo "$((failed + 1)) $since" > $file
fi
"$@" || exit 1
echo "0 0" > $file`;

/**
 * A health test that restarts its container when it has failed for so long, after the container was healthy. The
 * container needs an init process: the kernel lets nobody in a container kill its first process.
 * @param test in Docker's form, `CMD` or `CMD-SHELL`
 * @param seconds 0: the test as it is
 */
export function restartingTest(test: string[], seconds: number): string[] {
  if (seconds === 0) return test;
  const [form, ...words] = test;
  const command = form === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  return ["CMD", "/bin/sh", "-c", SCRIPT, NAME, String(seconds), ...command];
}

/** The test within a {@link restartingTest}, which restarts nothing and counts nothing; another one as it is. */
export function plainTest(test: string[]): string[] {
  const [form, shell, , , name, , ...command] = test;
  const isWatching = form === "CMD" && shell === "/bin/sh" && name === NAME && command.length > 0;
  return isWatching ? ["CMD", ...command] : test;
}

/** Seconds between two tests that restart: so many that a hanging server is restarted about when it should be. */
export function watchInterval(usual: number, restartSeconds: number): number {
  const most = Math.max(Math.floor(restartSeconds / (MIN_FAILURES + 1)), 1);
  return restartSeconds === 0 ? usual : Math.min(usual, most);
}
