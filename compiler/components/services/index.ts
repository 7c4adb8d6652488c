/** Services: containers in the cluster of each environment. Each is a stack set of its own. */
import type { ResourceType } from "../../cfn/resources.ts";
import type { Component, Context } from "../../component.ts";
import type { Connection } from "../../connection.ts";
import type { Demands } from "../../demands.ts";
import type { Entry } from "../../entries.ts";
import { type Handle, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { networkOutputs } from "../network/index.ts";
import { isOwnImage, REGISTRY } from "../registry/names.ts";
import { addClientGroup, addUses } from "../workload/client.ts";
import { connectInternally, routesOf } from "../workload/requests.ts";
import { checkServices } from "./check.ts";
import { observeService } from "./observe.ts";
import { serviceOutputs, stackSetOf } from "./outputs.ts";
import { addRequests } from "./requests.ts";
import { addSchedule } from "./schedule.ts";
import { addService } from "./service.ts";
import { formOf, isStaged, type ServiceSettings, servicesPath } from "./settings.ts";
import { addShell } from "./shell.ts";
import { addTask, addTaskRole } from "./task.ts";

/** What a service is built of: its stack, and the names it may need. */
export interface ServiceContext extends Context<ServiceSettings, undefined> {
  readonly stack: Stack;
  /** The service's name in the spec. */
  readonly service: string;
  /** In a sentence: `the service api`. */
  readonly what: string;
  /** What it uses, by name. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** The group its tasks are in. */
  readonly group: Handle<"AWS::EC2::SecurityGroup">;
  /** The role its containers have. */
  readonly role: Handle<"AWS::IAM::Role">;
  /** What lets it use what it uses, there before any task of it. */
  readonly rights: readonly Handle<ResourceType>[];
}

/** In every placement, whatever form the service has there: a list, and what identifies resources, can't be had by some alone. */
const EXPECTED = [clusterOutputs.arn, clusterOutputs.name, networkOutputs.privateSubnetIds];

export const services: Component<ServiceSettings, undefined> = {
  path: servicesPath,
  isMap: true,
  check: checkServices,
  demands: demandsOf,
  stackSetOf,
  connect: connectInternally,
  observe: observeService,
  build(base) {
    const { name, path, settings } = base;
    const service = String(path.at(-1));
    const what = `the service ${service}`;
    const stack = new Stack(name, stackSetOf(service), `The service ${service}`, path);
    if (isOwnImage(settings.image)) stack.after(REGISTRY);
    for (const output of EXPECTED) stack.expects(output);
    const group = addClientGroup(stack, what, `${name}-${base.placement.environment}-${service}`);
    const connections = new Map(settings.uses.toSorted().map((used) => [used, base.connect(used)]));
    const role = addTaskRole(stack, what);
    const rights = addUses(stack, { what, group, role }, connections, () => [...path, "uses"]);
    if (settings.shell) rights.push(addShell({ stack, role, path }));
    const context = { ...base, stack, service, what, connections, group, role, rights };
    const task = addTask(context);
    if (formOf(settings) === "service") addService(context, task, addRequests(context));
    else if (settings.schedule) addSchedule(context, settings.schedule, task);
    const outputs = serviceOutputs(service);
    stack.publish(outputs.taskDefinitionArn, task.definition.ref);
    stack.publish(outputs.securityGroupId, group.att("GroupId"));
    addAlarms(base, stack);
    return [stack.build()];
  },
};

/** Where parts are wrong and left out, it demands what is left. */
function demandsOf({ settings }: Entry<ServiceSettings>): Demands {
  const { uses = [], secrets = [], variables = {}, image } = settings;
  return {
    cluster: true,
    isInNetwork: true,
    uses,
    secrets,
    variables: Object.keys(variables),
    ...(image !== undefined && isOwnImage(image) && { images: [image] }),
    routes: routesOf(settings),
    ...(isStaged(settings) && { targetGroups: 2 }),
  };
}
