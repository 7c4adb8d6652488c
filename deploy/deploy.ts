/** Deploys a spec: every stack set after those it depends on, those that are independent side by side. */
import pLimit from "p-limit";
import { type Applied, apply, type Deployment } from "./apply.ts";
import { explain, Interrupted } from "./errors.ts";
import type { Failure } from "./failure.ts";
import type { DesiredStackSet } from "./manifest.ts";
import type { Touched } from "./operation.ts";

/** What became of a stack set that was meant. */
export interface Deployed {
  readonly stackSet: string;
  readonly outcome: Applied["outcome"] | "interrupted" | "not-started";
  readonly failures: readonly Failure[];
  readonly difference?: Applied["difference"];
  readonly notSeen?: Applied["notSeen"];
  readonly touched?: Touched;
}

/** Stack sets worked on at a time: AWS allows few calls a second, and waiting costs little. */
const SIDE_BY_SIDE = 20;

/**
 * Deploys stack sets. One that fails keeps back those that depend on it, and no others.
 *
 * @param stackSets each after those it depends on
 * @param ended takes each as soon as it is known what became of it
 */
export async function deploy(
  work: Deployment,
  stackSets: readonly DesiredStackSet[],
  ended: (result: Deployed) => void = () => {},
): Promise<Deployed[]> {
  const limit = pLimit(SIDE_BY_SIDE);
  const running = new Map<string, Promise<Deployed>>();
  const touched = new Map<string, Touched>();
  for (const desired of stackSets) {
    const producers = desired.dependsOn.flatMap((name) => running.get(name) ?? []);
    running.set(
      desired.name,
      Promise.all(producers).then(async (before) => {
        const missing = before.filter((producer) => !isGood(producer));
        const result =
          missing.length > 0 || work.signal.aborted
            ? ({ stackSet: desired.name, outcome: "not-started", failures: [] } as const)
            : await limit(() => attempt(work, desired, touched));
        ended(result);
        return result;
      }),
    );
  }
  return Promise.all(running.values());
}

/** Whether a stack set is as it should be. */
export const isGood = ({ outcome }: Deployed): boolean =>
  outcome === "unchanged" || outcome === "deployed" || outcome === "refreshed";

/** @param touched takes what was updated or made */
async function attempt(
  work: Deployment,
  desired: DesiredStackSet,
  touched: Map<string, Touched>,
): Promise<Deployed> {
  const stackSet = desired.name;
  try {
    const applied = await apply(work, desired, touched);
    touched.set(stackSet, applied.touched);
    return { stackSet, ...applied };
  } catch (error) {
    if (error instanceof Interrupted || work.signal.aborted)
      return { stackSet, outcome: "interrupted", failures: [] };
    const message = explain(error);
    if (message === undefined) throw error;
    return { stackSet, outcome: "failed", failures: [{ stackSet, message, help: helpFor(message) }] };
  }
}

function helpFor(message: string): string {
  if (/landform bootstrap/.test(message)) return "then run `landform deploy` again";
  if (/role/i.test(message) && /invalid|assume|PassRole/i.test(message))
    return "`landform bootstrap` makes the roles that deploying needs; who deploys must be allowed to pass the administration role";
  return "what runs in AWS goes on; `landform deploy` goes on from there";
}
