/** Where load balancers send requests: by the rules of their listeners, to what is registered in target groups. */
import { isJsonObject, type Json } from "../../compiler/schema.ts";
import type { Resource } from "./deployment.ts";
import type { Flow } from "./flows.ts";
import { type Inventory, mistake, nameOf, neededAt, objectsAt, textAt, textsAt, within } from "./read.ts";
import { difference, isNothing, tcp } from "./traffic.ts";

const BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const LISTENER = "AWS::ElasticLoadBalancingV2::Listener";
const RULE = "AWS::ElasticLoadBalancingV2::ListenerRule";
const TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup";
const PERMISSION = "AWS::Lambda::Permission";

/** What is read here. */
export const requestTypes = [
  LISTENER,
  RULE,
  TARGET_GROUP,
  "AWS::ElasticLoadBalancingV2::ListenerCertificate",
  PERMISSION,
] as const;

/** Requests that a load balancer sends on. */
export interface Request {
  /** The load balancer. */
  readonly from: string;
  /** The listener's port. */
  readonly port: number;
  /** Which requests: `path /api/*`; `all` for a listener's default. */
  readonly which: string;
  readonly to: string;
  /** Absent for functions, which have none. */
  readonly targetPort?: number;
}

/** @param flows what passes between nodes: a request that can't be sent on is an error */
export function readRequests(inventory: Inventory, flows: readonly Flow[]): Request[] {
  return inventory.of(LISTENER).flatMap((listener) => {
    const balancer = inventory.get(textAt(listener, "LoadBalancerArn"), BALANCER, listener);
    const byDefault = objectsAt(listener, "DefaultActions").map((action) => ({ which: "all", action }));
    const byRule = inventory
      .of(RULE)
      .filter((rule) => inventory.get(textAt(rule, "ListenerArn"), LISTENER, rule) === listener)
      .flatMap((rule) =>
        objectsAt(rule, "Actions").map((action) => ({ which: describeConditions(rule), action })),
      );
    return [...byDefault, ...byRule]
      .flatMap(({ which, action }) => {
        const port = Number(neededAt(listener, "Port"));
        return targetGroupsOf(listener, action, inventory)
          .flatMap((group) => targetsOf(group, inventory))
          .map((target) => ({ from: nameOf(balancer), port, which, ...target }));
      })
      .map((request) => ({ ...request, ...(!isSentOn(request, flows) && { to: `${request.to}, in vain` }) }));
  });
}

/** Whether a request gets through to its target, or needs no network to. */
function isSentOn({ from, to, targetPort }: Request, flows: readonly Flow[]): boolean {
  if (targetPort === undefined) return true;
  return flows.some(
    (flow) =>
      flow.from === from &&
      flow.to === to &&
      flow.oddity === undefined &&
      isNothing(difference(tcp(targetPort), flow.traffic)),
  );
}

/** Types of actions that answer or sign in, and send nothing on themselves. */
const ANSWERS = ["redirect", "fixed-response", "authenticate-oidc", "authenticate-cognito", "jwt-validation"];

function targetGroupsOf(listener: Resource, action: Json, inventory: Inventory): Resource[] {
  const read = within(listener, action);
  const type = neededAt(read, "Type");
  if (ANSWERS.includes(type)) return [];
  if (type !== "forward") throw mistake(listener, `an action ${type} is not judged here`);
  const named = [
    textAt(read, "TargetGroupArn"),
    ...objectsAt(read, "ForwardConfig.TargetGroups").map((each) =>
      neededAt(within(listener, each), "TargetGroupArn"),
    ),
  ].filter((id) => id !== undefined);
  return [...new Set(named)].map((id) => inventory.get(id, TARGET_GROUP, listener));
}

/** Who gets requests; functions have no port. */
export interface Target {
  readonly to: string;
  readonly targetPort?: number;
}

/** Those that register themselves, and those that the group names. One that has nobody leads nowhere. */
function targetsOf(group: Resource, inventory: Inventory): Target[] {
  const services = inventory.of("AWS::ECS::Service").flatMap((service) =>
    objectsAt(service, "LoadBalancers")
      .map((each) => within(service, each))
      .filter((each) =>
        ["TargetGroupArn", "AdvancedConfiguration.AlternateTargetGroupArn"].some(
          (path) => textAt(each, path) === group.id,
        ),
      )
      .map((each) => ({ to: nameOf(service), targetPort: Number(neededAt(each, "ContainerPort")) })),
  );
  const instances = inventory
    .of("AWS::AutoScaling::AutoScalingGroup")
    .filter((each) => textsAt(each, "TargetGroupARNs").includes(group.id))
    .map((each) => ({ to: nameOf(each), targetPort: Number(neededAt(group, "Port")) }));
  const targets = objectsAt(group, "Targets").map((target) =>
    readTarget(group, neededAt(within(group, target), "Id"), inventory),
  );
  const found = [...services, ...instances, ...targets];
  return found.length > 0 ? found : [{ to: "nobody" }];
}

/** A function must let load balancers invoke it, for this group or for all of its account and Region. */
function readTarget(group: Resource, id: string, inventory: Inventory): Target {
  if (textAt(group, "TargetType") !== "lambda")
    throw mistake(group, "a target by its address is not judged here");
  const lambda = inventory.get(id, "AWS::Lambda::Function", group);
  const all = `arn:aws:elasticloadbalancing:${group.region}:${group.account}:targetgroup/*`;
  const isPermitted = inventory
    .of(PERMISSION)
    .some(
      (permission) =>
        textAt(permission, "FunctionName") === id &&
        textAt(permission, "Principal") === "elasticloadbalancing.amazonaws.com" &&
        [group.id, all].includes(neededAt(permission, "SourceArn")),
    );
  return { to: isPermitted ? nameOf(lambda) : `${nameOf(lambda)}, in vain` };
}

/** `path /api/*`, `host-header a.example`; several conditions are joined by `and`. */
function describeConditions(rule: Resource): string {
  return objectsAt(rule, "Conditions")
    .map((condition) => {
      const { Field, ...values } = condition;
      return `${Field === "path-pattern" ? "path" : Field} ${scalarsIn(values).join(" or ")}`;
    })
    .toSorted()
    .join(" and ");
}

const scalarsIn = (value: Json): string[] => {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(scalarsIn) : [String(value)];
};
