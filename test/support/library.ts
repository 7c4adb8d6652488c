/** What a compilation asks for in tests: the templates beside a spec, its code, and the resource schemas that the build made. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Library } from "../../compiler/compile.ts";
import { packOrPretend } from "./pack.ts";

/** @param directory the spec's */
export const libraryOf = (directory: string): Library => ({
  file(path) {
    const file = join(directory, path);
    return existsSync(file)
      ? { file: path, text: readFileSync(file, "utf8") }
      : { file: path, trouble: "missing" };
  },
  pack: packOrPretend,
  resourceSchemas: () => readFileSync("dist/resource-schemas.txt", "utf8"),
});
