import { describe, expect, it } from "vitest";
import { GB_GIB, KEYS, OWNER_RULE, report, SLOT_RULE, TOO_SMALL } from "./problems";
import { regionFile } from "./tempFolder";

describe("one wrong file, one message with its place", () => {
  it.each<[what: string, yaml: string, message: string]>([
    [
      "unknown key",
      regionFile("aurora", 1, "colour: red\n"),
      `aurora.yaml:4:1: colour: an unknown key was given; allowed is any of ${KEYS}. Remove it, or write one of these.`,
    ],
    [
      "misspelt key",
      regionFile("aurora", 1, "govermance: council\n"),
      `aurora.yaml:4:1: govermance: an unknown key was given; allowed is any of ${KEYS}. Did you mean "governance"?`,
    ],
    [
      "misspelt nested key",
      regionFile("aurora", 1, "resources:\n  memroy: 4GB\n"),
      'aurora.yaml:5:3: resources.memroy: an unknown key was given; allowed is any of cpu, memory, disk. Did you mean "resources.memory"?',
    ],
    [
      "key on the wrong level",
      regionFile("aurora", 1, "cpu: 2\n"),
      `aurora.yaml:4:1: cpu: an unknown key was given; allowed is any of ${KEYS}. Did you mean "resources.cpu"?`,
    ],
    [
      "key of the original configuration",
      regionFile("aurora", 1, "max_players: 20\n"),
      `aurora.yaml:4:1: max_players: an unknown key was given; allowed is any of ${KEYS}. Did you mean "players"?`,
    ],
    [
      "__proto__ as a key",
      regionFile("aurora", 1, "__proto__: {players: 20}\n"),
      `aurora.yaml:4:1: __proto__: an unknown key was given; allowed is any of ${KEYS}. Remove it, or write one of these.`,
    ],
    [
      "wrong type of a map",
      regionFile("aurora", 1, "resources: 4GB\n"),
      'aurora.yaml:4:12: resources: "4GB" was given; allowed is a map with the keys cpu, memory, disk. Write it as indented `key: value` lines.',
    ],
    [
      "empty map",
      regionFile("aurora", 1, "resources:\n"),
      "aurora.yaml:4:1: resources: nothing (an empty value) was given; allowed is a map with the keys cpu, memory, disk. Write it as indented `key: value` lines.",
    ],
    [
      "number as owner",
      "name: aurora\nslot: 1\nowner: 42\n",
      `aurora.yaml:3:8: owner: 42 was given; allowed is ${OWNER_RULE} Put it in quotes: "42".`,
    ],
    [
      "missing field",
      "name: aurora\nslot: 1\n",
      `aurora.yaml:1:1: owner: nothing was given; allowed is ${OWNER_RULE} Write the id of the account that owns the region.`,
    ],
    [
      "duplicate key",
      regionFile("aurora", 1, "slot: 2\n"),
      'aurora.yaml:4:1: slot: the key "slot" a second time (first in line 2, column 1) was given; allowed is each key once. Remove one of the two.',
    ],
    [
      "duplicate key in game data",
      regionFile("aurora", 1, "rules:\n  pvp: true\n  'pvp': false\n"),
      'aurora.yaml:6:3: rules.pvp: the key "pvp" a second time (first in line 5, column 3) was given; allowed is each key once. Remove one of the two.',
    ],
    ["slot 0", regionFile("aurora", 0), `aurora.yaml:2:7: slot: 0 was given; allowed is ${SLOT_RULE}`],
    ["slot 256", regionFile("aurora", 256), `aurora.yaml:2:7: slot: 256 was given; allowed is ${SLOT_RULE}`],
    [
      "slot with a fraction",
      regionFile("aurora", 1.5),
      `aurora.yaml:2:7: slot: 1.5 was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "slot as text",
      "name: aurora\nslot: one\nowner: a\n",
      `aurora.yaml:2:7: slot: "one" was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "slot in quotes",
      'name: aurora\nslot: "1"\nowner: a\n',
      'aurora.yaml:2:7: slot: "1" was given; allowed is a whole number from 1 to 255. Write the number without quotes.',
    ],
    [
      "CPU above its range",
      regionFile("aurora", 1, "resources:\n  cpu: 8.01\n"),
      "aurora.yaml:5:8: resources.cpu: 8.01 was given; allowed is a number of CPUs from 1 to 8. Choose a number in that range.",
    ],
    [
      "CPU too fine",
      regionFile("aurora", 1, "resources:\n  cpu: 1.005\n"),
      "aurora.yaml:5:8: resources.cpu: 1.005 was given; allowed is a number of CPUs from 1 to 8, in steps of 0.01. Write at most two decimals.",
    ],
    [
      "CPU that is not a number",
      regionFile("aurora", 1, "resources:\n  cpu: .nan\n"),
      "aurora.yaml:5:8: resources.cpu: NaN was given; allowed is a number of CPUs from 1 to 8. Write a number without a unit, such as 2 or 1.5.",
    ],
    [
      "memory below its range",
      regionFile("aurora", 1, "resources:\n  memory: 1.999GB\n"),
      `aurora.yaml:5:11: resources.memory: "1.999GB" was given; allowed is a size from 2GB to 16GB. ${TOO_SMALL} Choose a size in that range; ${GB_GIB}.`,
    ],
    [
      "memory above its range, in GiB",
      regionFile("aurora", 1, "resources:\n  memory: 16GiB\n"),
      `aurora.yaml:5:11: resources.memory: "16GiB" was given; allowed is a size from 2GB to 16GB. Choose a size in that range; ${GB_GIB}.`,
    ],
    [
      "memory without a unit",
      regionFile("aurora", 1, "resources:\n  memory: 4\n"),
      "aurora.yaml:5:11: resources.memory: 4 was given; allowed is a size from 2GB to 16GB. Write the unit as well, such as 4GB.",
    ],
    [
      "memory in quotes without a unit",
      regionFile("aurora", 1, 'resources:\n  memory: "4"\n'),
      'aurora.yaml:5:11: resources.memory: "4" was given; allowed is a size from 2GB to 16GB. Write the unit as well, such as 4GB.',
    ],
    [
      "unknown unit",
      regionFile("aurora", 1, "resources:\n  memory: 4gb\n"),
      'aurora.yaml:5:11: resources.memory: "4gb" was given; allowed is a size in MB, GB, TB, MiB, GiB, TiB. Did you mean "GB"?',
    ],
    [
      "negative disk",
      regionFile("aurora", 1, "resources:\n  disk: -20GB\n"),
      'aurora.yaml:5:9: resources.disk: "-20GB" was given; allowed is a size from 10GB to 100GB. Write a number, up to three decimals and a unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 4.5GiB.',
    ],
    [
      "infinite players",
      regionFile("aurora", 1, "players: .inf\n"),
      "aurora.yaml:4:10: players: Infinity was given; allowed is a whole number from 10 to 1000. Choose how many players may be in the region at once.",
    ],
    [
      "more players than the memory holds",
      regionFile("aurora", 1, "players: 1000\n"),
      "aurora.yaml:4:10: players: 1000 with 4GB of memory was given; allowed is at least 11.2GB of memory for 1000 players. Write resources: memory: 11.2GB, or fewer players.",
    ],
    [
      "more connections than the database's memory holds",
      regionFile("aurora", 1, "connections: {max: 2000}\n"),
      "aurora.yaml:4:20: connections.max: 2000 was given; allowed is at most 408, which the database of a region with 4GB of memory holds. Write fewer.",
    ],
    [
      "connections that a larger region holds",
      regionFile("aurora", 1, "connections: {max: 500}\n"),
      "aurora.yaml:4:20: connections.max: 500 was given; allowed is at most 408, which the database of a region with 4GB of memory holds. Write fewer, or resources: memory: 4.8GB.",
    ],
    [
      "fewer connections than there are engines",
      regionFile("aurora", 1, "connections:\n  max: 20\nplayers: 400\nresources: {memory: 8GB}\n"),
      "aurora.yaml:5:8: connections.max: 20 was given; allowed is at least 22 for 400 players: 12 engines of the game server keep one each, and 10 are kept for health checks and the superuser. Write more, or leave it out.",
    ],
    [
      "pools that keep more than the database has",
      regionFile("aurora", 1, "connections:\n  max: 60\n  pool: 9\n"),
      "aurora.yaml:6:9: connections.pool: 9 was given; allowed is at most 8 with a max of 60: 6 engines of the game server keep that many each, and 10 are kept for health checks and the superuser. Write fewer, or a larger max.",
    ],
    [
      "connections as a number",
      regionFile("aurora", 1, "connections: 100\n"),
      "aurora.yaml:4:14: connections: 100 was given; allowed is a map with the keys pool, overflow, max. Write it as indented `key: value` lines.",
    ],
    [
      "a pool of none",
      regionFile("aurora", 1, "connections: {pool: 0}\n"),
      "aurora.yaml:4:21: connections.pool: 0 was given; allowed is a whole number of connections from 1 to 100. Write what each engine of each process keeps open; 5 is usual.",
    ],
    [
      "unknown economy",
      regionFile("aurora", 1, "economy: piracy\n"),
      'aurora.yaml:4:10: economy: "piracy" was given; allowed is one of agricultural, balanced, commerce, industrial, military, technological. Choose one of them.',
    ],
    [
      "number in the language map",
      regionFile("aurora", 1, "language: {currency: 5}\n"),
      'aurora.yaml:4:11: language: 5 for "currency" was given; allowed is a map of texts. Put the text in quotes.',
    ],
    [
      "key that is not text",
      regionFile("aurora", 1, "rules: {1: a}\n"),
      "aurora.yaml:4:9: rules: the key 1 was given; allowed is text as a key. Put the key in quotes.",
    ],
    ["empty file", "", "aurora.yaml: is empty; allowed is a region. Write at least name, slot and owner."],
    [
      "comments only",
      "# to do\n",
      "aurora.yaml: is empty; allowed is a region. Write at least name, slot and owner.",
    ],
    [
      "not YAML",
      "name: [aurora\n",
      "aurora.yaml:2:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the line; lists, quotes and colons are the usual cause.",
    ],
    [
      "several documents",
      `${regionFile("aurora", 1)}---\n${regionFile("vega", 2)}---\n`,
      "aurora.yaml:4:1: a second YAML document starts here; allowed is one document a file. Put each into its own file.",
    ],
    [
      "a list",
      "- aurora\n",
      `aurora.yaml:1:1: a list was given; allowed is a map with the keys ${KEYS}. Write it as indented \`key: value\` lines.`,
    ],
    [
      "text",
      "aurora\n",
      `aurora.yaml:1:1: "aurora" was given; allowed is a map with the keys ${KEYS}. Write it as indented \`key: value\` lines.`,
    ],
    [
      "tab as indentation",
      "name: aurora\nresources:\n\tcpu: 2\n",
      "aurora.yaml:3:1: a tab was given as indentation; allowed are spaces. Replace the tab by spaces.",
    ],
    [
      "tag",
      "name: aurora\nslot: !!binary 1\nowner: a\n",
      "aurora.yaml:2:7: a YAML tag (!...) was given; allowed are plain values. Remove the tag.",
    ],
    [
      "place in the line of a byte order mark",
      "\uFEFF{slot: 0, name: aurora, owner: a}\n",
      `aurora.yaml:1:8: slot: 0 was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "place after a byte order mark and CRLF",
      "\uFEFFname: aurora\r\nslot: 0\r\nowner: a\r\n",
      `aurora.yaml:2:7: slot: 0 was given; allowed is ${SLOT_RULE}`,
    ],
  ])("%s", (_what, yaml, message) => {
    expect(report({ "aurora.yaml": yaml })).toEqual([message]);
  });
});
