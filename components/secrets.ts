import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { childOf } from "./former";
import { PASSWORD } from "./secretShapes";

// Arguments are ignored after creation: a changed one would make a new value and lock services out of their data.

/** A password for one purpose. It is made once and never changes. */
export function password(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const ours = { ignoreChanges: Object.keys(PASSWORD) };
  const made = new random.RandomPassword(name, PASSWORD, pulumi.mergeOptions(ours, opts));
  return pulumi.secret(made.result);
}

export interface RegionKeys {
  /** The Nexus checks registrations with it, without a list of regions. */
  registration: pulumi.Input<string>;
  /** Root of the regions' encryption keys, and of what else must come back with a region. */
  encryption: pulumi.Input<string>;
}

/**
 * The roots of keys that must come back with a region: a region whose file is removed and restored later finds its
 * data, and must be able to read it. They stay in the state as long as the stack does; no container of a region ever
 * sees them.
 */
export function rootKeys(name: string): RegionKeys {
  const opts = { aliases: [childOf("nexus:nexus:NexusStack", name)] };
  return {
    registration: password(`${name}-registration-key`, opts),
    encryption: password(`${name}-encryption-key`, opts),
  };
}

/** Length of the resource of an admin whose password is derived; the password itself is not taken from it. */
const DERIVED_MARK = 16;

/**
 * The password that a server's first admin is made with. It is derived, so that a region that comes back has the one
 * that its data knows. Servers from before that keep theirs: it stands in a resource of this name, whose arguments never
 * change, so its length tells which of the two it is.
 * @param owner the region's name, or the Nexus
 */
export function adminPassword(
  name: string,
  root: pulumi.Input<string>,
  owner: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const args = { ...PASSWORD, length: DERIVED_MARK };
  const ours = { ignoreChanges: Object.keys(args) };
  const made = new random.RandomPassword(name, args, pulumi.mergeOptions(ours, opts));
  const derived = derivedToken(root, `admin:${owner}`);
  return pulumi.secret(
    pulumi
      .all([made.length, made.result, derived])
      .apply(([length, stored, token]) => (length === PASSWORD.length ? stored : token)),
  );
}

/** A password in the form of {@link password}, for one purpose. It depends on nothing but the root and the purpose. Pure. */
export function derivedPassword(root: string, text: string): string {
  let rest = BigInt(`0x${hmac(root, text).toString("hex")}`);
  const base = BigInt(LETTERS_AND_DIGITS.length);
  // 40 of 62 are 238 bits of the 256 that there are, so none is likelier than another.
  return Array.from({ length: PASSWORD.length }, () => {
    const place = Number(rest % base);
    rest /= base;
    return LETTERS_AND_DIGITS[place];
  }).join("");
}

const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
