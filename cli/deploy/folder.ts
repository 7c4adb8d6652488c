/** The folder of a site on disk: what is in it, and that it is fit to be published. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { quoteList } from "../../compiler/closest.ts";
import { servedAs } from "../../publish/files.ts";
import type { LocalFile } from "../../publish/plan.ts";
import { UsageError } from "../exit.ts";

/** Of the names that begin with a dot, the only one that is meant for visitors: https://www.rfc-editor.org/rfc/rfc8615 */
const WELL_KNOWN = ".well-known";

/** More is for other ways than a folder that is read into memory file by file. */
const LARGEST = 1024 ** 3;

/** What a listing of S3, which is XML, can't say, or says otherwise; what is no UTF-8 is read as the last of them. */
const UNFIT = /[\p{Cc}\ufffe\uffff\ufffd]/u;

/** Bytes; S3 takes 1024, and the folder in the bucket has its part. */
const LONGEST = 1000;

/**
 * Reads a site's folder.
 *
 * @param patterns for immutable files
 * @param pages the files without which the site is none
 * @throws UsageError where it can't be published as it is
 */
export function readFolder(
  folder: string,
  patterns: readonly string[],
  pages: readonly string[],
): { readonly files: readonly LocalFile[]; read(file: LocalFile): Uint8Array } {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `${folder}: there is no such folder; build the site first, or name it with --source`,
    );
  const files = pathsIn(folder).map((path) => describe(folder, path, patterns));
  const missing = pages.filter((page) => !files.some(({ path }) => path === page));
  if (missing.length > 0)
    throw new UsageError(
      `${folder}: ${quoteList(missing)} ${missing.length > 1 ? "are" : "is"} missing, which visitors would be shown`,
    );
  return {
    files,
    read(file) {
      const content = readFileSync(join(folder, file.path));
      if (digestOf(content, file) === file.digest) return content;
      throw new UsageError(
        `${join(folder, file.path)} was changed meanwhile; publish again when it is built`,
      );
    },
  };
}

/** The paths of all files below the folder, with slashes. */
function pathsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({
      entry,
      path: relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"),
    }))
    .filter(({ path }) => path.split("/").every((name) => !name.startsWith(".") || name === WELL_KNOWN))
    .flatMap(({ entry, path }) => {
      if (entry.isSymbolicLink())
        throw new UsageError(`${join(folder, path)} is a symbolic link; a site is made of files`);
      if (UNFIT.test(path) || Buffer.byteLength(path) > LONGEST)
        throw new UsageError(
          `${JSON.stringify(join(folder, path))} can't be an object's name; name the file otherwise`,
        );
      return entry.isFile() ? [path] : [];
    })
    .toSorted();
}

function describe(folder: string, path: string, patterns: readonly string[]): LocalFile {
  const file = join(folder, path);
  const { size } = statSync(file);
  if (size > LARGEST) throw new UsageError(`${file} is larger than 1 GiB; keep it in a store`);
  const served = servedAs(path, patterns);
  return { path, size, ...served, digest: digestOf(readFileSync(file), served) };
}

/** Another way to serve it is another digest, so that it is uploaded again. */
const digestOf = (
  content: Uint8Array,
  { contentType, cacheControl }: Pick<LocalFile, "contentType" | "cacheControl">,
): string => createHash("sha256").update(`${contentType}\n${cacheControl}\n`).update(content).digest("hex");
