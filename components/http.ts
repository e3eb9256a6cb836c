/** Health check of an nginx container: its own `/health` answers 200. BusyBox wget is part of the official image. */
export function httpHealth(port: number): string[] {
  return ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}/health`];
}
