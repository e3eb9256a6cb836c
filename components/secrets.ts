import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { childOf } from "./former";
import { PASSWORD } from "./secretShapes";

// Arguments are ignored after creation: a changed one would make a new value and lock services out of their data.

/** A password that is a resource. It is made once and never changes. */
function password(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
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

/** Other than every length that the resource had when it was an admin's password. */
const ROOT = { length: 48, special: false };

/** The secrets of a region, or of the Nexus, from one resource. */
export interface AreaSecrets {
  /**
   * A password for one purpose.
   * @param name of the resource that it is in a stack that had one for each purpose
   * @param opts of that resource
   */
  password(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string>;
  /**
   * The password that a server's first admin is made with. It comes from the root of what must come back with a region,
   * so that its data knows the one that a region has which comes back.
   * @param owner the region's name, or the Nexus
   */
  admin(root: pulumi.Input<string>, owner: string): pulumi.Output<string>;
}

/**
 * Derives what an area's services are told from one random text. In a stack from before that, every secret stays what it
 * is: its resource goes on as the admin's password, and as its arguments never change, its length tells. Then each
 * password is the resource that it was. Registering one inside of `apply` is sound because a length is known in every
 * preview (ADR 0034).
 */
export function areaSecrets(name: string, opts: pulumi.CustomResourceOptions): AreaSecrets {
  const ours = { ignoreChanges: Object.keys(ROOT), aliases: [{ name: `${name}-admin-password` }] };
  const { length, result } = new random.RandomPassword(
    `${name}-passwords`,
    ROOT,
    pulumi.mergeOptions(ours, opts),
  );
  return {
    password(purpose, former) {
      const text = length.apply((is) =>
        is === ROOT.length
          ? result.apply((root) => derivedPassword(root, purpose))
          : password(purpose, former),
      );
      return pulumi.secret(text);
    },
    admin(root, owner) {
      const derived = derivedToken(root, `admin:${owner}`);
      // Only in the oldest stacks is it the password itself.
      return pulumi.secret(length.apply((is) => (is === PASSWORD.length ? result : derived)));
    },
  };
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
