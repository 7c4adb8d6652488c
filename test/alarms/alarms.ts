/** The alarms of all accounts, as they are deployed, and what is wrong with them. */
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import type { Resource } from "../reachability/deployment.ts";
import { type DocumentedDimension, documented, setOf } from "./documented.ts";

/** A metric as something uses it. */
export interface UsedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The account it is of, if not that of who uses it. */
  readonly account?: string;
}

const ALARM = "AWS::CloudWatch::Alarm";
const COMPOSITE = "AWS::CloudWatch::CompositeAlarm";

export const alarmsOf = (resources: readonly Resource[]): Resource[] =>
  resources.filter(({ type }) => type === ALARM || type === COMPOSITE);

export const nameOf = ({ place, stack, logicalId }: Resource): string => `${place} ${stack}.${logicalId}`;

/** The metrics of an alarm: its own, or those that it calculates with. */
export function metricsOf({ properties }: Resource): UsedMetric[] {
  const { Metrics } = properties;
  const all = Array.isArray(Metrics)
    ? Metrics.flatMap((query) => {
        const { MetricStat } = query as JsonObject;
        return isJsonObject(MetricStat) ? [MetricStat.Metric as JsonObject] : [];
      })
    : [properties];
  return all.map(({ Namespace, MetricName, Dimensions }) => ({
    namespace: String(Namespace),
    name: String(MetricName),
    dimensions: Object.fromEntries(
      ((Dimensions ?? []) as JsonObject[]).map(({ Name, Value }) => [String(Name), String(Value)]),
    ),
  }));
}

/** What is not documented of a metric, or refers to nothing in the same account and Region. */
export function metricMistakes(user: Resource, metric: UsedMetric, resources: readonly Resource[]): string[] {
  const { namespace, name, dimensions, account = user.account } = metric;
  if (!namespace.startsWith("AWS/") && isOwn(metric, account, resources)) return [];
  const ofNamespace = documented[namespace];
  const sets = ofNamespace?.metrics[name];
  if (!ofNamespace || !sets) return [`${namespace} ${name} is not in test/alarms/metrics.yaml`];
  const used = setOf(Object.keys(dimensions));
  if (!sets.some((set) => setOf(set) === used)) return [`${namespace} ${name} is not published by ${used}`];
  const near = resources.filter((other) => other.account === account && other.region === user.region);
  return Object.entries(dimensions).flatMap(([dimension, value]) => {
    const known = ofNamespace.dimensions[dimension];
    const isThere = known && refersTo(known, value, near);
    return isThere ? [] : [`${namespace} ${name}: ${dimension} ${value} is no resource there`];
  });
}

/** Whether a metric is one of an account's own: counted in its logs, or measured by somebody who may do so under this name. */
const isOwn = ({ namespace, name }: UsedMetric, account: string, resources: readonly Resource[]): boolean =>
  resources.some((resource) => {
    if (resource.account !== account) return false;
    const text = JSON.stringify(resource.properties);
    return resource.type === "AWS::Logs::MetricFilter"
      ? text.includes(`"MetricNamespace":"${namespace}","MetricName":"${name}"`)
      : resource.type.startsWith("AWS::IAM::") && text.includes(`"cloudwatch:namespace":"${namespace}"`);
  });

function refersTo(
  { type = "", names, attribute, suffix = "", value: only }: DocumentedDimension,
  value: string,
  resources: readonly Resource[],
): boolean {
  if (only !== undefined) return value === only;
  return resources
    .filter((resource) => new RegExp(`^${type}$`).test(resource.type))
    .some((resource) => {
      const { place, stack, logicalId, properties } = resource;
      const name = names === undefined ? undefined : properties[names];
      const id = `<${[place, stack, logicalId, ...(attribute ? [attribute] : [])].join(" ")}>`;
      return new RegExp(`^${literally(String(name ?? id))}${suffix}$`).test(value);
    });
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What is wrong with how alarms tell people: with who is told, in what words, and by which other alarms. */
export function alarmMistakes(alarm: Resource, resources: readonly Resource[], isBefore: IsBefore): string[] {
  const near = alarmsOf(resources).filter(
    ({ account, region }) => account === alarm.account && region === alarm.region,
  );
  const { AlarmName, AlarmDescription, AlarmActions, ActionsSuppressor } = alarm.properties;
  const found: string[] = [];
  if (near.filter(({ properties }) => properties.AlarmName === AlarmName).length > 1)
    found.push(`another has the name ${AlarmName}`);
  const tellers = near.filter((other) => namedBy(other, near).includes(String(AlarmName)));
  if (![alarm, ...tellers].some((teller) => isTold(teller, near))) found.push("nobody is told of it");
  if (!isTopic(AlarmActions ?? [], resources)) found.push("it tells something that is no topic there");
  if (!/^\S.{20,}/s.test(String(AlarmDescription)) || String(AlarmDescription).length > 1024)
    found.push("its description is too short or too long");
  if (alarm.type === ALARM && !/\. (First|What to do first): .+\.$/.test(String(AlarmDescription)))
    found.push("it does not say what to do first");
  const named = [
    ...namedBy(alarm, near),
    ...(ActionsSuppressor === undefined ? [] : [nameIn(ActionsSuppressor, near)]),
  ];
  for (const name of named) {
    const other = near.find(({ properties }) => properties.AlarmName === name);
    if (!other) found.push(`it names the alarm ${name}, which is not there`);
    else if (other.stack !== alarm.stack && !isBefore(other.stack, alarm.stack))
      found.push(`it names the alarm ${name}, which may not be there yet`);
  }
  return found;
}

/** Whether a stack set is deployed before another. */
export type IsBefore = (earlier: string, later: string) => boolean;

/** Whether an alarm tells somebody, or keeps another from telling what is told already. */
function isTold(alarm: Resource, near: readonly Resource[]): boolean {
  if (alarm.properties.AlarmActions !== undefined) return true;
  return near.some(
    ({ properties }) => nameIn(properties.ActionsSuppressor ?? "", near) === alarm.properties.AlarmName,
  );
}

/** The alarms whose states a composite alarm's rule asks for. */
function namedBy({ properties: { AlarmRule } }: Resource, near: readonly Resource[]): string[] {
  return [...String(AlarmRule ?? "").matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = ""]) =>
    nameIn(name, near),
  );
}

/** The name that is meant, where it was referred to by a resource too. */
function nameIn(value: Json, near: readonly Resource[]): string {
  return String(near.find(({ id }) => id === value)?.properties.AlarmName ?? value);
}

const isTopic = (actions: Json, resources: readonly Resource[]): boolean =>
  Array.isArray(actions) &&
  actions.every((action) => resources.some(({ id, type }) => id === action && type === "AWS::SNS::Topic"));

/** What is wrong with an alarm's arithmetic: an id that is not there, or that is never used. */
export function arithmeticMistakes({ properties: { Metrics } }: Resource): string[] {
  if (!Array.isArray(Metrics)) return [];
  const queries = Metrics as JsonObject[];
  const ids = queries.map(({ Id }) => String(Id));
  const expressions = queries.flatMap(({ Expression }) =>
    Expression === undefined ? [] : [String(Expression)],
  );
  const used = new Set(expressions.flatMap((text) => text.match(/\b[a-z]\w*\b/g) ?? []));
  const returned = queries.filter(({ ReturnData }) => ReturnData === true);
  return [
    ...[...used]
      .filter((id) => !ids.includes(id))
      .map((id) => `its expression has ${id}, which it does not measure`),
    ...ids.filter((id) => !used.has(id) && id !== "result").map((id) => `it measures ${id} for nothing`),
    ...(returned.length === 1 ? [] : ["it has not one result"]),
  ];
}
