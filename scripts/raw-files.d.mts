/** The type of `raw-files.mjs`, which plain Node loads too. */
import type { Plugin } from "esbuild";

export const rawFiles: Plugin;
