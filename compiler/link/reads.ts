/** What a merged template reads that CloudFormation does not know, and which of its placements do. */
import { isExpression, isList, isScalar, Unlinked, type Value } from "../cfn/values.ts";
import type { Merged } from "../merge/merge.ts";

/** Something that is read, once for all the places it stands in. */
export interface Read {
  readonly expression: Unlinked;
  /** For each placement, in their order: whether its stack reads it. */
  readonly live: boolean[];
}

/** What is read, by `keyOf`, in the order in which placements come to read it. */
export function readsOf({ template, truthOf }: Merged, placements: number): ReadonlyMap<string, Read> {
  const reads = new Map<string, Read>();

  /** @param live the placements in which the value stands */
  const collect = (value: Value, live: readonly boolean[]): void => {
    if (isScalar(value)) return;
    if (isList(value)) {
      for (const item of value) collect(item, live);
    } else if (!isExpression(value)) {
      for (const key in value) collect(value[key] as Value, live);
    } else if (value instanceof Unlinked) {
      const key = keyOf(value);
      const read = reads.get(key) ?? { expression: value, live: live.map(() => false) };
      reads.set(key, read);
      for (const [placement, isLive] of live.entries()) read.live[placement] ||= isLive;
    } else if (value.fn === "Fn::If") {
      const [condition, then, otherwise] = value.argument as [string, Value, Value];
      const truth = truthOf(condition);
      const where = (wanted: boolean) => live.map((isLive, index) => isLive && truth[index] === wanted);
      collect(then, where(true));
      collect(otherwise, where(false));
    } else {
      collect(value.argument, live);
    }
  };

  const everywhere = Array.from({ length: placements }, () => true);
  for (const { Condition, Properties } of Object.values(template.Resources))
    collect(Properties, Condition === undefined ? everywhere : truthOf(Condition));
  const first = ({ live }: Read) => live.indexOf(true);
  return new Map([...reads].sort(([, a], [, b]) => first(a) - first(b)));
}

/** The same for the same thing, wherever it is read. */
export const keyOf = ({ fn, argument }: Unlinked): string => `${fn} ${argument}`;
