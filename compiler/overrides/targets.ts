/** Whether what is to be overridden is there: what is gone is an error, never passed over. */
import type { Architecture } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import { closest, quoteList } from "../closest.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import { isPresent } from "../merge/align.ts";
import type { SpecPath } from "../path.ts";
import { showName } from "../wording.ts";
import type { Layer } from "./layers.ts";

/** A stack set that is not there. */
export function missingStackSet(name: string, known: readonly string[], path: SpecPath): Diagnostic {
  return missing(`there is no stack set ${showName(name)}`, name, known, path);
}

/** @param over the layers over each stack of the family */
export function checkTargets(
  architecture: Architecture,
  family: StackFamily,
  layers: readonly Layer[],
  over: readonly (readonly Layer[])[],
  report: Report,
): void {
  for (const layer of layers) {
    const stacks = family.stacks.filter((_, index) => over[index]?.includes(layer));
    if (stacks.length === 0) {
      reportAbsent(architecture, family, layer, report);
      continue;
    }
    const known = presentIn(stacks);
    for (const logicalId of layer.resources.keys()) {
      if (known.includes(logicalId)) continue;
      const elsewhere = family.placements.filter((_, index) =>
        presentIn(family.stacks.slice(index, index + 1)).includes(logicalId),
      );
      const path = [...layer.path, logicalId];
      report(
        elsewhere.length > 0
          ? {
              code: "override-target",
              message: `${showName(logicalId)} of \`${family.stackSet}\` is not in ${place(layer)}`,
              help: `it is in ${namesOf(elsewhere)}`,
              at: inSpec(path, "key"),
            }
          : missing(`\`${family.stackSet}\` has no resource ${showName(logicalId)}`, logicalId, known, path),
      );
    }
  }
}

/** A layer that is over nothing. In an environment of a closed account there is nothing to be over. */
function reportAbsent({ placements }: Architecture, family: StackFamily, layer: Layer, report: Report): void {
  const { environment } = layer;
  if (environment !== undefined && !placements.some((other) => other.environment === environment)) return;
  report({
    code: "override-target",
    ...absence(family, layer),
    at: inSpec(layer.path, "key"),
  });
}

function absence({ stackSet, placements }: StackFamily, layer: Layer): Pick<Diagnostic, "message" | "help"> {
  const { environment } = layer;
  const own = placements.filter((other) => (other.serves ?? [other.environment]).includes(environment ?? ""));
  if (own.some(({ serves }) => serves)) {
    return {
      message: `\`${stackSet}\` serves several environments, so nothing of it is ${place(layer)}'s alone`,
      help: "say it above `in:`, for all of them",
    };
  }
  if (own.length > 0) {
    return {
      message: `what is said over \`${stackSet}\` is not for ${place(layer)}, so nothing reads this`,
      help: `add \`${environment}\` to \`overrides.${stackSet}.environments\`, or take this out`,
    };
  }
  return { message: `\`${stackSet}\` is not in ${place(layer)}`, help: `it is in ${namesOf(placements)}` };
}

const place = ({ environment }: Layer): string =>
  environment === undefined ? "the environments named here" : `\`${environment}\``;

function missing(what: string, name: string, known: readonly string[], path: SpecPath): Diagnostic {
  const near = closest(name, known);
  return {
    code: "override-target",
    message: what,
    help: near ? `did you mean \`${near}\`?` : `there ${known.length > 1 ? "are" : "is"} ${quoteList(known)}`,
    at: inSpec(path, "key"),
  };
}

function presentIn(stacks: StackFamily["stacks"]): string[] {
  const ids = stacks.flatMap(({ resources }) =>
    resources.filter(isPresent).map(({ logicalId }) => logicalId),
  );
  return [...new Set(ids)];
}

const namesOf = (placements: StackFamily["placements"]): string =>
  quoteList([...new Set(placements.map(({ environment }) => environment))]);
