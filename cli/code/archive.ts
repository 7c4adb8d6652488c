/** Archives that are the same bytes on every machine and day. */
import type Crypto from "node:crypto";
import { createRequire } from "node:module";
// The build for Node begins with a look for worker threads.
import { zipSync } from "fflate/browser";

/** The contents of files by their path in the archive, with `/` between its parts. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The first noon that the format knows. It has no time zones: noon of here is written as noon. */
const TIME = new Date(1980, 0, 1, 12);

/**
 * A zip of files, in the order of their paths. Everybody may read and run each; what a checkout says of that is not the
 * same everywhere. Nothing is compressed, so that no other version of a compressor can change the bytes.
 */
export function zip(files: Files): Uint8Array {
  const paths = [...files.keys()].sort();
  return zipSync(Object.fromEntries(paths.map((path) => [path, files.get(path) as Uint8Array])), {
    level: 0,
    mtime: TIME,
    os: UNIX,
    attrs: READ_AND_RUN,
  });
}

const UNIX = 3;
/** A regular file, `rwxr-xr-x`. */
const READ_AND_RUN = 0o100755 << 16;

/** Most specs name no code: they don't wait for cryptography. */
export function digestOf(bytes: Uint8Array): string {
  const { createHash } = createRequire(import.meta.url)("node:crypto") as typeof Crypto;
  return createHash("sha256").update(bytes).digest("hex");
}
