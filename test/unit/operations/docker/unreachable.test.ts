import { describe, expect, it } from "vitest";
import { CommandError } from "../../../../components/commandSocket";
import { unreachable } from "../../../../operations/docker/unreachable";

const ssh = (said: string, code: number | null = 255) =>
  unreachable("ssh://deploy@host:2222", new CommandError("ssh", said, code)).message;

describe("an Engine on another machine that cannot be used", () => {
  it.each([
    [
      "unknown host key",
      "No ED25519 host key is known for host and you have requested strict checking.\nHost key verification failed.\n",
      /key of the host at ssh:\/\/deploy@host:2222 is not known.*ssh-keyscan -p 2222 host \| ssh-keygen -lf -.*known_hosts/,
    ],
    [
      "changed host key",
      "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nOffending ED25519 key in /x/known:3\nHost key verification failed.\n",
      /another key than the one that is known \(\/x\/known:3\).*ssh-keygen -lf -/,
    ],
    ["no key accepted", "deploy@host: Permission denied (publickey).\n", /accepts no key.*ssh-add.*keyFile/],
    [
      "nobody there",
      "ssh: connect to host host port 2222: No route to host\n",
      /cannot be reached: ssh: connect to host host port 2222: No route to host\. /,
    ],
  ])("%s", (_, said, message) => {
    expect(ssh(said)).toMatch(message);
  });

  it("tells what the host lacks from a host that is not reached", () => {
    expect(ssh("bash: docker: command not found\n", 127)).toMatch(/no program docker on the PATH/);
    expect(ssh("permission denied while trying to connect to the Docker daemon socket\n", 1)).toMatch(
      /is reached, and its Docker cannot be used: permission denied.*ssh -p 2222 host docker version/,
    );
    expect(ssh("spawn ssh ENOENT", null)).toMatch(/needs the program ssh, which is not here\. Install it/);
  });

  it.each([
    ["SELF_SIGNED_CERT_IN_CHAIN", "x", /not issued by the authority in ca\.pem/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "IP: 1.2.3.4 is not in the list", /is for other names: IP/],
    ["CERT_HAS_EXPIRED", "x", /The certificate of Docker at tcp:\/\/h:1 has expired/],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "x", /does not accept the client certificate/],
    ["EPROTO", "wrong version number", /speaks no TLS/],
    ["", "(HTTP code 400) unexpected - Client sent an HTTP request to an HTTPS server.", /wants TLS/],
  ])("TLS: %s", (code, text, message) => {
    expect(unreachable("tcp://h:1", Object.assign(new Error(text), { code })).message).toMatch(message);
  });
});
