import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { looksRandom } from "../../../config/secretLooking";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The same every time, without a pattern. */
const bytes = (seed: number) => createHash("sha512").update(String(seed)).digest();
const seeds = Array.from({ length: 5000 }, (_, seed) => seed);

describe("what looks random", () => {
  it("includes every password of 40 letters and digits, but for one in a thousand", () => {
    const missed = seeds.filter((seed) => {
      const text = [...bytes(seed).subarray(0, 40)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
      return !looksRandom(text);
    });
    expect(missed.length).toBeLessThan(seeds.length / 1000);
  });

  it("includes every key of 32 hexadecimal digits or more, but for one in a hundred", () => {
    const missed = seeds.filter((seed) => !looksRandom(bytes(seed).toString("hex").slice(0, 32)));
    expect(missed.length).toBeLessThan(seeds.length / 100);
    expect(seeds.filter((seed) => !looksRandom(bytes(seed).toString("hex")))).toEqual([]);
  });

  it("leaves out what people write", () => {
    const written = [
      "http://central-nexus-server:8080/api/v1/regions/andromeda/status",
      "theSecondFoundationOfTheGalacticEmpire2102",
      "sha256sum /etc/nexus/postgresql.conf && exec postgres -D /var/lib/postgresql/data",
      "8d7a3f52-64c5-4f2a-bb0a-4f8f4a3de512",
      '{"colour":"#aabbcc","title":"Welcome to Sector 2102","credits":1000000000000000000000}',
    ];
    expect(written.filter(looksRandom)).toEqual([]);
  });
});
