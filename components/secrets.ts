import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PASSWORD } from "./secretShapes";

// Arguments are ignored after creation: a changed one would make a new value and lock services out of their data.

/** A password for one purpose. It is made once and never changes. */
export function password(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const ours = { ignoreChanges: Object.keys(PASSWORD) };
  const made = new random.RandomPassword(name, PASSWORD, pulumi.mergeOptions(ours, opts));
  return pulumi.secret(made.result);
}

/**
 * The root of keys that must come back with a region: a region whose file is removed and restored later finds its
 * data, and must be able to read it. It stays in the state as long as the stack does; no container ever sees it.
 */
export function rootKey(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return password(name, opts);
}

/** Hex key for one purpose and region. It depends on nothing but the root, the purpose and the region's name. */
export function derivedToken(root: pulumi.Input<string>, text: string): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(root).apply((key) => hmac(key, text).toString("hex")));
}

/** A Fernet key, which is 32 bytes in URL-safe base64. Another one orphans every row encrypted with the first. */
export function derivedFernetKey(root: pulumi.Input<string>, text: string): pulumi.Output<string> {
  const urlSafe = (bytes: Buffer) => bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  return pulumi.secret(pulumi.output(root).apply((key) => urlSafe(hmac(key, text))));
}

function hmac(key: string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
