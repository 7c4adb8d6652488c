/** How workloads are checked: each in each of its placements, and told once what is wrong in several. */
import {
  type Architecture,
  layersOf,
  originOf,
  type Placement,
  placementsWith,
  placeOfSetting,
  settingsIn,
} from "../../architecture.ts";
import { type Code, inSpec, type Report } from "../../diagnostics.ts";
import { formatPath, type SpecPath } from "../../path.ts";
import { isPruned } from "../../validate/prune.ts";

/** A workload in a placement, and how to say what is wrong with it. */
export interface Checked<Settings> {
  /** Its name in the spec. */
  readonly name: string;
  readonly path: SpecPath;
  readonly settings: Settings;
  readonly architecture: Architecture;
  readonly placement: Placement;
  /** Whether the spec says it itself. */
  isSet(...setting: SpecPath): boolean;
  /** Whether the spec says it, but wrongly, so that it is left out. */
  isLeftOut(...setting: SpecPath): boolean;
  /** @param setting none for the workload as a whole */
  complain(code: Code, setting: SpecPath, message: string, help: string): void;
}

/** @param report takes the same thing once */
export function inEachPlacement<Settings>(
  architecture: Architecture,
  path: SpecPath,
  report: Report,
): Checked<Settings>[] {
  const { spec } = architecture;
  return placementsWith(architecture, path).map((placement) => {
    const { environment } = placement;
    return {
      name: String(path.at(-1)),
      path,
      settings: settingsIn(spec, path, environment) as unknown as Settings,
      architecture,
      placement,
      isSet: (...setting) => originOf(spec, path, environment, setting).by !== "schema",
      isLeftOut: (...setting) =>
        layersOf(path, environment).some((layer) => isPruned(spec, [...layer, ...setting])),
      complain: (code, setting, message, help) =>
        report({
          code,
          message,
          help,
          at: setting.length > 0 ? placeOfSetting(spec, path, environment, setting) : inSpec(path, "key"),
        }),
    };
  });
}

/** A key, and why a workload has no use for it. */
export interface Unfit {
  readonly setting: SpecPath;
  /** Asked only where the key is set. */
  message(): string;
  readonly help: string;
}

/**
 * Reports keys that no placement has a use for of those that take them from the same line: what is said in general may
 * be for some environments only.
 *
 * @param all a workload in each of its placements
 * @param unfitOf the keys it has no use for; those that are not set don't count
 */
export function reportUnfit<Settings>(
  all: readonly Checked<Settings>[],
  unfitOf: (checked: Checked<Settings>) => readonly Unfit[],
  report: Report,
): void {
  const unfit = all.map(
    (checked) =>
      new Map(
        unfitOf(checked)
          .filter(({ setting }) => checked.isSet(...setting))
          .map((each) => [lineOf(checked, each.setting), each]),
      ),
  );
  for (const [index, found] of unfit.entries()) {
    for (const [line, { setting, message, help }] of found) {
      const takes = all.map((checked) => lineOf(checked, setting) === line);
      if (takes.some((isTaken, other) => isTaken && !unfit[other]?.has(line))) continue;
      report({
        code: "unfit-key",
        message: message(),
        help,
        at: inSpec(placeOf(all[index] as Checked<Settings>, setting)),
      });
    }
  }
}

const lineOf = <Settings>(checked: Checked<Settings>, setting: SpecPath): string =>
  formatPath(placeOf(checked, setting));

const placeOf = <Settings>(
  { architecture, path, placement }: Checked<Settings>,
  setting: SpecPath,
): SpecPath => originOf(architecture.spec, path, placement.environment, setting).path;
