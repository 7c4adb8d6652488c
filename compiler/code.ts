/** The code of functions: what the spec names on disk. Who calls the compiler packs it; a template needs only its digest. */
import { type Architecture, originOf } from "./architecture.ts";
import { inSpec, type Report, reportOnce } from "./diagnostics.ts";
import { Invariant } from "./invariant.ts";

/** Code as the spec names it. */
export interface SourceCode {
  /** A folder, or the file that its bundle begins with. */
  readonly path: string;
  /** The module that Lambda loads, and the function in it: `index.handler`. */
  readonly handler: string;
  /** What it is bundled for; that of its language where absent. */
  readonly runtime?: string;
}

/** Code packed into one archive: the same bytes on every machine and day. */
export interface Packed {
  /** SHA-256 of the archive, in hex. */
  readonly sha256: string;
  readonly language: "node" | "python";
}

/** Why code can't be packed. */
export interface Unpackable {
  /** After the function's name and a colon, without a full stop. */
  readonly reason: string;
  readonly help: string;
}

/** Packs code, all at once; the answers stand in the order of the questions. */
export type Pack = (codes: readonly SourceCode[]) => readonly (Packed | Unpackable)[];

const keyOf = ({ path, handler, runtime }: SourceCode): string => JSON.stringify([path, handler, runtime]);

/** Has all code packed that is demanded, each once, and reports what can't be. */
export function packDemanded(
  { spec, demands }: Pick<Architecture, "spec" | "demands">,
  pack: Pack,
  report: Report,
): ReadonlyMap<string, Packed> {
  const codes = new Map(demands.flatMap(({ code }) => (code ? [[keyOf(code), code] as const] : [])));
  if (codes.size === 0) return new Map();
  const answers = pack([...codes.values()]);
  const byKey = new Map([...codes.keys()].map((key, index) => [key, answers[index]]));
  const once = reportOnce(report);
  for (const { code, path, placement } of demands) {
    const answer = code && byKey.get(keyOf(code));
    if (answer && "reason" in answer) {
      once({
        code: "unpackable",
        message: `\`${path.at(-1)}\` can't be packed: ${answer.reason}`,
        help: answer.help,
        at: inSpec(originOf(spec, path, placement.environment, ["code"]).path),
      });
    }
  }
  return new Map(
    [...byKey].flatMap(([key, answer]) => (answer && "sha256" in answer ? [[key, answer]] : [])),
  );
}

/** What code was packed into, which somebody demanded. */
export function packedOf({ packed }: Pick<Architecture, "packed">, code: SourceCode): Packed {
  const found = packed.get(keyOf(code));
  if (!found) throw new Invariant(`${code.path} is not packed`);
  return found;
}
