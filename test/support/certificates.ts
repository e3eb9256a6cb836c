import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Certificates for TLS on loopback, made by openssl. Folders as Docker's client wants them: `good`; `expired` (the
 * client's certificate); `wrong-ca` (`ca.pem` of another authority); `stranger` (a client of another authority).
 * `server` has what the server shows.
 */
export function makeCertificates(folder: string): { path: (name: string) => string } {
  const path = (name: string): string => join(folder, name);
  for (const name of ["ca", "other-ca"]) {
    mkdirSync(path(name), { recursive: true });
    openssl("req", "-x509", ...KEY, "-days", "2", "-subj", `/CN=${name}`, ...files(path(name)));
  }
  issue("server", "ca", "serverAuth", "1");
  issue("good", "ca", "clientAuth", "1");
  issue("expired", "ca", "clientAuth", "-1");
  issue("stranger", "other-ca", "clientAuth", "1");
  issue("wrong-ca", "ca", "clientAuth", "1");
  copyFileSync(path("other-ca/cert.pem"), path("wrong-ca/ca.pem"));
  return { path };

  function issue(name: string, authority: string, usage: string, days: string): void {
    const at = path(name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, "extensions"), `extendedKeyUsage=${usage}\nsubjectAltName=IP:127.0.0.1\n`);
    openssl(
      "req",
      ...KEY,
      "-subj",
      `/CN=${name}`,
      "-keyout",
      join(at, "key.pem"),
      "-out",
      join(at, "request"),
    );
    openssl(
      ...["x509", "-req", "-in", join(at, "request"), "-days", days, "-extfile", join(at, "extensions")],
      ...["-CA", path(`${authority}/cert.pem`), "-CAkey", path(`${authority}/key.pem`), "-CAcreateserial"],
      ...["-out", join(at, "cert.pem")],
    );
    copyFileSync(path("ca/cert.pem"), join(at, "ca.pem"));
  }
}

function files(folder: string): string[] {
  return ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** A TLS port in front of a socket, which lets in clients of the authority only, as Docker's own does. */
export async function tlsInFront(socket: string, folder: string, port: number): Promise<Server> {
  const [key, cert, ca] = ["key.pem", "cert.pem", "ca.pem"].map((name) => readFileSync(join(folder, name)));
  const server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true }, (client) => {
    const engine = connect(socket);
    client.pipe(engine).pipe(client);
    client.on("error", () => engine.destroy());
    engine.on("error", () => client.destroy());
    client.on("close", () => engine.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}
