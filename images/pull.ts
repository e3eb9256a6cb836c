/** What the Engine tells while it pulls an image, added up. Pure. */

/** One line of the Engine's answer. */
export interface PullMessage {
  status?: string;
  /** The layer that it is about. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
  errorDetail?: { message?: string };
}

/** How far a pull is. */
export interface PullProgress {
  /** Layers that the image has, as far as they are known, and those that are on the host. */
  layers: number;
  layersDone: number;
  /** Bytes of the layers that must be transferred, compressed, as far as they are known, and those that were. */
  bytes: number;
  bytesDone: number;
}

interface Layer {
  bytes: number;
  bytesDone: number;
  done: boolean;
}

/** The layers of one image, by their ids. */
export type Layers = ReadonlyMap<string, Layer>;

const DOWNLOADED = new Set(["Verifying Checksum", "Download complete", "Extracting"]);
const DONE = new Set(["Pull complete", "Already exists"]);

/** The layers after one more message. */
export function after(layers: Layers, { status = "", id, progressDetail = {} }: PullMessage): Layers {
  const known = id === undefined ? undefined : layers.get(id);
  // The first message bears the tag where others bear a layer.
  if (id === undefined || (!known && !/^(Pulling fs layer|Waiting|Already exists)$/.test(status)))
    return layers;
  const layer = { bytes: 0, bytesDone: 0, done: false, ...known };
  const { current = 0, total = 0 } = progressDetail;
  if (status === "Downloading") Object.assign(layer, { bytes: Math.max(total, current), bytesDone: current });
  // The size of an extracted layer is another one than that of its download.
  if (DOWNLOADED.has(status)) layer.bytesDone = layer.bytes;
  if (DONE.has(status)) Object.assign(layer, { bytesDone: layer.bytes, done: true });
  return new Map(layers).set(id, layer);
}

export function progressOf(layers: Layers): PullProgress {
  const all = [...layers.values()];
  const sum = (value: (layer: Layer) => number): number =>
    all.reduce((total, layer) => total + value(layer), 0);
  return {
    layers: all.length,
    layersDone: all.filter(({ done }) => done).length,
    bytes: sum(({ bytes }) => bytes),
    bytesDone: sum(({ bytesDone }) => bytesDone),
  };
}
