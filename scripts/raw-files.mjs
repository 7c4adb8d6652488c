/** An esbuild plugin: `import text from "./file.js?raw"` is the file's text, as it is for Vite, which runs the tests. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

export const rawFiles = {
  name: "raw files",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/\?raw$/, "")),
      namespace: "raw",
    }));
    onLoad({ filter: /.*/, namespace: "raw" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
    }));
  },
};
